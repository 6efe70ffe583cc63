import { expect, test } from 'vitest';
import type { Call, Notes } from '../src/index.ts';
import { changesBetween } from '../src/calls/changes.ts';
import { ended, established, INCOMING } from './support/views.ts';
import type { World } from './support/world.ts';
import { codeOf, connected, eventsOf } from './support/world.ts';

async function inCall(world: World, more: Parameters<typeof established>[0] = {}): Promise<Call> {
  const call = await world.incoming({ media: more.media ?? 'audio' });
  const accepting = call.accept();
  await world.pass();
  world.server.show(established(more));
  await world.done(accepting);
  return call;
}

type State = 'outgoing' | 'incoming' | 'established';

async function callIn(state: State, world: World): Promise<Call> {
  switch (state) {
    case 'outgoing':
      return world.outgoing();
    case 'incoming':
      return world.incoming();
    case 'established':
      return inCall(world);
  }
}

test.each<[State, 'accept' | 'refuse' | 'cancel']>([
  ['outgoing', 'accept'],
  ['outgoing', 'refuse'],
  ['incoming', 'cancel'],
  ['established', 'cancel'],
  ['established', 'refuse'],
])('%s: %s is in the wrong state, and says nothing', async (state, command) => {
  const world = await connected();
  const call = await callIn(state, world);
  const before = world.server.heard.length;
  expect(await codeOf(call[command]())).toBe('wrong-state');
  expect(world.server.heard).toHaveLength(before);
  expect(call.state).not.toBe('ended');
});

test.each<[State, string]>([
  ['outgoing', 'cancelled'],
  ['incoming', 'refused'],
  ['established', 'completed'],
])('%s: end says end, and the call is %s here at once', async (state, reason) => {
  const world = await connected();
  const call = await callIn(state, world);
  const ending = call.end();
  expect(call).toMatchObject({ state: 'ended', endReason: reason });
  await world.done(ending);
  expect(world.server.last('end')).toMatchObject({ call: call.id });
  expect(world.media.openMicrophones).toEqual([]);
});

test.each(['refuse', 'cancel', 'end'] as const)(
  '%s of an ended call is done already',
  async (command) => {
    const world = await connected();
    const call = await inCall(world);
    await world.done(call.end());
    await call[command]();
    expect(world.server.all('end')).toHaveLength(1);
  },
);

test('end stops everything at once; the server’s word follows with the duration', async () => {
  const world = await connected();
  const call = await inCall(world);
  const events = eventsOf(call);
  const ending = call.end();
  expect(call).toMatchObject({ state: 'ended', connection: 'none', endReason: 'completed' });
  expect(world.media.openMicrophones).toEqual([]);
  expect(world.alice1.connections).toEqual([]);
  await world.done(ending);
  expect(world.server.last('end')).not.toHaveProperty('ageMs');
  world.server.show(ended({ durationSeconds: 7 }));
  await world.pass();
  expect(call.durationSeconds).toBe(7);
  expect(events).toEqual(['ended']);
});

test('end without a connection ends here at once, and is said later with its age', async () => {
  const world = await connected();
  const call = await inCall(world);
  world.server.isReachable = false;
  world.server.wire.drop();
  await world.pass(100);
  await call.end();
  expect(call.state).toBe('ended');
  await world.pass(3000);
  world.server.isReachable = true;
  await world.pass(5000);
  const { ageMs } = world.server.last('end');
  expect(ageMs).toBeGreaterThanOrEqual(3000);
  expect(ageMs).toBeLessThan(8000);
  expect(world.server.all('hello').at(-1)?.calls).toEqual([{ id: INCOMING, version: 5 }]);
});

test('an end that the server cannot do just now is said again', async () => {
  const world = await connected();
  const call = await inCall(world);
  world.server.refuse('end', 'unavailable', { retryAfterMs: 200 });
  const ending = call.end();
  await world.pass(300);
  world.server.answers.delete('end');
  await world.done(ending);
  expect(world.server.all('end').length).toBeGreaterThan(1);
});

test('a server that has lost sight of the number of an end is told again', async () => {
  const world = await connected();
  const call = await inCall(world);
  world.server.refuse('end', 'stale');
  const ending = call.end();
  await world.pass(500);
  world.server.answers.delete('end');
  await world.done(ending);
  const [first, second] = world.server.all('end');
  expect(second?.seq).toBeGreaterThan(first!.seq);
});

test('a call that was ended with its connection, and still stands at the server, is ended there', async () => {
  const world = await connected();
  await inCall(world);
  world.server.wire.drop();
  await world.pass(10);
  world.client.disconnect();
  expect(world.client.calls).toEqual([]);
  await world.connect();
  world.server.show(established({ version: 6, epoch: 2 }));
  await world.pass();
  expect(world.server.all('end')).toMatchObject([{ call: INCOMING }]);
  expect(world.client.calls).toEqual([]);
});

test('an established call that this page does not hold is restored, with a microphone of its own', async () => {
  const world = await connected();
  const restored: Call[] = [];
  world.client.on('restored', (call) => restored.push(call));
  world.server.show(established({ epoch: 2, connectedMs: 1000 }));
  await world.pass();
  expect(restored).toHaveLength(1);
  expect(restored[0]).toMatchObject({
    restored: true,
    state: 'established',
    connection: 'reconnecting',
  });
  expect(world.media.openMicrophones).toEqual(['alice1']);
  expect(world.server.all('ring')).toEqual([]);
});

test('a restored call goes on without a microphone when it is denied, and says so', async () => {
  const world = await connected();
  world.alice1.microphone = 'denied';
  let events: string[] = [];
  world.client.on('restored', (call) => (events = eventsOf(call)));
  world.server.show(established());
  await world.pass();
  expect(events).toEqual(['problem microphone-denied']);
  expect(world.alice1.connections).toHaveLength(1);
});

test('the peer’s device goes away and comes back', async () => {
  const world = await connected({ media: null, signallingOnly: true });
  const call = await inCall(world, { connectedMs: 0 });
  const events = eventsOf(call);
  expect(call.connection).toBe('connected');
  world.server.show(established({ version: 6, connectedMs: 10, peerGraceMs: 30_000 }));
  await world.pass();
  expect(call.connection).toBe('reconnecting');
  world.server.show(established({ version: 7, connectedMs: 20 }));
  await world.pass();
  expect(events).toEqual(['reconnecting', 'reconnected']);
});

test('a signalling-only client reports media once in each epoch', async () => {
  const world = await connected({ media: null, signallingOnly: true });
  await inCall(world);
  world.server.show(established({ version: 6, connectedMs: 1 }));
  world.server.show(established({ version: 7, epoch: 2 }));
  await world.pass();
  expect(world.server.all('connected').map(({ epoch }) => epoch)).toEqual([1, 2]);
});

test('a client without media that was not told to pretend reports nothing', async () => {
  const world = await connected({ media: null });
  await inCall(world);
  await world.pass();
  expect(world.server.all('connected')).toEqual([]);
});

test('connectedAt counts back from the view, and from the way that it took, give or take one more', async () => {
  const world = await connected({ media: null, signallingOnly: true });
  const call = await inCall(world);
  expect(call.connectedAt).toBeUndefined();
  world.server.show(established({ version: 6, connectedMs: 5000 }));
  await world.pass(20);
  // 20 ms each way: the device knows the server's time no better.
  const since = world.clock.now() - (call.connectedAt ?? 0);
  expect([since >= 5000, since <= 5040]).toEqual([true, true]);
});

test('a listener that ends the call is the last to be told of the change', async () => {
  const world = await connected({ media: null, signallingOnly: true });
  const call = await world.incoming();
  const events: string[] = [];
  call.on('accepted', () => {
    events.push('accepted');
    void call.end();
  });
  call.on('connected', () => events.push('connected'));
  call.on('ended', () => events.push('ended'));
  void call.accept().catch(() => {});
  world.server.show(established({ connectedMs: 0 }));
  await world.pass();
  expect(events).toEqual(['accepted', 'ended']);
});

test('what happened between two looks', () => {
  const at = (state: Call['state'], connection: Call['connection'] = 'none') => ({
    state,
    connection,
    media: 'audio' as const,
    holds: '',
    videoRequestedBy: undefined,
  });
  const talking = at('established', 'connected');
  const seen = { ...talking, media: 'video' } as const;
  const asking = { ...talking, videoRequestedBy: 'self' } as const;
  const asked = { ...talking, videoRequestedBy: 'peer' } as const;
  const table = [
    [at('inviting'), at('inviting'), []],
    [at('inviting'), at('ringing'), ['ringing']],
    [at('inviting'), at('established', 'connecting'), ['accepted']],
    [at('ringing'), at('established', 'connected'), ['accepted', 'connected']],
    [at('established', 'connecting'), at('established', 'connected'), ['connected']],
    [at('established', 'connected'), at('established', 'reconnecting'), ['reconnecting']],
    [at('established', 'reconnecting'), at('established', 'connected'), ['reconnected']],
    [at('established', 'connected'), at('established', 'connected'), []],
    [at('established', 'connected'), at('ended'), ['ended']],
    [at('ended'), at('ended'), []],
    [talking, { ...talking, holds: 'held' }, ['holdChanged']],
    [seen, { ...talking, holds: 'held' }, ['holdChanged', 'videoRemoved']],
    [talking, seen, ['videoAdded']],
    [seen, talking, ['videoRemoved']],
    [talking, asking, []],
    [talking, asked, ['videoRequested']],
    [asking, talking, ['videoRefused']],
    [asked, talking, ['videoRefused']],
    [asked, seen, ['videoAdded']],
    [at('ringing'), { ...asked, connection: 'connecting' }, ['accepted', 'videoRequested']],
    [at('ringing'), { ...seen, connection: 'connecting' }, ['accepted']],
    [asked, at('ended'), ['ended']],
  ] as const;
  for (const [before, after, changes] of table) {
    expect(changesBetween(before, after)).toEqual(changes);
  }
});

/** A note that outlives the pages of a test. */
function notebook(): Notes {
  let text: string | null = null;
  return { read: () => text, write: (next) => (text = next) };
}

test('a call that its user left while the server was away does not come back with the next page', async () => {
  const notes = notebook();
  const world = await connected({ notes });
  const call = await inCall(world);
  world.server.isReachable = false;
  world.server.wire.drop();
  await world.pass();
  await call.end();
  world.client.disconnect();
  const next = await connected({ notes });
  const restored: Call[] = [];
  next.client.on('restored', (each) => restored.push(each));
  next.server.show(established());
  await next.pass();
  expect(next.server.last('end')).toMatchObject({ call: call.id });
  expect([restored, next.media.openMicrophones]).toEqual([[], []]);
  next.server.show(ended());
  await next.pass();
  expect(notes.read()).toBe('[]');
});

test('a call taken up by a page loaded anew is as muted, and its camera as dark, as it was', async () => {
  const notes = notebook();
  const world = await connected({ notes });
  const call = await inCall(world, { media: 'video' });
  call.mute();
  await world.done(call.camera(false));
  const next = await connected({ notes });
  const restored: Call[] = [];
  next.client.on('restored', (each) => restored.push(each));
  next.server.show(established({ media: 'video', epoch: 2 }));
  await next.pass();
  expect(restored[0]).toMatchObject({ muted: true, cameraOn: false });
  expect(next.media.openCameras).toEqual([]);
  // Its clone is what the peer gets; the source behind it stays as the browser gave it.
  const clones = next.alice1.tracks.filter(({ id }) => id.includes('.'));
  expect(clones.map(({ kind, enabled }) => [kind, enabled])).toEqual([['audio', false]]);
});

test.each(['nonsense', '{}', '[1]'])('a note that says %j counts as nothing', async (text) => {
  const world = await connected({ notes: { read: () => text, write: () => {} } });
  const restored: Call[] = [];
  world.client.on('restored', (each) => restored.push(each));
  world.server.show(established());
  await world.pass();
  expect(restored).toHaveLength(1);
});
