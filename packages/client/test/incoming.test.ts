import { HEARTBEAT_MS } from '@ringline/protocol';
import { expect, test } from 'vitest';
import type { Call } from '../src/index.ts';
import { ended, established, INCOMING, ringing } from './support/views.ts';
import { codeOf, connected, eventsOf } from './support/world.ts';

test('an incoming call is handed to the app, and reported as alerting', async () => {
  const world = await connected();
  const calls: Call[] = [];
  world.client.on('incoming', (call) => calls.push(call));
  await world.incoming({ content: 'about lunch' });
  expect(calls).toHaveLength(1);
  expect(calls[0]).toMatchObject({ id: INCOMING, direction: 'incoming', content: 'about lunch' });
  expect(calls[0]?.peer.name).toBe('Bob');
  expect(world.server.all('ring')).toMatchObject([{ call: INCOMING, receipt: 'alerting' }]);
});

test('a call that nobody listens to is not reported, and waits for the first listener', async () => {
  const world = await connected();
  await world.incoming();
  expect(world.server.all('ring')).toEqual([]);
  const calls: Call[] = [];
  world.client.on('incoming', (call) => calls.push(call));
  await world.pass();
  expect(calls).toHaveLength(1);
  expect(world.server.all('ring')).toHaveLength(1);
});

test('the app can say that it makes no sound, instead of the report of the SDK', async () => {
  const world = await connected();
  world.client.on('incoming', (call) => void call.reportRinging('silent', 'autoplay-blocked'));
  await world.incoming();
  expect(world.server.all('ring')).toMatchObject([
    { receipt: 'silent', silence: 'autoplay-blocked' },
  ]);
});

test('after a reconnect a call that still rings is reported again', async () => {
  const world = await connected();
  world.client.on('incoming', () => {});
  await world.incoming();
  world.server.wire.drop();
  await world.pass(2000);
  expect(world.server.all('ring')).toHaveLength(2);
});

test('accept opens the microphone first, tells the server then, and resolves when established', async () => {
  const world = await connected();
  world.server.silentOn.add('accept');
  const call = await world.incoming();
  const events = eventsOf(call);
  const accepting = call.accept({ response: 'hi' });
  await world.pass(1);
  expect(world.server.all('accept')).toEqual([]);
  await world.pass();
  expect(world.media.openMicrophones).toEqual(['alice1']);
  expect(world.server.last('accept')).toMatchObject({ call: INCOMING, response: 'hi' });
  expect(world.alice1.connections).toEqual([]);
  world.server.show(established({ response: 'hi' }));
  world.server.answer(world.server.last('accept'));
  await world.done(accepting);
  expect(call).toMatchObject({ state: 'established', connection: 'connecting', response: 'hi' });
  expect(events).toEqual(['accepted']);
  expect(world.alice1.connections).toHaveLength(1);
});

test('accept twice is one accept', async () => {
  const world = await connected();
  const call = await world.incoming();
  const both = Promise.all([call.accept(), call.accept()]);
  await world.pass();
  world.server.show(established());
  await world.done(both);
  await world.done(call.accept());
  expect(world.server.all('accept')).toHaveLength(1);
});

test('a denied microphone rejects, sends nothing, and leaves the call ringing', async () => {
  const world = await connected();
  const call = await world.incoming();
  world.alice1.microphone = 'denied';
  expect(await world.done(codeOf(call.accept()))).toBe('microphone-denied');
  expect(world.server.all('accept')).toEqual([]);
  expect(call.state).toBe('inviting');
  world.alice1.microphone = 'granted';
  const again = call.accept();
  await world.pass();
  world.server.show(established());
  await world.done(again);
  expect(call.state).toBe('established');
});

test.each([
  ['audio', 'missing', 'no-device'],
  ['video', 'missing', 'no-device'],
  ['video', 'denied', 'camera-denied'],
] as const)('answering %s with a %s device rejects with %s', async (media, permission, code) => {
  const world = await connected();
  const call = await world.incoming({ media });
  if (media === 'audio') world.alice1.microphone = permission;
  else world.alice1.camera = permission;
  expect(await world.done(codeOf(call.accept()))).toBe(code);
});

test('a device that loses the race lets its microphone go at once', async () => {
  const world = await connected();
  world.server.refuse('accept', 'answered-elsewhere');
  const call = await world.incoming();
  expect(await world.done(codeOf(call.accept()))).toBe('answered-elsewhere');
  expect(world.media.openMicrophones).toEqual([]);
  world.server.show(ended({ version: 2, reason: 'answered-elsewhere' }));
  await world.pass();
  expect(call.endReason).toBe('answered-elsewhere');
  expect(await codeOf(call.accept())).toBe('answered-elsewhere');
});

test('when the call ends while the user still looks for the microphone, nothing is sent and nothing stays open', async () => {
  const world = await connected();
  const call = await world.incoming();
  world.server.show(ended({ version: 2, reason: 'cancelled' }));
  await world.pass(15);
  expect(await world.done(codeOf(call.accept()))).toBe('wrong-state');
  expect(world.server.all('accept')).toEqual([]);
  expect(world.media.openMicrophones).toEqual([]);
  expect(call.endReason).toBe('cancelled');
});

test('a video call answered as audio opens no camera', async () => {
  const world = await connected();
  const call = await world.incoming({ media: 'video' });
  const accepting = call.accept({ media: 'audio' });
  await world.pass();
  expect(world.media.openCameras).toEqual([]);
  expect(world.server.last('accept')).toMatchObject({ media: 'audio' });
  world.server.show(established({ media: 'audio' }));
  await world.done(accepting);
  expect(call.media).toBe('audio');
});

test('an accept that was done before a reconnect, and is answered as stale, is believed from the view', async () => {
  const world = await connected();
  world.server.refuse('accept', 'stale');
  const call = await world.incoming();
  const accepting = call.accept();
  await world.pass();
  world.server.show(established());
  await world.done(accepting);
  expect(call.state).toBe('established');
});

test('an accept without an answer is given up, and its microphone let go', async () => {
  const world = await connected();
  world.server.silentOn.add('accept');
  const call = await world.incoming();
  expect(await world.done(codeOf(call.accept()))).toBe('timeout');
  expect(world.media.openMicrophones).toEqual([]);
  expect(call.state).toBe('inviting');
});

test('ringing stops by itself when its time is over', async () => {
  const world = await connected();
  const call = await world.incoming({ remainingMs: 3000 });
  const events = eventsOf(call);
  await world.pass(2800);
  expect(call.state).toBe('inviting');
  await world.pass(300);
  expect(call).toMatchObject({ state: 'ended', endReason: 'expired' });
  expect(events).toEqual(['ended']);
  expect(world.client.calls).toEqual([]);
});

test('the server knows the end of a call better than this device', async () => {
  const world = await connected();
  const call = await world.incoming({ remainingMs: 500 });
  const events = eventsOf(call);
  await world.pass(600);
  expect(call.endReason).toBe('expired');
  world.server.show(ended({ reason: 'cancelled' }));
  await world.pass();
  expect(call.endReason).toBe('cancelled');
  expect(events).toEqual(['ended']);
});

test('a call that ended here and was established after all is hung up', async () => {
  const world = await connected();
  const call = await world.incoming({ remainingMs: 500 });
  await world.pass(600);
  world.server.show(established());
  await world.pass();
  expect(world.server.all('end')).toMatchObject([{ call: call.id }]);
  expect(call.state).toBe('ended');
  expect(world.media.openMicrophones).toEqual([]);
});

test.each([
  [{}, { everywhere: true }],
  [
    { everywhere: false, reason: 'busy here' },
    { everywhere: false, response: 'busy here' },
  ],
])('refuse %j says %j and ends the call here at once', async (options, said) => {
  const world = await connected();
  const call = await world.incoming();
  const events = eventsOf(call);
  const refusing = call.refuse(options);
  expect(call).toMatchObject({ state: 'ended', endReason: 'refused' });
  await world.done(refusing);
  await world.done(call.refuse());
  expect(world.server.all('refuse')).toMatchObject([{ call: INCOMING, ...said }]);
  expect(events).toEqual(['ended']);
});

test('older and repeated views change nothing', async () => {
  const world = await connected();
  const call = await world.incoming({ version: 3, state: 'ringing' });
  let changes = 0;
  call.on('stateChanged', () => changes++);
  world.server.show(ringing({ version: 2 }));
  world.server.show(ringing({ version: 3 }));
  await world.pass();
  expect(call.state).toBe('ringing');
  expect(changes).toBe(0);
});

test('a late view of a call that is over does not ring again', async () => {
  const world = await connected();
  const calls: Call[] = [];
  world.client.on('incoming', (call) => calls.push(call));
  await world.incoming();
  world.server.show(ended());
  world.server.show(ringing({ version: 2 }));
  await world.pass();
  expect(calls).toHaveLength(1);
  expect(world.client.calls).toEqual([]);
});

test('calls that the server does not know any more end here', async () => {
  const world = await connected();
  const call = await world.incoming();
  world.server.welcome = { gone: [INCOMING] };
  world.server.wire.drop();
  await world.pass(2000);
  expect(call).toMatchObject({ state: 'ended', endReason: 'expired' });
  expect(world.client.getCall(INCOMING)).toBeUndefined();
});

test('[CON9] a call that was held up with the answer to one question rings no longer because another was asked since', async () => {
  const world = await connected();
  await world.pass(HEARTBEAT_MS - 10);
  world.server.wire.stall(4_000, 'client');
  await world.pass(1_000);
  world.server.show(ringing({ remainingMs: 8_000 }));
  await world.pass(2_500);
  world.changeNetwork();
  await world.pass(600);
  const call = world.client.getCall(INCOMING);
  expect(call?.state).toBe('inviting');
  await world.pass(5_200);
  expect(call).toMatchObject({ state: 'ended', endReason: 'expired' });
});

test('[CON7] a device that reconnects over a slow path still knows the time of the server: a call that was held up rings no longer', async () => {
  const world = await connected();
  world.server.wire.drop();
  while (world.server.wires.length < 2) await world.pass(50);
  world.server.wire.stall(6_000, 'client');
  await world.pass(200);
  // The server has said welcome, and both are on their way.
  world.server.show(ringing({ remainingMs: 8_000 }));
  await world.pass(6_000);
  const call = world.client.getCall(INCOMING);
  expect(call?.state).toBe('inviting');
  await world.pass(2_200);
  expect(call).toMatchObject({ state: 'ended', endReason: 'expired' });
});
