import type { InvitationView } from '@ringline/protocol';
import { CONFIRM_TIMEOUT_MS, INVITATION_LIFE_MS, MAX_CONTENT_BYTES } from '@ringline/protocol';
import { expect, test } from 'vitest';
import type { RemoteInvitation as AgoraRemote } from '../../src/rtm/agora.ts';
import type { RemoteInvitation as AnyrtcRemote } from '../../src/rtm/anyrtc.ts';
import { LOGGED_IN, agora, anyrtc, failureOf } from './support/world.ts';
import { toldBy } from './support/told.ts';
import { REMOTE, invited } from './support/views.ts';

type Remote = AgoraRemote | AnyrtcRemote;

function onRemote(client: object, listener: (invitation: Remote) => void): void {
  type Listens = (name: string, listener: (invitation: Remote) => void) => void;
  (client as { on: Listens }).on('RemoteInvitationReceived', listener);
}

/** Logged in, with an invitation of bob that has come, and what is told of it. */
async function received(make: typeof agora | typeof anyrtc) {
  const world = await make();
  const come: Remote[] = [];
  onRemote(world.client, (each) => void come.push(each));
  let version = 0;
  const show = async (more: Partial<InvitationView>) => {
    const answeredBy = world.server.last('hello').device;
    world.server.show(invited({ version: ++version, answeredBy, ...more }));
    await world.pass();
  };
  await show({});
  const [invitation] = come;
  if (invitation === undefined) throw new Error('no invitation came');
  return { world, come, invitation, told: toldBy(invitation), show };
}

test.each(LOGGED_IN)(
  '[RTM11] 发起呼叫邀请 · received, %s: the app hears of it, then the caller does',
  async (_, make) => {
    const world = await make();
    const heard: unknown[] = [];
    onRemote(world.client, (invitation) => {
      const { callerId, content, state, response } = invitation;
      heard.push(world.server.all('rtm-receive').length, callerId, content, state, response);
    });
    world.server.show(invited());
    await world.pass();
    expect(heard).toEqual([0, 'bob', 'coffee?', 'INVITATION_RECEIVED', '']);
    expect(world.server.last('rtm-receive').invitation).toBe(REMOTE);
  },
);

test('[RTM11] Agora’s has the channel’s name, anyRTC’s its own id', async () => {
  const ofAgora = await received(agora);
  expect((ofAgora.invitation as AgoraRemote).channelId).toBe('room 1');
  const ofAnyrtc = await received(anyrtc);
  expect((ofAnyrtc.invitation as AnyrtcRemote)._callId).toBe(REMOTE);
  const own = (await anyrtc()).client.createLocalInvitation('bob');
  expect([own._callId, 'channelId' in own]).toEqual([own.id, false]);
  expect(own._callId).toMatch(/^[0-9a-f]{32}$/);
});

test.each(LOGGED_IN)(
  '[RTM12] 接受呼叫邀请 · to accept, %s: told once the caller has confirmed',
  async (_, make) => {
    const { world, invitation, told, show } = await received(make);
    invitation.response = 'yes';
    expect(invitation.accept()).toBeUndefined();
    expect(invitation.state).toBe('ACCEPT_SENT_TO_LOCAL');
    await world.pass();
    expect(world.server.last('rtm-accept')).toMatchObject({ invitation: REMOTE, response: 'yes' });
    await show({ state: 'accepting' });
    expect(told).toEqual([]);
    await show({ state: 'accepted', remainingMs: 0 });
    expect(told).toEqual([['RemoteInvitationAccepted']]);
    expect(invitation.state).toBe('ACCEPTED');
  },
);

test('[RTM12] the document’s sample accepts by itself', async () => {
  const world = await anyrtc();
  world.client.on('RemoteInvitationReceived', (remoteInvitation) => {
    remoteInvitation.accept();
  });
  world.server.show(invited());
  await world.pass();
  const said = world.server.heard.map(({ type }) => type);
  expect(said.slice(-2)).toEqual(['rtm-receive', 'rtm-accept']);
});

test.each(LOGGED_IN)('[RTM13] 拒绝呼叫邀请 · to refuse, %s', async (_, make) => {
  const { world, invitation, told, show } = await received(make);
  invitation.response = 'no';
  expect(invitation.refuse()).toBeUndefined();
  await world.pass();
  expect(world.server.last('rtm-refuse')).toMatchObject({ invitation: REMOTE, response: 'no' });
  expect(told).toEqual([]);
  await show({ state: 'refused', remainingMs: 0 });
  expect(told).toEqual([['RemoteInvitationRefused']]);
  expect(invitation.state).toBe('REFUSED');
});

test('[RTM13] without a connection it is told at once, and said when there is one', async () => {
  const { world, invitation, told } = await received(agora);
  world.server.dropFor(5_000);
  await world.pass();
  invitation.refuse();
  expect(told).toEqual([]);
  await world.pass(0);
  expect(told).toEqual([['RemoteInvitationRefused']]);
  await world.pass(30_000);
  expect(world.server.last('rtm-refuse').invitation).toBe(REMOTE);
});

test.each(LOGGED_IN)('[RTM14] 取消呼叫邀请 · cancelled by the caller, %s', async (_, make) => {
  const { invitation, told, show } = await received(make);
  await show({ state: 'cancelled', remainingMs: 0 });
  expect(told).toEqual([['RemoteInvitationCanceled', 'coffee?']]);
  expect(invitation.state).toBe('CANCELED');
});

test.each([
  ['expired', 'INVITATION_EXPIRE'],
  ['not-confirmed', 'ACCEPT_FAILURE'],
  ['caller-gone', 'PEER_OFFLINE'],
] as const)('[RTM15] failed as %s is %s to the callee', async (failure, reason) => {
  for (const make of [agora, anyrtc]) {
    const { invitation, told, show } = await received(make);
    await show({ state: 'failed', failure, remainingMs: 0 });
    expect(told).toEqual([['RemoteInvitationFailure', reason]]);
    expect(invitation.state).toBe('FAILURE');
  }
});

test('[RTM15] without a connection it stops to ring 2 s after its time', async () => {
  const { world, told } = await received(agora);
  world.server.wire.cut();
  await world.pass(INVITATION_LIFE_MS + 1_900);
  expect(told).toEqual([]);
  await world.pass(100);
  expect(told).toEqual([['RemoteInvitationFailure', 'INVITATION_EXPIRE']]);
});

test('[RTM15] an acceptance that the server never answers has failed 5 s later', async () => {
  const { world, invitation, told } = await received(agora);
  world.server.silentOn.add('rtm-accept');
  invitation.accept();
  await world.pass(INVITATION_LIFE_MS + 1_900 + CONFIRM_TIMEOUT_MS);
  expect(told).toEqual([]);
  await world.pass(100);
  expect(told).toEqual([['RemoteInvitationFailure', 'ACCEPT_FAILURE']]);
});

test('[RTM16] Agora: accept() and refuse() at the wrong time throw the vendor’s numbers', async () => {
  const { invitation, show } = await received(agora);
  invitation.accept();
  const accepted = [4, 'INVITATION_API_CALL_ERR_ALREADY_ACCEPT'];
  expect(await failureOf(() => invitation.accept())).toEqual(accepted);
  expect(await failureOf(() => invitation.refuse())).toEqual(accepted);
  await show({ state: 'accepted', remainingMs: 0 });
  const ended = [3, 'INVITATION_API_CALL_ERR_ALREADY_END'];
  expect(await failureOf(() => invitation.accept())).toEqual(ended);
  expect(await failureOf(() => invitation.refuse())).toEqual(ended);
  const refused = await received(agora);
  refused.invitation.refuse();
  expect(await failureOf(() => refused.invitation.accept())).toEqual(ended);
  expect(await failureOf(() => refused.invitation.refuse())).toEqual(ended);
});

test('[RTM16] anyRTC: what has ended by itself is passed over, what was answered is not', async () => {
  const cancelled = await received(anyrtc);
  await cancelled.show({ state: 'cancelled', remainingMs: 0 });
  cancelled.invitation.accept();
  cancelled.invitation.refuse();
  await cancelled.world.pass();
  expect(cancelled.world.server.all('rtm-accept')).toEqual([]);
  expect(cancelled.told).toHaveLength(1);
  const accepted = await received(anyrtc);
  accepted.invitation.accept();
  await accepted.show({ state: 'accepted', remainingMs: 0 });
  accepted.invitation.refuse();
  const again = await failureOf(() => accepted.invitation.accept());
  expect(again).toEqual([4, 'INVITATION_API_CALL_ERR_ALREADY_ACCEPT']);
  const refused = await received(anyrtc);
  refused.invitation.refuse();
  refused.invitation.refuse();
  const late = await failureOf(() => refused.invitation.accept());
  expect(late).toEqual([3, 'INVITATION_API_CALL_ERR_ALREADY_END']);
});

test.each(LOGGED_IN)(
  '[RTM17] %s: a response is at most 8 KB, and nothing is said beyond',
  async (_, make) => {
    const { world, invitation } = await received(make);
    const bad = [1, 'INVITATION_API_CALL_ERR_INVALID_ARGUMENT'];
    invitation.response = '.'.repeat(MAX_CONTENT_BYTES + 1);
    expect(await failureOf(() => invitation.accept())).toEqual(bad);
    expect(await failureOf(() => invitation.refuse())).toEqual(bad);
    expect(invitation.state).toBe('INVITATION_RECEIVED');
    invitation.response = '.'.repeat(MAX_CONTENT_BYTES);
    invitation.accept();
    await world.pass();
    expect(world.server.all('rtm-accept')).toHaveLength(1);
  },
);

test.each(LOGGED_IN)(
  '[RTM20] %s: whatever comes, an invitation ends once at the callee too',
  async (_, make) => {
    const ends = ['accepted', 'refused', 'cancelled', 'failed'] as const;
    for (const first of ends) {
      const { come, told, show } = await received(make);
      for (const state of [first, ...ends, 'received'] as const) await show({ state });
      expect([come.length, told.length]).toEqual([1, 1]);
    }
  },
);

test.each(LOGGED_IN)('[RTM21] %s: several may ring at once, from one user too', async (_, make) => {
  const { world, come } = await received(make);
  world.server.show(invited({ id: 'another-one-of-bob-to-alice' }));
  world.server.show(invited({ id: 'and-one-of-carol-to-alice', peer: 'carol' }));
  await world.pass();
  expect(come.map(({ callerId }) => callerId)).toEqual(['bob', 'bob', 'carol']);
});

test.each([
  [agora, 'UNKNOWN'],
  [anyrtc, 'INVITATION_EXPIRE'],
] as const)('[RTM22] a page that was replaced stops to ring (%#)', async (make, reason) => {
  const { world, told } = await received(make);
  world.server.close(4409);
  await world.pass();
  expect(told).toEqual([['RemoteInvitationFailure', reason]]);
});

test('[RTM23] what rings is named in hello and heartbeat, and goes on over a reconnect', async () => {
  const { world, invitation, come, told } = await received(agora);
  world.server.afterWelcome = [invited({ version: 2, state: 'received' })];
  world.server.wire.drop();
  await world.pass(20_000);
  const named = { invitations: [{ id: REMOTE, version: 2 }] };
  expect(world.server.last('hello').rtm?.invitations).toHaveLength(1);
  expect(world.server.last('heartbeat').rtm).toEqual(named);
  expect([come, told]).toEqual([[invitation], []]);
});

test.each(LOGGED_IN)('[RTM25] %s: answered on another device, it is over here', async (_, make) => {
  for (const state of ['accepting', 'accepted', 'refused'] as const) {
    const { invitation, told, show } = await received(make);
    await show({ state, answeredBy: 'another device' });
    expect(told).toEqual([['RemoteInvitationCanceled', 'coffee?']]);
    expect(invitation.answeredElsewhere).toBe(true);
  }
});

test('[RTM24] anyRTC: a caller that hangs up after the acceptance reaches the callee', async () => {
  const caller = await anyrtc();
  const { world, invitation, told, show } = await received(anyrtc);
  invitation.accept();
  await show({ state: 'accepted', remainingMs: 0 });
  caller.server.show(invited({ side: 'caller', peer: 'bob' }));
  await caller.pass();
  const { local } = await caller.done(caller.client.pendingInvitations());
  caller.server.show(invited({ side: 'caller', peer: 'bob', version: 2, state: 'accepted' }));
  await caller.pass();
  local[0]!.cancel();
  await caller.pass();
  const { body } = caller.server.last('rtm-send');
  const messages = toldBy(world.client);
  const message = { type: 'rtm-message', message: 'm1', at: 1, body } as const;
  world.server.say({ ...message, from: 'carol' });
  await world.pass();
  expect(told).toEqual([['RemoteInvitationAccepted']]);
  for (const id of ['m2', 'm3']) world.server.say({ ...message, message: id, from: 'bob' });
  await world.pass();
  expect(told.slice(1)).toEqual([['RemoteInvitationCanceled', 'coffee?']]);
  expect([invitation.state, messages]).toEqual(['CANCELED', []]);
  expect(world.server.all('rtm-got')).toHaveLength(3);
});

test('[RTM24] Agora’s callee hears of no hang-up: the invitation has ended', async () => {
  const { world, invitation, told, show } = await received(agora);
  invitation.accept();
  await show({ state: 'accepted', remainingMs: 0 });
  const description = `\u0000ringline-rtm/hang-up/${REMOTE}`;
  const body = { kind: 'raw', raw: '', description } as const;
  world.server.say({ type: 'rtm-message', message: 'm1', from: 'bob', at: 1, body });
  await world.pass();
  expect(told).toEqual([['RemoteInvitationAccepted']]);
});
