import { getEventListeners } from 'node:events';
import type { Call } from '@ringline/client';
import type { CallView, InvitationView } from '@ringline/protocol';
import { expect, test } from 'vitest';
import { agora, agoraWorld, anyrtc } from './support/world.ts';
import { REMOTE, invited, inviting } from './support/views.ts';

const SIGNALS_ONLY = { media: null, signallingOnly: true };

type World = Awaited<ReturnType<typeof agora>>;

/** Alice's page, with an invitation of her own that bob has accepted. */
async function callerSide() {
  const world = await agora(SIGNALS_ONLY);
  const invitation = world.client.createLocalInvitation('bob');
  invitation.send();
  await world.pass();
  world.server.show(inviting(invitation.id, { state: 'accepted' }));
  await world.pass();
  return { world, invitation };
}

/** Alice's page, with an invitation of bob that she has accepted. */
async function calleeSide(more: Partial<InvitationView> = {}) {
  const world = await agora(SIGNALS_ONLY);
  world.server.show(invited(more));
  const { remote } = await world.done(world.client.pendingInvitations());
  const [invitation] = remote;
  if (invitation === undefined) throw new Error('no invitation came');
  invitation.accept();
  const answeredBy = world.server.last('hello').device;
  world.server.show(invited({ ...more, version: 2, state: 'accepted', answeredBy }));
  await world.pass();
  return { world, invitation };
}

function show(world: World, call: Partial<CallView> & Pick<CallView, 'id'>): Promise<void> {
  const at = world.clock.now();
  const usual = { version: 1, peer: { user: 'bob' }, media: 'audio', remainingMs: 60_000 };
  world.server.say({ type: 'call', at, call: { ...usual, ...call } as CallView });
  return world.pass();
}

const CALL = 'call-of-bob-to-alice';

/** Bob's side has raised the invitation: its call comes. */
function bobCalls(world: World, content = `rtm-invitation:${REMOTE}`): Promise<void> {
  const incoming = {
    direction: 'incoming',
    state: 'inviting',
    peerDevice: 'bob1',
    epoch: 1,
  } as const;
  return show(world, { id: CALL, content, ...incoming });
}

function establish(world: World, id: string, direction: 'incoming' | 'outgoing') {
  const established = { state: 'established', peerDevice: 'bob1', epoch: 1 } as const;
  return show(world, { id, version: 2, direction, ...established });
}

/** What came of a promise so far. */
function outcomeOf(promise: Promise<Call>) {
  const outcome: { call?: Call; code?: string; message?: string } = {};
  promise.then(
    (call) => (outcome.call = call),
    ({ code, message }: { code: string; message: string }) =>
      Object.assign(outcome, { code, message }),
  );
  return outcome;
}

test('[RTM70] the caller’s side calls, and waits until the callee’s has raised it too', async () => {
  const { world, invitation } = await callerSide();
  const raised = outcomeOf(world.client.raise(invitation, { media: 'video' }));
  await world.pass();
  const { call, ...invite } = world.server.last('invite');
  expect(invite).toMatchObject({
    to: 'bob',
    content: `rtm-invitation:${invitation.id}`,
    media: 'video',
    ringTimeoutMs: 30_000,
    raised: true,
  });
  expect(raised).toEqual({});
  await establish(world, call, 'outgoing');
  expect(raised.call).toMatchObject({ id: call, state: 'established', direction: 'outgoing' });
  expect(world.client.ringline.calls).toEqual([raised.call]);
});

test('[RTM70] the callee’s side accepts the call by itself when it has raised it first', async () => {
  const { world, invitation } = await calleeSide();
  const rung: Call[] = [];
  world.client.ringline.on('incoming', (call) => rung.push(call));
  const raised = outcomeOf(world.client.raise(invitation));
  await world.pass(10_000);
  expect(world.server.all('accept')).toEqual([]);
  await bobCalls(world);
  expect(world.server.last('accept').call).toBe(CALL);
  await establish(world, CALL, 'incoming');
  expect(raised.call).toMatchObject({ id: CALL, state: 'established' });
  expect(rung).toEqual([]);
});

test('[RTM70] and when the call was first: it rings nowhere, and is accepted once it is raised', async () => {
  const { world, invitation } = await calleeSide();
  const rung: Call[] = [];
  world.client.ringline.on('incoming', (call) => rung.push(call));
  await bobCalls(world);
  expect([rung, world.server.all('accept'), world.server.all('ring')]).toEqual([[], [], []]);
  const raised = outcomeOf(world.client.raise(invitation, { media: 'audio' }));
  await world.pass();
  await establish(world, CALL, 'incoming');
  expect(raised.call?.state).toBe('established');
  await bobCalls(world, 'an ordinary call');
  await show(world, { id: 'another-call-of-bob', direction: 'incoming', state: 'inviting' });
  expect(rung.map(({ id }) => id)).toEqual(['another-call-of-bob']);
});

test('[RTM70] a call that only names an invitation is one that the app sees', async () => {
  const { world } = await calleeSide();
  const rung: string[] = [];
  world.client.ringline.on('incoming', ({ id }) => void rung.push(id));
  const incoming = { direction: 'incoming', state: 'inviting' } as const;
  const content = `rtm-invitation:${REMOTE}`;
  await show(world, { id: 'invented', content: 'rtm-invitation:none', ...incoming });
  await show(world, { id: 'of-another', content, peer: { user: 'carol' }, ...incoming });
  const open = { id: 'rings-still', version: 1 };
  world.server.show(invited(open));
  await show(world, { id: 'too-early', content: 'rtm-invitation:rings-still', ...incoming });
  world.server.show(invited({ ...open, version: 2, state: 'refused', answeredBy: 'elsewhere' }));
  await show(world, { id: 'refused', content: 'rtm-invitation:rings-still', ...incoming });
  expect(rung).toEqual(['invented', 'of-another', 'too-early', 'refused']);
});

test('[RTM70] it rings neither on another device of the callee, nor before the acceptance is told', async () => {
  const world = await agora(SIGNALS_ONLY);
  const rung: Call[] = [];
  world.client.ringline.on('incoming', (call) => void rung.push(call));
  const elsewhere = { answeredBy: 'another device', state: 'accepting' } as const;
  world.server.show(invited());
  world.server.show(invited({ ...elsewhere, version: 2 }));
  await bobCalls(world);
  world.server.show(invited({ ...elsewhere, version: 3, state: 'accepted' }));
  await world.pass();
  await show(world, {
    id: 'later',
    content: `rtm-invitation:${REMOTE}`,
    direction: 'incoming',
    state: 'inviting',
  });
  const own = 'another-one-of-bob';
  world.server.show(invited({ id: own }));
  const { remote } = await world.done(world.client.pendingInvitations());
  remote[0]!.accept();
  await show(world, {
    id: 'early',
    content: `rtm-invitation:${own}`,
    direction: 'incoming',
    state: 'inviting',
  });
  expect([rung, remote.length]).toEqual([[], 1]);
});

test('[RTM71] whoever waits in vain is told what to do', async () => {
  const callee = await calleeSide();
  const waiting = outcomeOf(callee.world.client.raise(callee.invitation, { timeoutMs: 5_000 }));
  await callee.world.pass(4_999);
  expect(waiting).toEqual({});
  await callee.world.pass(1);
  expect(waiting).toMatchObject({
    code: 'timeout',
    message: expect.stringContaining('raise()') as string,
  });
  const caller = await callerSide();
  const calling = outcomeOf(caller.world.client.raise(caller.invitation));
  await caller.world.pass();
  const { call: id } = caller.world.server.last('invite');
  await show(caller.world, {
    id,
    version: 2,
    direction: 'outgoing',
    state: 'ended',
    reason: 'no-answer',
    durationSeconds: 0,
  });
  expect(calling.code).toBe('timeout');
});

test('[RTM71] a call that does not come about says why', async () => {
  const { world, invitation } = await callerSide();
  const raised = outcomeOf(world.client.raise(invitation));
  await world.pass();
  const { call: id } = world.server.last('invite');
  await show(world, {
    id,
    version: 2,
    direction: 'outgoing',
    state: 'ended',
    reason: 'busy',
    durationSeconds: 0,
  });
  expect(raised).toMatchObject({
    code: 'wrong-state',
    message: expect.stringContaining('busy') as string,
  });
});

test('[RTM71] the app may give up waiting', async () => {
  const { world, invitation } = await calleeSide();
  const abort = new AbortController();
  const raised = world.client.raise(invitation, { signal: abort.signal });
  abort.abort(new Error('enough'));
  await expect(raised).rejects.toThrow('enough');
  await bobCalls(world);
  expect(world.server.all('accept')).toEqual([]);
});

test('[RTM71] the caller’s app may give up too: its call is taken back', async () => {
  const { world, invitation } = await callerSide();
  const abort = new AbortController();
  const raised = world.client.raise(invitation, { signal: abort.signal });
  await world.pass();
  const { call } = world.server.last('invite');
  abort.abort(new Error('enough'));
  await expect(raised).rejects.toThrow('enough');
  await world.pass();
  expect(world.server.last('end').call).toBe(call);
  expect(getEventListeners(abort.signal, 'abort')).toEqual([]);
});

test('[RTM74] a call that nobody listens for on this page is left to others, one that somebody does rings', async () => {
  const world = await agora(SIGNALS_ONLY);
  const incoming = { direction: 'incoming', state: 'inviting', remainingMs: 60_000 } as const;
  await show(world, { id: 'call-of-bob-to-nobody', ...incoming });
  await world.pass(2_900);
  expect(world.server.all('refuse')).toEqual([]);
  await world.pass(100);
  const { call, everywhere, unseen } = world.server.last('refuse');
  expect([call, everywhere, unseen]).toEqual(['call-of-bob-to-nobody', false, true]);
  await show(world, { id: 'another-call-of-bob', ...incoming });
  world.client.ringline.on('incoming', () => {});
  await world.pass(10_000);
  expect([world.server.all('refuse').length, world.server.last('ring').call]).toEqual([
    1,
    'another-call-of-bob',
  ]);
});

test('[RTM71] a signal that serves for long is let go of, whatever came of the waiting', async () => {
  const { world, invitation } = await calleeSide();
  const { signal } = new AbortController();
  const late = outcomeOf(world.client.raise(invitation, { timeoutMs: 1_000, signal }));
  await world.pass();
  expect(getEventListeners(signal, 'abort')).toHaveLength(1);
  await world.pass(1_000);
  const raised = outcomeOf(world.client.raise(invitation, { signal }));
  await bobCalls(world);
  await establish(world, CALL, 'incoming');
  expect([late.code, raised.call?.state]).toEqual(['timeout', 'established']);
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

test('[RTM71] a call of somebody else with the invitation’s id is not the one', async () => {
  const { world, invitation } = await calleeSide();
  const raised = outcomeOf(world.client.raise(invitation));
  await show(world, {
    id: 'call-of-carol-to-alice',
    peer: { user: 'carol' },
    content: `rtm-invitation:${REMOTE}`,
    direction: 'incoming',
    state: 'inviting',
  });
  expect(world.server.all('accept')).toEqual([]);
  await bobCalls(world);
  expect([world.server.last('accept').call, raised.code]).toEqual([CALL, undefined]);
});

test('[RTM72] two that invited each other and raise both have one call', async () => {
  const { world, invitation: theirs } = await calleeSide();
  const own = world.client.createLocalInvitation('bob');
  own.send();
  await world.pass();
  world.server.show(inviting(own.id, { state: 'accepted' }));
  await world.pass();
  const waiting = outcomeOf(world.client.raise(theirs));
  const calling = outcomeOf(world.client.raise(own));
  await world.pass();
  await establish(world, world.server.last('invite').call, 'outgoing');
  expect(calling.call).toBeDefined();
  expect(waiting.call).toBe(calling.call);
  expect(world.server.all('accept')).toEqual([]);
});

test('[RTM73] only an accepted invitation of this client is raised, and only with a login', async () => {
  const world = await agora(SIGNALS_ONLY);
  const invitation = world.client.createLocalInvitation('bob');
  await expect(world.client.raise(invitation)).rejects.toMatchObject({ code: 'wrong-state' });
  const other = agoraWorld().client.createLocalInvitation('bob');
  await expect(world.client.raise(other)).rejects.toMatchObject({ code: 'wrong-state' });
  const { client } = agoraWorld();
  const early = client.raise(client.createLocalInvitation('bob'));
  await expect(early).rejects.toMatchObject({ code: 'not-connected' });
  expect(() => client.ringline).toThrow('Log in');
});

test('[RTM73] anyRTC’s door raises in the same way', async () => {
  const world = await anyrtc(SIGNALS_ONLY);
  const invitation = world.client.createLocalInvitation('bob');
  invitation.send();
  await world.pass();
  world.server.show(inviting(invitation.id, { state: 'accepted' }));
  await world.pass();
  const raised = outcomeOf(world.client.raise(invitation));
  await world.pass();
  expect(world.server.last('invite').content).toBe(`rtm-invitation:${invitation.id}`);
  expect(raised).toEqual({});
});

test('[RTM71] who waited in vain may raise again, also once the call has come', async () => {
  const { world, invitation } = await calleeSide();
  const first = outcomeOf(world.client.raise(invitation, { timeoutMs: 1_000 }));
  await world.pass(1_000);
  await bobCalls(world);
  const second = outcomeOf(world.client.raise(invitation));
  await world.pass();
  await establish(world, CALL, 'incoming');
  expect([first.code, second.call?.state]).toEqual(['timeout', 'established']);
});

test('[RTM70] the callee raises it twice, as by a double click: both have the call', async () => {
  const { world, invitation } = await calleeSide();
  const both = Promise.all([world.client.raise(invitation), world.client.raise(invitation)]);
  await world.pass();
  await bobCalls(world);
  await establish(world, CALL, 'incoming');
  const [first, second] = await world.done(both);
  expect(first.id).toBe(CALL);
  expect(second).toBe(first);
  expect(await world.done(world.client.raise(invitation))).toBe(first);
});

test('[RTM70] the caller raises it twice: there is one call', async () => {
  const { world, invitation } = await callerSide();
  const both = Promise.all([world.client.raise(invitation), world.client.raise(invitation)]);
  await world.pass();
  expect(world.server.all('invite')).toHaveLength(1);
  await establish(world, world.server.last('invite').call, 'outgoing');
  const [first, second] = await world.done(both);
  expect(second).toBe(first);
});

test('[RTM71] what waits for the other side ends with the login', async () => {
  const { world, invitation } = await calleeSide();
  const raised = world.client.raise(invitation).catch((error: Error) => error);
  await world.pass();
  await world.client.logout();
  expect(await world.done(raised)).toMatchObject({ code: 'not-connected' });
});

test.each([999, 120_001, 1_500.5, Infinity])(
  '[RTM71] it does not wait for %d ms, on either side',
  async (timeoutMs) => {
    for (const side of [callerSide, calleeSide]) {
      const { world, invitation } = await side();
      const refused = world.client.raise(invitation, { timeoutMs });
      const words = `timeoutMs must be 1000 to 120000 whole milliseconds, is ${timeoutMs}.`;
      await expect(refused).rejects.toMatchObject({ code: 'malformed', message: words });
    }
  },
);

test('[RTM71] it waits for 1 s and for 120 s', async () => {
  for (const timeoutMs of [1_000, 120_000]) {
    const { world, invitation } = await callerSide();
    world.client.raise(invitation, { timeoutMs }).catch(() => undefined);
    await world.pass();
    expect(world.server.last('invite').ringTimeoutMs).toBe(timeoutMs);
  }
});
