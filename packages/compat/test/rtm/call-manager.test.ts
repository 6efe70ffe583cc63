import { expect, test } from 'vitest';
import { LOGGED_IN, agora, agoraWorld, anyrtc } from './support/world.ts';
import { invited, inviting } from './support/views.ts';

const CALLBACKS = [
  'onLocalInvitationReceivedByPeer',
  'onLocalInvitationAccepted',
  'onLocalInvitationRefused',
  'onLocalInvitationCanceled',
  'onLocalInvitationFailure',
  'onRemoteInvitationReceived',
  'onRemoteInvitationAccepted',
  'onRemoteInvitationRefused',
  'onRemoteInvitationCanceled',
  'onRemoteInvitationFailure',
] as const;

/** A handler that notes what it is told: the callback, and what follows the invitation. */
function noting() {
  const told: unknown[][] = [];
  const entries = CALLBACKS.map((name) => [
    name,
    (_: object, ...more: unknown[]) => void told.push([name, ...more]),
  ]);
  return { told, handler: Object.fromEntries(entries) as object };
}

test.each(LOGGED_IN)(
  '[RTM80] 发起呼叫邀请, 接受呼叫邀请, %s: the document’s CallRemoteUser',
  async (_, make) => {
    const world = await make();
    const { told, handler } = noting();
    const callManager = world.client.getRtmCallManager(handler);
    const callInvitation = callManager.createLocalCallInvitation('bob')!;
    expect(callManager.sendLocalInvitation(callInvitation as never)).toBe(0);
    await world.pass();
    world.server.show(inviting(callInvitation.id, { state: 'received' }));
    world.server.show(
      inviting(callInvitation.id, { version: 2, state: 'accepted', response: 'yes' }),
    );
    await world.pass();
    expect(told).toEqual([
      ['onLocalInvitationReceivedByPeer'],
      ['onLocalInvitationAccepted', 'yes'],
    ]);
  },
);

test.each(LOGGED_IN)(
  '[RTM80] 取消呼叫邀请, %s: the document’s CancelLocalInvitation',
  async (_, make) => {
    const world = await make();
    const { told, handler } = noting();
    const callManager = world.client.getRtmCallManager(handler);
    const callInvitation = callManager.createLocalCallInvitation('bob')!;
    expect(callManager.cancelLocalInvitation(callInvitation as never)).toBe(2);
    callManager.sendLocalInvitation(callInvitation as never);
    expect(callManager.cancelLocalInvitation(callInvitation as never)).toBe(0);
    expect(callManager.sendLocalInvitation(callInvitation as never)).toBe(5);
    await world.pass();
    world.server.show(inviting(callInvitation.id, { state: 'cancelled', remainingMs: 0 }));
    await world.pass();
    expect(told).toEqual([['onLocalInvitationCanceled']]);
    expect(callManager.sendLocalInvitation(callInvitation as never)).toBe(3);
  },
);

test.each([
  ['acceptRemoteInvitation', 'accepted', 'onRemoteInvitationAccepted'],
  ['refuseRemoteInvitation', 'refused', 'onRemoteInvitationRefused'],
] as const)('[RTM80] 接受, 拒绝呼叫邀请: the document’s %s', async (method, state, callback) => {
  const world = await agora();
  const { told, handler } = noting();
  const callManager = world.client.getRtmCallManager({
    ...handler,
    onRemoteInvitationReceived: (invitation) => {
      expect(callManager[method](invitation)).toBe(0);
    },
  });
  world.server.show(invited());
  await world.pass();
  const answeredBy = world.server.last('hello').device;
  world.server.show(invited({ version: 2, state, answeredBy, remainingMs: 0 }));
  await world.pass();
  expect(told).toEqual([[callback]]);
});

test('[RTM80] 取消: the callee’s handler is told, and reasons are the native numbers', async () => {
  const world = await anyrtc();
  const { told, handler } = noting();
  const callManager = world.client.getRtmCallManager(handler);
  for (const id of ['one-invitation-of-bob', 'another-invitation-of-bob']) {
    world.server.show(invited({ id }));
  }
  await world.pass();
  const over = { version: 2, remainingMs: 0 };
  world.server.show(invited({ id: 'one-invitation-of-bob', ...over, state: 'cancelled' }));
  const failed = { ...over, state: 'failed', failure: 'not-confirmed' } as const;
  world.server.show(invited({ id: 'another-invitation-of-bob', ...failed }));
  const invitation = callManager.createLocalCallInvitation('bob')!;
  callManager.sendLocalInvitation(invitation);
  await world.pass();
  world.server.show(inviting(invitation.id, { state: 'failed', failure: 'expired' }));
  await world.pass();
  expect(told).toEqual([
    ['onRemoteInvitationReceived'],
    ['onRemoteInvitationReceived'],
    ['onRemoteInvitationCanceled'],
    ['onRemoteInvitationFailure', 2],
    ['onLocalInvitationFailure', 3],
  ]);
});

test('[RTM81] a callee’s id that is none gives no invitation; a send without a login fails by its callback', async () => {
  const world = agoraWorld();
  const { told, handler } = noting();
  const callManager = world.client.getRtmCallManager(handler);
  expect(callManager.createLocalCallInvitation('')).toBeNull();
  const invitation = callManager.createLocalCallInvitation('bob')!;
  expect(callManager.sendLocalInvitation(invitation)).toBe(0);
  await world.pass(0);
  expect(told).toEqual([['onLocalInvitationFailure', 4]]);
});

test('[RTM81] it goes on after a logout, beside the events, and a callback that throws disturbs nobody', async () => {
  const world = await agora();
  const said: unknown[] = [];
  const { error } = console;
  console.error = (...words: unknown[]) => void said.push(words[0]);
  try {
    world.client.getRtmCallManager({
      onRemoteInvitationReceived: () => {
        throw new Error('of the app');
      },
    });
    const { told, handler } = noting();
    world.client.getRtmCallManager(handler);
    await world.client.logout();
    await world.login();
    let received = 0;
    world.client.on('RemoteInvitationReceived', () => void received++);
    world.server.show(invited());
    await world.pass();
    expect([told, received]).toEqual([[['onRemoteInvitationReceived']], 1]);
    expect(said).toEqual(["ringline: a listener of 'onRemoteInvitationReceived' threw"]);
  } finally {
    console.error = error;
  }
});

test('[RTM80] the handler hears of those that an earlier page has sent', async () => {
  const world = await agora();
  const { told, handler } = noting();
  world.client.getRtmCallManager(handler);
  const id = 'invitation-of-alice-to-bob';
  world.server.show(inviting(id, { version: 2, state: 'received' }));
  await world.done(world.client.pendingInvitations());
  await world.done(world.client.pendingInvitations());
  await world.pass();
  world.server.show(inviting(id, { version: 3, state: 'accepting' }));
  world.server.show(inviting(id, { version: 4, state: 'accepted' }));
  await world.pass();
  expect(told).toEqual([['onLocalInvitationReceivedByPeer'], ['onLocalInvitationAccepted', '']]);
});

test.each(LOGGED_IN)(
  '[RTM80] %s: whatever ended it, a command on what has ended gives ALREADY_END',
  async (_, make) => {
    const world = await make();
    let remote: unknown;
    const handler = { onRemoteInvitationReceived: (each: unknown) => void (remote = each) };
    const callManager = world.client.getRtmCallManager(handler);
    world.server.show(invited());
    await world.pass();
    world.server.show(invited({ version: 2, state: 'cancelled', remainingMs: 0 }));
    await world.pass();
    const local = callManager.createLocalCallInvitation('bob')!;
    callManager.sendLocalInvitation(local as never);
    await world.pass();
    world.server.show(inviting(local.id, { state: 'refused', remainingMs: 0 }));
    await world.pass();
    expect([
      callManager.acceptRemoteInvitation(remote as never),
      callManager.refuseRemoteInvitation(remote as never),
      callManager.cancelLocalInvitation(local as never),
      callManager.sendLocalInvitation(local as never),
    ]).toEqual([3, 3, 3, 3]);
  },
);

test('[RTM80] what is no invitation of this client is INVALID_ARGUMENT', async () => {
  const world = await agora();
  const callManager = world.client.getRtmCallManager({});
  const other = agoraWorld().client.createLocalInvitation('bob');
  expect(callManager.sendLocalInvitation(other)).toBe(1);
  expect(callManager.acceptRemoteInvitation(other as never)).toBe(1);
});
