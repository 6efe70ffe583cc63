import { FakeMedia, VirtualClock } from '@ringline/testkit';
import type { FakePeerConnection } from '@ringline/testkit';
import { expect, test } from 'vitest';
import type { Clock } from '../src/index.ts';
import type { FlowExpectation } from '../src/negotiation/flow-watch.ts';
import { FlowWatch } from '../src/negotiation/flow-watch.ts';

const clock = new VirtualClock();
/** The timers of a page that has been hidden for long. */
const HIDDEN: Clock = {
  now: () => clock.now(),
  after: (_, run) => clock.after(60_000, run),
};

/** A connection that stands, from which nothing has come yet, and how often its watch said that it flows. */
function watched(
  change: (connection: FakePeerConnection) => void = () => {},
  timers: Clock = clock,
  expectation: FlowExpectation = {},
) {
  const connection = new FakeMedia(clock).device('alice1').createPeerConnection();
  connection.addTransceiver('audio');
  connection.connectionState = 'connected';
  change(connection);
  const told = { times: 0 };
  const watch = new FlowWatch(timers, connection, expectation, () => told.times++);
  watch.start();
  return { connection, watch, told };
}

test('the first packet tells it, once', async () => {
  const { connection, told } = watched();
  await clock.advanceAsync(500);
  expect(told.times).toBe(0);
  connection.getTransceivers()[0]!.receiver.packetsReceived = 1;
  await clock.advanceAsync(5000);
  expect(told.times).toBe(1);
});

test('a track that was unmuted has had its packet', async () => {
  const { connection, told } = watched();
  connection.getTransceivers()[0]!.receiver.track.muted = false;
  await clock.advanceAsync(200);
  expect(told.times).toBe(1);
});

test('a connection that stands flows after three seconds: the peer may have no track', async () => {
  const { told } = watched();
  await clock.advanceAsync(2900);
  expect(told.times).toBe(0);
  await clock.advanceAsync(300);
  expect(told.times).toBe(1);
});

test('a connection that broke meanwhile does not flow until it is back', async () => {
  const { connection, told } = watched();
  connection.connectionState = 'disconnected';
  await clock.advanceAsync(10_000);
  expect(told.times).toBe(0);
  connection.connectionState = 'connected';
  await clock.advanceAsync(200);
  expect(told.times).toBe(1);
});

test('where there are no statistics, a connection that stands flows', async () => {
  const { told } = watched((connection) => Object.assign(connection, { getStats: undefined }));
  await clock.settle();
  expect(told.times).toBe(1);
});

test('what is stopped tells nothing', async () => {
  const { watch, told } = watched();
  watch.stop();
  await clock.advanceAsync(10_000);
  expect(told.times).toBe(0);
  expect(clock.pending).toBe(0);
});

test('the track tells of its first packet where timers come once a minute', async () => {
  const { connection, told } = watched(() => {}, HIDDEN);
  await clock.advanceAsync(1000);
  expect(told.times).toBe(0);
  connection.getTransceivers()[0]!.receiver.track.muted = false;
  await clock.settle();
  expect(told.times).toBe(1);
});

test('a connection that came back is looked at when it has, not when the next timer comes', async () => {
  const { connection, watch, told } = watched(() => {}, HIDDEN);
  await clock.advanceAsync(5000);
  connection.getTransceivers()[0]!.receiver.packetsReceived = 1;
  watch.start();
  await clock.settle();
  expect(told.times).toBe(1);
});

/** Something has come in before the watch began. */
function spoken(connection: FakePeerConnection): void {
  const { receiver } = connection.getTransceivers()[0]!;
  receiver.packetsReceived = 7;
  receiver.track.muted = false;
}

test('watched again, what had sent before flows with its next packet only, however long that takes', async () => {
  const { connection, told } = watched(spoken, clock, { isAgain: true });
  await clock.advanceAsync(60_000);
  expect(told.times).toBe(0);
  connection.getTransceivers()[0]!.receiver.packetsReceived = 8;
  await clock.advanceAsync(200);
  expect(told.times).toBe(1);
});

test('watched again, what never sent flows after three seconds', async () => {
  const { told } = watched(() => {}, clock, { isAgain: true });
  await clock.advanceAsync(3200);
  expect(told.times).toBe(1);
});

test('watched again, a peer that may have lost its microphone flows after three seconds', async () => {
  const { told } = watched(spoken, clock, { isAgain: true, mayBeSilent: true });
  await clock.advanceAsync(2900);
  expect(told.times).toBe(0);
  await clock.advanceAsync(300);
  expect(told.times).toBe(1);
});
