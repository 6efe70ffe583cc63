import type { InvitationView } from '@ringline/protocol';
import {
  CONFIRM_TIMEOUT_MS,
  INVITATION_LIFE_MS,
  INVITATION_REACH_MS,
  MAX_CONTENT_BYTES,
  KEPT_RESULTS,
} from '@ringline/protocol';
import { expect, test } from 'vitest';
import { LOGGED_IN, agora, agoraWorld, anyrtc, anyrtcWorld, failureOf } from './support/world.ts';
import { toldBy } from './support/told.ts';
import { inviting } from './support/views.ts';

/** Logged in, with an invitation of alice to bob that was sent, and what is told of it. */
async function sent(make: typeof agora | typeof anyrtc) {
  const world = await make();
  const invitation = world.client.createLocalInvitation('bob');
  invitation.content = 'coffee?';
  const told = toldBy(invitation);
  invitation.send();
  await world.pass();
  let version = 0;
  const show = async (more: Partial<InvitationView>) => {
    world.server.show(inviting(invitation.id, { version: ++version, ...more }));
    await world.pass();
  };
  return { world, invitation, told, show };
}

test.each(LOGGED_IN)(
  '[RTM11] 发起呼叫邀请 · to send, %s: the lifecycle begins',
  async (_, make) => {
    const { world, invitation, told, show } = await sent(make);
    expect(world.server.last('rtm-invite')).toMatchObject({
      invitation: invitation.id,
      to: 'bob',
      content: 'coffee?',
      channel: '',
    });
    expect([invitation.state, told]).toEqual(['SENT_TO_REMOTE', []]);
    await show({ state: 'received' });
    expect(invitation.state).toBe('RECEIVED_BY_REMOTE');
    expect(told).toEqual([['LocalInvitationReceivedByPeer']]);
  },
);

test('[RTM11] the channel’s name travels, byte by byte as the content does', async () => {
  const world = await agora();
  const invitation = world.client.createLocalInvitation('bob');
  expect([invitation.content, invitation.channelId, invitation.response]).toEqual(['', '', '']);
  expect([invitation.calleeId, invitation.state]).toEqual(['bob', 'IDLE']);
  const content = '{"id": "\u{1f4de} \u0000"}\r\n';
  Object.assign(invitation, { content, channelId: 'room 1' });
  invitation.send();
  await world.pass();
  expect(world.server.last('rtm-invite')).toMatchObject({ content, channel: 'room 1' });
});

test.each(LOGGED_IN)(
  '[RTM12] 接受呼叫邀请 · accepted, %s: it is confirmed and told',
  async (_, make) => {
    const { world, invitation, told, show } = await sent(make);
    await show({ state: 'received' });
    await show({ state: 'accepting', response: 'yes' });
    expect(world.server.last('rtm-confirm').invitation).toBe(invitation.id);
    expect([told, invitation.state]).toEqual([
      [['LocalInvitationReceivedByPeer']],
      'RECEIVED_BY_REMOTE',
    ]);
    await show({ state: 'accepted', response: 'yes', remainingMs: 0 });
    expect(told).toEqual([['LocalInvitationReceivedByPeer'], ['LocalInvitationAccepted', 'yes']]);
    expect([invitation.state, invitation.response]).toEqual(['ACCEPTED_BY_REMOTE', 'yes']);
  },
);

test.each(LOGGED_IN)(
  '[RTM12] %s: a confirmation that comes too late has failed on both sides',
  async (_, make) => {
    const { world, told, show } = await sent(make);
    world.server.refuse('rtm-confirm', 'wrong-state');
    await show({ state: 'accepting', response: 'yes' });
    await show({ state: 'failed', failure: 'not-confirmed', remainingMs: 0 });
    expect(told).toEqual([
      ['LocalInvitationReceivedByPeer'],
      ['LocalInvitationFailure', 'INVITATION_EXPIRE'],
    ]);
  },
);

test('[RTM15] an acceptance at the last moment may be confirmed for 5 s', async () => {
  const { world, told, show } = await sent(agora);
  await show({ state: 'accepting', remainingMs: 1 });
  await world.pass(CONFIRM_TIMEOUT_MS + 1_919);
  expect(told).toHaveLength(1);
  await world.pass(1);
  expect(told.slice(1)).toEqual([['LocalInvitationFailure', 'INVITATION_EXPIRE']]);
});

test.each(LOGGED_IN)('[RTM13] 拒绝呼叫邀请 · refused, %s: it is told', async (_, make) => {
  const { invitation, told, show } = await sent(make);
  await show({ state: 'refused', response: '{"Cmd":"Calling"}', remainingMs: 0 });
  expect(told).toEqual([
    ['LocalInvitationReceivedByPeer'],
    ['LocalInvitationRefused', '{"Cmd":"Calling"}'],
  ]);
  expect(invitation.state).toBe('REFUSED_BY_REMOTE');
});

test.each(LOGGED_IN)(
  '[RTM14] 取消呼叫邀请 · cancelled, %s: told when the callee was',
  async (_, make) => {
    const { world, invitation, told, show } = await sent(make);
    await show({ state: 'received' });
    invitation.cancel();
    await world.pass();
    expect(world.server.last('rtm-cancel').invitation).toBe(invitation.id);
    expect(told).toEqual([['LocalInvitationReceivedByPeer']]);
    await show({ state: 'cancelled', remainingMs: 0 });
    expect(told.slice(1)).toEqual([['LocalInvitationCanceled']]);
    expect(invitation.state).toBe('CANCELED');
  },
);

test('[RTM14] without a connection it is told at once, and said when there is one', async () => {
  const { world, invitation, told } = await sent(agora);
  world.server.dropFor(5_000);
  await world.pass();
  invitation.cancel();
  expect(told).toEqual([]);
  await world.pass(0);
  expect(told).toEqual([['LocalInvitationCanceled']]);
  await world.pass(30_000);
  expect(world.server.last('rtm-cancel').invitation).toBe(invitation.id);
});

test('[RTM14] cancelled before the server has it, it is not sent any more', async () => {
  const world = await agora();
  world.server.refuse('rtm-invite', 'unavailable', { retryAfterMs: 1_000 });
  world.server.refuse('rtm-cancel', 'unknown-invitation');
  const invitation = world.client.createLocalInvitation('bob');
  const told = toldBy(invitation);
  invitation.send();
  await world.pass();
  world.server.answers.delete('rtm-invite');
  invitation.cancel();
  await world.pass(60_000);
  expect(world.server.all('rtm-invite')).toHaveLength(1);
  expect(told).toEqual([['LocalInvitationCanceled']]);
});

test('[RTM14] a cancellation that came first is said again once the server has the invitation', async () => {
  const { world, invitation, told, show } = await sent(agora);
  world.server.refuse('rtm-cancel', 'unknown-invitation');
  invitation.cancel();
  await world.pass();
  world.server.answers.delete('rtm-cancel');
  await show({ state: 'sent' });
  expect(world.server.all('rtm-cancel')).toHaveLength(2);
  world.server.silentOn.add('rtm-cancel');
  for (const state of ['received', 'received'] as const) await show({ state });
  expect(world.server.all('rtm-cancel')).toHaveLength(3);
  await show({ state: 'cancelled', remainingMs: 0 });
  expect(told).toEqual([['LocalInvitationCanceled']]);
});

test.each([
  ['peer-offline', 'PEER_OFFLINE'],
  ['no-response', 'PEER_NO_RESPONSE'],
  ['expired', 'INVITATION_EXPIRE'],
  ['caller-gone', 'NOT_LOGGEDIN'],
] as const)('[RTM15] failed as %s is %s', async (failure, reason) => {
  for (const make of [agora, anyrtc]) {
    const { invitation, told, show } = await sent(make);
    await show({ state: 'failed', failure, remainingMs: 0 });
    expect(told).toEqual([['LocalInvitationFailure', reason]]);
    expect(invitation.state).toBe('FAILURE');
  }
});

test.each([
  ['agora', agoraWorld],
  ['anyrtc', anyrtcWorld],
])('[RTM15] %s: sent without a login it fails, after send() has returned', async (_, make) => {
  const world = make();
  const invitation = world.client.createLocalInvitation('bob');
  const told = toldBy(invitation);
  expect(invitation.send()).toBeUndefined();
  await Promise.resolve();
  expect(told).toEqual([]);
  await world.pass(0);
  expect(told).toEqual([['LocalInvitationFailure', 'NOT_LOGGEDIN']]);
});

test('[RTM15] one that the server never hears of has no response after 30 s, and is taken back later', async () => {
  const world = await agora();
  world.server.dropFor(INVITATION_REACH_MS + 10_000);
  await world.pass();
  const invitation = world.client.createLocalInvitation('bob');
  const told = toldBy(invitation);
  invitation.send();
  await world.pass(INVITATION_REACH_MS + 1_999);
  expect(told).toEqual([]);
  await world.pass(1);
  expect(told).toEqual([['LocalInvitationFailure', 'PEER_NO_RESPONSE']]);
  await world.pass(60_000);
  world.server.show(inviting(invitation.id));
  await world.pass();
  expect(world.server.last('rtm-cancel').invitation).toBe(invitation.id);
  expect(told).toHaveLength(1);
});

test('[RTM15] when the server’s word does not come, it expires here 2 s later', async () => {
  const { world, told, show } = await sent(agora);
  await show({ state: 'received', remainingMs: INVITATION_LIFE_MS });
  await world.pass(INVITATION_LIFE_MS + 1_919);
  expect(told).toHaveLength(1);
  await world.pass(1);
  expect(told.slice(1)).toEqual([['LocalInvitationFailure', 'INVITATION_EXPIRE']]);
});

test.each([
  [agora, 'UNKNOWN'],
  [anyrtc, 'PEER_NO_RESPONSE'],
] as const)(
  '[RTM15] what the server will not have fails with the word for the rest (%#)',
  async (make, reason) => {
    const world = await make();
    world.server.refuse('rtm-invite', 'forbidden');
    const invitation = world.client.createLocalInvitation('bob');
    const told = toldBy(invitation);
    invitation.send();
    await world.pass();
    expect(told).toEqual([['LocalInvitationFailure', reason]]);
  },
);

test('[RTM16] Agora: commands at the wrong time throw the vendor’s numbers', async () => {
  const { invitation, show, world } = await sent(agora);
  const fresh = world.client.createLocalInvitation('bob');
  expect(await failureOf(() => fresh.cancel())).toEqual([2, 'INVITATION_API_CALL_ERR_NOT_STARTED']);
  const send = () => failureOf(() => invitation.send());
  const cancel = () => failureOf(() => invitation.cancel());
  expect(await send()).toEqual([5, 'INVITATION_API_CALL_ERR_ALREADY_SENT']);
  await show({ state: 'received' });
  expect(await send()).toEqual([5, 'INVITATION_API_CALL_ERR_ALREADY_SENT']);
  await show({ state: 'refused', remainingMs: 0 });
  const ended = [3, 'INVITATION_API_CALL_ERR_ALREADY_END'];
  expect([await send(), await cancel()]).toEqual([ended, ended]);
});

test.each(['accepted', 'refused', 'cancelled', 'failed'] as const)(
  '[RTM16] one that is %s cannot be sent again',
  async (state) => {
    for (const make of [agora, anyrtc]) {
      const { invitation, show } = await sent(make);
      await show({ state });
      const failure = await failureOf(() => invitation.send());
      expect(failure).toEqual([3, 'INVITATION_API_CALL_ERR_ALREADY_END']);
    }
  },
);

test('[RTM16] a second cancel() has ended already, to Agora; to anyRTC it is nothing', async () => {
  const strict = await sent(agora);
  strict.invitation.cancel();
  const failure = await failureOf(() => strict.invitation.cancel());
  expect(failure).toEqual([3, 'INVITATION_API_CALL_ERR_ALREADY_END']);
  const lenient = await sent(anyrtc);
  lenient.invitation.cancel();
  lenient.invitation.cancel();
  await lenient.show({ state: 'cancelled', remainingMs: 0 });
  lenient.invitation.cancel();
  await lenient.world.pass();
  expect(lenient.told).toEqual([['LocalInvitationCanceled']]);
  expect(lenient.world.server.all('rtm-cancel')).toHaveLength(1);
});

test.each(LOGGED_IN)('[RTM17] %s: content is at most 8 KB, and a text', async (_, make) => {
  const world = await make();
  const send = async (content: string) => {
    const invitation = world.client.createLocalInvitation('bob');
    invitation.content = content;
    return failureOf(() => {
      invitation.send();
      throw Object.assign(new Error('sent'), { code: 0, data: 'sent' });
    });
  };
  const bad = [1, 'INVITATION_API_CALL_ERR_INVALID_ARGUMENT'];
  expect(await send('é'.repeat(MAX_CONTENT_BYTES / 2))).toEqual([0, 'sent']);
  expect(await send(`${'é'.repeat(MAX_CONTENT_BYTES / 2)}.`)).toEqual(bad);
  expect(await send(7 as unknown as string)).toEqual(bad);
  expect(await failureOf(() => world.client.createLocalInvitation(''))).toEqual(bad);
});

test('[RTM18] no event comes before send() has returned, nor before a macrotask', async () => {
  const world = await agora();
  const invitation = world.client.createLocalInvitation('bob');
  const told = toldBy(invitation);
  const sent: unknown = invitation.send();
  await sent;
  await Promise.resolve();
  expect([sent, told]).toEqual([undefined, []]);
});

test.each(LOGGED_IN)('[RTM19] %s: after cancel() nothing is told but the end', async (_, make) => {
  for (const state of ['received', 'accepting', 'accepted', 'refused', 'failed'] as const) {
    const { world, invitation, told, show } = await sent(make);
    invitation.cancel();
    await show({ state });
    await show({ state: 'cancelled', remainingMs: 0 });
    expect(told).toEqual([['LocalInvitationCanceled']]);
    expect(world.server.all('rtm-confirm')).toEqual([]);
  }
});

test.each(LOGGED_IN)('[RTM20] %s: whatever comes, an invitation ends once', async (_, make) => {
  const ends = ['accepted', 'refused', 'cancelled', 'failed'] as const;
  for (const first of ends) {
    const { told, show } = await sent(make);
    for (const state of [first, ...ends]) await show({ state });
    const last = told.filter(([name]) => name !== 'LocalInvitationReceivedByPeer');
    expect(last).toHaveLength(1);
  }
});

test('[RTM20] an older view, or one that comes again, says nothing', async () => {
  const { world, invitation, told } = await sent(agora);
  const view = inviting(invitation.id, { version: 3, state: 'received' });
  for (const version of [3, 3, 2]) world.server.show({ ...view, version, state: 'received' });
  world.server.show({ ...view, version: 2, state: 'failed', failure: 'expired' });
  await world.pass();
  expect(told).toEqual([['LocalInvitationReceivedByPeer']]);
});

test('[RTM21] several run at once, also to one user, each by itself', async () => {
  const world = await agora();
  const [first, second] = ['bob', 'bob'].map((callee) => {
    const invitation = world.client.createLocalInvitation(callee);
    return { invitation, told: toldBy(invitation) };
  });
  first!.invitation.send();
  second!.invitation.send();
  await world.pass();
  world.server.show(inviting(second!.invitation.id, { state: 'refused', remainingMs: 0 }));
  world.server.show(inviting(first!.invitation.id, { state: 'received' }));
  await world.pass();
  expect(first!.told).toEqual([['LocalInvitationReceivedByPeer']]);
  expect(second!.told.at(-1)).toEqual(['LocalInvitationRefused', '']);
});

test.each(LOGGED_IN)('[RTM22] %s: a logout takes open invitations back', async (_, make) => {
  const { world, invitation, told } = await sent(make);
  await world.client.logout();
  expect(told).toEqual([]);
  await world.pass();
  expect(world.server.last('rtm-cancel').invitation).toBe(invitation.id);
  expect(told).toEqual([['LocalInvitationCanceled']]);
  invitation.removeAllListeners();
  expect(invitation.state).toBe('CANCELED');
});

test('[RTM22] a login that was replaced cannot follow its invitations, which go on', async () => {
  const { world, told } = await sent(agora);
  world.server.close(4409);
  await world.pass();
  expect(told).toEqual([['LocalInvitationFailure', 'NOT_LOGGEDIN']]);
  expect(world.server.all('rtm-cancel')).toEqual([]);
});

test('[RTM23] over a reconnect it is named, and what was missed is told', async () => {
  const { world, invitation, told, show } = await sent(agora);
  await show({ state: 'received' });
  world.server.afterWelcome = [
    inviting(invitation.id, { version: 2, state: 'refused', response: 'no', remainingMs: 0 }),
  ];
  world.server.wire.drop();
  await world.pass(2_000);
  expect(world.server.last('hello').rtm).toEqual({
    invitations: [{ id: invitation.id, version: 1 }],
  });
  expect(told.slice(1)).toEqual([['LocalInvitationRefused', 'no']]);
});

test('[RTM23] one that the server does not keep any more has failed', async () => {
  const { world, invitation, told, show } = await sent(agora);
  await show({ state: 'received' });
  world.server.welcome = { rtm: { resumed: true, gone: [invitation.id] } };
  world.server.wire.drop();
  await world.pass(2_000);
  expect(told.slice(1)).toEqual([['LocalInvitationFailure', 'UNKNOWN']]);
  await world.pass(16_000);
  expect(world.server.last('heartbeat').rtm).toEqual({ invitations: [] });
});

test('[RTM23] one that is still on its way to the server is not taken for lost', async () => {
  const world = await agora();
  world.server.silentOn.add('rtm-invite');
  const invitation = world.client.createLocalInvitation('bob');
  const told = toldBy(invitation);
  invitation.send();
  await world.pass();
  world.server.silentOn.clear();
  world.server.welcome = { rtm: { resumed: true, gone: [invitation.id] } };
  world.server.wire.drop();
  await world.pass(2_000);
  expect(told).toEqual([]);
  expect(world.server.all('rtm-invite')).toHaveLength(2);
});

test('[RTM24] anyRTC: cancel() after the acceptance hangs up, as its apps do', async () => {
  const { world, invitation, told, show } = await sent(anyrtc);
  await show({ state: 'accepting' });
  await show({ state: 'accepted', remainingMs: 0 });
  invitation.cancel();
  expect(told.at(-1)).toEqual(['LocalInvitationAccepted', '']);
  await world.pass();
  expect(told.at(-1)).toEqual(['LocalInvitationCanceled']);
  expect(world.server.last('rtm-send')).toMatchObject({
    to: 'bob',
    body: { kind: 'raw', raw: '', description: expect.stringContaining(invitation.id) as string },
  });
  invitation.cancel();
  await world.pass();
  expect([invitation.state, told.length]).toEqual(['CANCELED', 3]);
});

test('[RTM24] anyRTC: hang-ups whose peers are silent hold no command up', async () => {
  const { world, invitation, show } = await sent(anyrtc);
  world.server.silentOn.add('rtm-send');
  await show({ state: 'accepting' });
  await show({ state: 'accepted', remainingMs: 0 });
  const peers = Array.from({ length: KEPT_RESULTS }, (_, i) => `peer-${i}`);
  invitation.cancel();
  await world.pass();
  world.server.silentOn.add('rtm-invite');
  for (const peer of peers) world.client.createLocalInvitation(peer).send();
  await world.pass();
  expect(world.server.all('rtm-send')).toHaveLength(1);
  expect(world.server.all('rtm-invite')).toHaveLength(1 + KEPT_RESULTS);
});

test('[RTM24] Agora: cancel() after the acceptance is an error, and does not reach the callee', async () => {
  const { world, invitation, show } = await sent(agora);
  await show({ state: 'accepting' });
  const failure = await failureOf(() => invitation.cancel());
  expect(failure).toEqual([3, 'INVITATION_API_CALL_ERR_ALREADY_END']);
  await world.pass();
  expect(world.server.all('rtm-cancel')).toEqual([]);
  expect(world.server.all('rtm-send')).toEqual([]);
});

test('[RTM19] anyRTC: cancel() after the confirmation hangs up once the acceptance stands', async () => {
  const { world, invitation, told, show } = await sent(anyrtc);
  await show({ state: 'accepting' });
  invitation.cancel();
  await world.pass();
  expect(told).toEqual([['LocalInvitationReceivedByPeer']]);
  await show({ state: 'accepted', remainingMs: 0 });
  expect(told.slice(1)).toEqual([['LocalInvitationCanceled']]);
  expect(world.server.last('rtm-send')).toMatchObject({ to: 'bob', body: { kind: 'raw' } });
});

test('[RTM20] one that was cancelled without a connection ends once, also when its user logs out', async () => {
  const { world, invitation, told } = await sent(agora);
  world.server.dropFor(5_000);
  await world.pass();
  invitation.cancel();
  await world.pass();
  world.server.silentOn.add('rtm-cancel');
  await world.pass(30_000);
  expect(await world.done(world.client.pendingInvitations())).toEqual({ local: [], remote: [] });
  await world.client.logout();
  await world.pass();
  expect(told).toEqual([['LocalInvitationCanceled']]);
});
