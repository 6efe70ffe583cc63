import type { InboxItem } from '@ringline/protocol';
import { decodeFromServer } from '@ringline/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startFloor, startServer, stepsOf } from '../src/measured.ts';
import type { Measured } from '../src/measured.ts';
import { RawSocket } from '../src/raw-socket.ts';
import { record } from '../src/recording.ts';
import type { Recording } from '../src/recording.ts';
import { PHASES, RECORDED_PAIR, SIDES, helloOf, userOf } from '../src/scenario.ts';
import { BYTES_TO_DEVICES_PER_CALL } from '../src/scaling/measured.ts';
import { Subject } from '../src/subject.ts';
import { tokenOf } from '../src/tokens.ts';

let server: Measured;
let floor: Measured;
let recording: Recording;

beforeAll(async () => {
  server = await startServer();
  recording = await record(server.url);
  floor = await startFloor(recording);
});

afterAll(() => Promise.all([server.stop(), floor.stop()]));

test('a recorded call is completed, and its record lies in both inboxes', () => {
  const answers = recording.phases.flat().flatMap((step) => step.answers);
  for (const side of SIDES) {
    const items = answers.flatMap(({ to, text }) => (to === side ? itemsIn(text) : []));
    expect(items.map((item) => item.body)).toMatchObject([
      { kind: 'record', record: { reason: 'completed', status: 1 } },
    ]);
  }
});

test('a call sends its devices as many bytes as docs/scaling.md reckons with', () => {
  const answers = recording.phases.flat().flatMap((step) => step.answers);
  const bytes = answers.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
  expect(Math.abs(bytes / BYTES_TO_DEVICES_PER_CALL - 1)).toBeLessThan(0.05);
});

function itemsIn(text: string): readonly InboxItem[] {
  const message = decodeFromServer(text);
  return message?.type === 'inbox' ? message.items : [];
}

test('both devices have acknowledged the record, durably', async () => {
  for (const side of SIDES) {
    const socket = await RawSocket.open(server.url);
    const welcome = socket.next();
    socket.say(helloOf(side, RECORDED_PAIR, await tokenOf(userOf(side, RECORDED_PAIR))));
    expect(decodeFromServer(await welcome)).toMatchObject({ inbox: { head: 1, from: 1 } });
    socket.close();
  }
});

test('on the floor a call takes exactly the recorded frames, or it would not complete', async () => {
  const subject = await twoPairs(floor);
  const { calls, ringsMs } = await subject.callsInFlight(2, 50);
  expect(calls).toBeGreaterThanOrEqual(2);
  expect(ringsMs).toHaveLength(calls);
  subject.disconnect();
});

test('on the server too, and every message is one durable step', async () => {
  const subject = await twoPairs(server);
  const before = await stepsOf(server);
  const { calls, commits, ringsMs } = await subject.callsInFlight(2, 50);
  expect(await stepsOf(server)).toBe(before + calls * PHASES.flat().length);
  expect(commits).toBeGreaterThan(0);
  expect(ringsMs).toHaveLength(calls);
  subject.disconnect();
});

async function twoPairs(measured: Measured): Promise<Subject> {
  const subject = await Subject.of(measured, recording);
  await subject.connectPairs(2);
  return subject;
}
