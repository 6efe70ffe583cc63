import type { DeviceMessage } from '@ringline/protocol';
import { CLOSE, PING_IDLE_MS } from '@ringline/protocol';
import { expect, test } from 'vitest';
import { CALL, CALL2, established, ringing } from '../support/calls.ts';
import { TestCluster } from '../support/test-cluster.ts';
import type { TestDevice } from '../support/test-device.ts';

const FOREVER = 'alice';
const SUMMARY = { seconds: 9, mos: 4.1, mosMin: 3.9, lossRatio: 0.01 };
const HI = { kind: 'text', text: 'hi' } as const;

/** What a device may ask with an expired token, and the first words of the answer. */
const ASKED: readonly (readonly [DeviceMessage, object | undefined])[] = [
  [{ type: 'end', seq: 99, call: CALL }, { type: 'done' }],
  [{ type: 'connected', seq: 99, call: CALL, epoch: 1 }, { type: 'done' }],
  [{ type: 'hold', seq: 99, call: CALL }, { type: 'done' }],
  [{ type: 'resume', seq: 99, call: CALL }, { code: 'wrong-state' }],
  [{ type: 'answer-video', seq: 99, call: CALL, accept: true }, { code: 'wrong-state' }],
  [{ type: 'remove-video', seq: 99, call: CALL }, { type: 'done' }],
  [{ type: 'request-video', seq: 99, call: CALL }, { code: 'forbidden' }],
  [{ type: 'report-quality', seq: 99, call: CALL, summary: SUMMARY }, { type: 'done' }],
  [{ type: 'declare', seq: 99, call: CALL, microphone: false, camera: true }, { type: 'done' }],
  [{ type: 'renew-token', seq: 99, token: FOREVER }, { type: 'done' }],
  // Signals are answered only when refused.
  [
    { type: 'signal', seq: 99, call: CALL, to: 'bob1', epoch: 1, signal: { kind: 'restart' } },
    undefined,
  ],
  [{ type: 'cancel', seq: 99, call: CALL }, { code: 'wrong-state' }],
  [{ type: 'invite', seq: 99, call: CALL2, to: 'carol', media: 'audio' }, { code: 'forbidden' }],
  [{ type: 'ring', seq: 99, call: CALL, receipt: 'alerting' }, { code: 'forbidden' }],
  [{ type: 'accept', seq: 99, call: CALL }, { code: 'forbidden' }],
  [{ type: 'refuse', seq: 99, call: CALL, everywhere: true }, { code: 'forbidden' }],
  [{ type: 'send', seq: 99, to: 'bob', body: HI }, { code: 'forbidden' }],
  [{ type: 'history', seq: 99, peer: 'bob', limit: 1 }, { code: 'forbidden' }],
  [{ type: 'renew-ice', seq: 99 }, { code: 'forbidden' }],
  [{ type: 'watch', seq: 99, users: ['bob'] }, { code: 'forbidden' }],
  [
    { type: 'hello', versions: [1], token: FOREVER, device: 'alice1', calls: [] },
    { re: 0, code: 'forbidden' },
  ],
  [
    { type: 'acknowledge', cursor: 0 },
    { re: 0, code: 'forbidden' },
  ],
];

/** Alice's device is back in its established call, with a token that is over. */
async function expiredInCall(cluster: TestCluster): Promise<{ back: TestDevice; bob: TestDevice }> {
  const node = await cluster.node();
  const { alice, bob } = await established(cluster, node);
  const resumeKey = alice.welcome?.resumeKey;
  alice.wire.drop();
  await cluster.settle();
  const calls = [{ id: CALL, version: 1 }];
  const back = await cluster.device(node, 'alice until 5', 'alice1', { resumeKey, calls });
  return { back, bob };
}

test.each(ASKED.map(([message, answer]) => ({ type: message.type, message, answer })))(
  '[GTW5] with an expired token $type is answered with $answer',
  async ({ message, answer }) => {
    const cluster = new TestCluster();
    const { back } = await expiredInCall(cluster);
    back.heard.length = 0;
    back.say(message);
    await cluster.settle();
    expect([back.heard.find((told) => 're' in told)]).toMatchObject([answer]);
  },
);

test('[GTW5] with an expired token a signal arrives, and a heartbeat is answered', async () => {
  const cluster = new TestCluster();
  const { back, bob } = await expiredInCall(cluster);
  const signal = { kind: 'restart' } as const;
  back.ask({ type: 'signal', call: CALL, to: 'bob1', epoch: 1, signal });
  back.say({ type: 'heartbeat', calls: [] });
  await cluster.settle();
  expect(bob.heard.at(-1)).toMatchObject({ type: 'signal', from: 'alice1' });
  expect(back.heard.at(-1)).toMatchObject({ type: 'alive' });
});

test('[GTW5] with an expired token the caller cancels what still rings', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const { alice } = await ringing(cluster, node);
  const resumeKey = alice.welcome?.resumeKey;
  alice.wire.drop();
  await cluster.settle();
  const back = await cluster.device(node, 'alice until 5', 'alice1', { resumeKey });
  const seq = back.ask({ type: 'cancel', call: CALL });
  await cluster.settle();
  expect(back.answerTo(seq)).toMatchObject({ type: 'done' });
  expect(await cluster.store.call(CALL)).toMatchObject({ state: 'ended', reason: 'cancelled' });
});

test('[GTW5] nothing of the inbox is sent before the token is renewed, and all of it after', async () => {
  const cluster = new TestCluster();
  const { back, bob } = await expiredInCall(cluster);
  bob.ask({ type: 'send', to: 'alice', body: HI });
  await cluster.settle();
  back.say({ type: 'heartbeat', calls: [] });
  await cluster.settle();
  expect(back.items).toEqual([]);
  back.ask({ type: 'renew-token', token: FOREVER });
  await cluster.settle();
  expect(back.items).toMatchObject([{ cursor: 1, body: HI }]);
});

test.each(['bob', 'alice ', 'alice until 5'])(
  '[GTW18] the token %j does not renew: it is refused, and the old one runs out',
  async (token) => {
    const cluster = new TestCluster();
    const soon = cluster.clock.now() + 1_000;
    const alice = await cluster.device(await cluster.node(), `alice until ${soon}`, 'alice1');
    const renewed = alice.ask({ type: 'renew-token', token });
    await cluster.settle();
    expect(alice.answerTo(renewed)).toMatchObject({ code: 'unauthorized', path: 'token' });
    await cluster.clock.advanceAsync(2_000);
    const seq = alice.invite(CALL, 'bob');
    await cluster.settle();
    expect(alice.answerTo(seq)).toMatchObject({ code: 'forbidden' });
    await cluster.clock.advanceAsync(2 * PING_IDLE_MS);
    expect(alice.closedWith).toBe(CLOSE.unauthorized.code);
  },
);

test('[HBT2] a call whose end was lost keeps no expired device once it names the call no more', async () => {
  const cluster = new TestCluster();
  const { back, bob } = await expiredInCall(cluster);
  cluster.bus.publish = () => undefined;
  bob.ask({ type: 'end', call: CALL });
  await cluster.settle();
  await cluster.clock.advanceAsync(2 * PING_IDLE_MS);
  expect(back.closedWith).toBeUndefined();
  back.say({ type: 'heartbeat', calls: [] });
  await cluster.clock.advanceAsync(PING_IDLE_MS);
  expect(back.closedWith).toBe(CLOSE.unauthorized.code);
});
