import { expect, test } from 'vitest';
import type { Call, Notes } from '../src/index.ts';
import { ended, established, INCOMING, ringing } from './support/views.ts';
import type { World } from './support/world.ts';
import { codeOf, connected, eventsOf } from './support/world.ts';

/** Alice calls bob, and never hears what became of it. */
async function givesUp(world: World): Promise<void> {
  world.server.silentOn.add('invite');
  expect(await world.done(codeOf(world.client.call('bob', { media: 'video' })))).toBe('timeout');
  world.server.silentOn.delete('invite');
}

/** The calls that the app is told of. */
function toldOf({ client }: World): Call[] {
  const told: Call[] = [];
  client.on('incoming', (call) => told.push(call));
  client.on('restored', (call) => told.push(call));
  return told;
}

function expectNothing(world: World): void {
  expect(world.client.calls).toEqual([]);
  expect([world.media.openMicrophones, world.media.openCameras]).toEqual([[], []]);
  expect(world.alice1.connections).toEqual([]);
}

/** Bob's call was hung up, and the application saw nothing of it. */
function expectHungUpUnseen(world: World, told: readonly Call[]): void {
  expect(world.server.last('end').call).toBe(INCOMING);
  expect(told).toEqual([]);
  expectNothing(world);
}

function notebook(): Notes {
  let text: string | null = null;
  return { read: () => text, write: (words) => void (text = words) };
}

test('[GUP1] an invitation without an answer is cancelled, and hung up if it was answered meanwhile', async () => {
  const world = await connected();
  const told = toldOf(world);
  await givesUp(world);
  const { call: id } = world.server.last('invite');
  await world.pass();
  expect(world.server.last('cancel').call).toBe(id);
  world.server.show(established({ id, direction: 'outgoing', media: 'video' }));
  await world.pass();
  expect(world.server.last('end').call).toBe(id);
  expect(told).toEqual([]);
  expectNothing(world);
});

test('[GUP1] a client that disconnects with an invitation on its way takes it back when it connects again', async () => {
  const world = await connected();
  const told = toldOf(world);
  world.server.silentOn.add('invite');
  const calling = codeOf(world.client.call('bob'));
  await world.pass();
  world.client.disconnect();
  expect(await world.done(calling)).toBe('not-connected');
  await world.connect();
  await world.pass();
  expect(world.server.last('cancel').call).toBe(world.server.last('invite').call);
  world.server.show(established());
  await world.pass();
  expectHungUpUnseen(world, told);
});

test('[GUP2] if it met bob’s invitation on the server, that call is hung up, and nothing of it is seen here', async () => {
  const world = await connected();
  const told = toldOf(world);
  await givesUp(world);
  world.server.show(established({ media: 'video' }));
  await world.pass();
  expectHungUpUnseen(world, told);
});

test('[GUP2] so it is when the word of that call came before the invitation was given up', async () => {
  const world = await connected();
  const told = toldOf(world);
  world.server.silentOn.add('invite');
  const calling = codeOf(world.client.call('bob'));
  await world.pass();
  world.server.show(established());
  expect(await world.done(calling)).toBe('timeout');
  await world.pass();
  expectHungUpUnseen(world, told);
});

test('[GUP2] so it is when the invitation was aborted on its way', async () => {
  const world = await connected();
  const told = toldOf(world);
  world.server.silentOn.add('invite');
  world.server.refuse('cancel', 'unknown-call');
  const taken = new AbortController();
  const outcome = world.client.call('bob', { signal: taken.signal }).catch(String);
  await world.pass();
  taken.abort('taken back');
  expect(await outcome).toBe('taken back');
  world.server.say({ type: 'invited', re: world.server.last('invite').seq, call: INCOMING });
  world.server.show(established());
  await world.pass();
  expectHungUpUnseen(world, told);
});

test('[GUP2] it is said again until the server has heard it', async () => {
  const world = await connected();
  await givesUp(world);
  world.server.refuse('end', 'unavailable');
  world.server.show(established());
  await world.pass();
  world.server.answers.delete('end');
  world.server.show(established());
  await world.pass();
  expect(world.server.all('end')).toHaveLength(2);
  world.server.show(ended());
  await world.pass();
  expect(world.client.calls).toEqual([]);
});

test('[GUP3] if bob’s call rings here already, it ends here and is hung up', async () => {
  const world = await connected();
  const call = await world.incoming();
  const events = eventsOf(call);
  await givesUp(world);
  world.server.show(established());
  await world.pass();
  expect(events).toEqual(['ended']);
  expect(world.server.all('end').map((end) => end.call)).toEqual([INCOMING]);
  world.server.show(ended());
  await world.pass();
  expect(call.endReason).toBe('completed');
  expectNothing(world);
});

test('[GUP7] an invitation refused as unavailable is cancelled, for the store may have fallen after its commit', async () => {
  const world = await connected();
  const told = toldOf(world);
  world.server.refuse('invite', 'unavailable', { retryAfterMs: 500 });
  expect(await world.done(codeOf(world.client.call('bob')))).toBe('unavailable');
  await world.pass();
  expect(world.server.last('cancel').call).toBe(world.server.last('invite').call);
  // It met bob's invitation on the server.
  world.server.show(established());
  await world.pass();
  expectHungUpUnseen(world, told);
});

test('[GUP4] a call of bob that the app accepts is none that was given up', async () => {
  const world = await connected();
  await givesUp(world);
  const call = await world.incoming();
  const accepting = call.accept();
  await world.pass();
  world.server.show(established());
  await world.done(accepting);
  await world.pass();
  expect(call.state).toBe('established');
  expect(world.server.all('end')).toEqual([]);
});

test('[GUP4] nor is one whose accept had no answer either, but was heard', async () => {
  const world = await connected();
  await givesUp(world);
  const call = await world.incoming();
  world.server.silentOn.add('accept');
  expect(await world.done(codeOf(call.accept()))).toBe('timeout');
  world.server.show(established());
  await world.pass();
  expect(call.state).toBe('established');
});

test('[GUP4] nor is one that a later call() came to be', async () => {
  const world = await connected();
  await givesUp(world);
  world.server.answers.set('invite', { type: 'invited', call: INCOMING });
  const calling = world.client.call('bob');
  await world.pass();
  world.server.show(established());
  const call = await world.done(calling);
  await world.pass();
  expect(call).toMatchObject({ id: INCOMING, state: 'established' });
  expect(world.server.all('end')).toEqual([]);
});

test('[GUP4] nor is a call of anybody else, or one that is going on', async () => {
  const world = await connected();
  const told = toldOf(world);
  const going = await world.incoming();
  const accepting = going.accept();
  await world.pass();
  world.server.show(established());
  await world.done(accepting);
  await givesUp(world);
  world.server.show(established({ version: 6, connectedMs: 0 }));
  const id = 'call-of-carol-to-alice';
  world.server.show(established({ id, peer: { user: 'carol' } }));
  await world.pass();
  expect(told.map((call) => call.id)).toEqual([INCOMING, id]);
  expect(world.server.all('end')).toEqual([]);
});

test('[GUP4] nor is one’s own earlier call, when a second one to the same user is given up', async () => {
  const world = await connected();
  const first = await world.done(world.client.call('bob'));
  await world.pass();
  world.server.silentOn.add('invite');
  const taken = new AbortController();
  const second = world.client.call('bob', { signal: taken.signal }).catch(String);
  await world.pass();
  taken.abort('taken back');
  expect(await second).toBe('taken back');
  await world.pass();
  const ends = world.server.all('end').length;
  world.server.show(established({ id: first.id, direction: 'outgoing' }));
  await world.pass();
  expect(world.server.all('end')).toHaveLength(ends);
  expect(first.state).toBe('established');
});

test('[GUP5] a page that is loaded anew before the server has heard it hangs up as well', async () => {
  const notes = notebook();
  const world = await connected({ notes });
  await givesUp(world);
  world.server.silentOn.add('end');
  world.server.show(established());
  await world.pass();
  const next = await connected({ notes });
  const told = toldOf(next);
  next.server.show(established({ version: 6, epoch: 2 }));
  await next.pass();
  expectHungUpUnseen(next, told);
});

test('[GUP5] so it does where the call was taken back by its signal, and met bob’s', async () => {
  const notes = notebook();
  const world = await connected({ notes });
  world.server.silentOn.add('invite').add('end');
  const taken = new AbortController();
  const calling = world.client.call('bob', { signal: taken.signal });
  const outcome = calling.catch((error: unknown) => error);
  await world.pass();
  taken.abort(new Error('taken back'));
  world.server.say({ type: 'invited', re: world.server.last('invite').seq, call: INCOMING });
  expect(await world.done(outcome)).toMatchObject({ message: 'taken back' });
  world.server.show(established());
  await world.pass();
  const next = await connected({ notes });
  next.server.show(established({ version: 6, epoch: 2 }));
  await next.pass();
  expect(next.server.last('end').call).toBe(INCOMING);
  expectNothing(next);
});

test('[GUP6] bob’s call that only rings here goes on ringing', async () => {
  const world = await connected();
  const told = toldOf(world);
  world.server.silentOn.add('invite');
  const calling = codeOf(world.client.call('bob'));
  await world.pass();
  world.server.show(ringing());
  expect(await world.done(calling)).toBe('timeout');
  await world.pass();
  expect(told).toMatchObject([{ id: INCOMING, state: 'inviting' }]);
  expect(world.server.all('end')).toEqual([]);
});
