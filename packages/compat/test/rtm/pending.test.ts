import { expect, test } from 'vitest';
import type {
  LocalInvitation as AgoraLocal,
  PendingInvitations,
  RemoteInvitation,
} from '../../src/rtm/agora.ts';
import type {
  LocalInvitation as AnyrtcLocal,
  RemoteInvitation as AnyrtcRemoteInvitation,
} from '../../src/rtm/anyrtc.ts';
import type { anyrtc } from './support/world.ts';
import { LOGGED_IN, agora, agoraWorld, failureOf } from './support/world.ts';
import { toldBy } from './support/told.ts';
import { invited, inviting } from './support/views.ts';

type Pending = PendingInvitations<
  AgoraLocal | AnyrtcLocal,
  RemoteInvitation | AnyrtcRemoteInvitation
>;

function pendingOf(world: Awaited<ReturnType<typeof agora | typeof anyrtc>>): Promise<Pending> {
  const asked: Promise<Pending> = world.client.pendingInvitations();
  return world.done(asked);
}

const OWN = 'invitation-of-alice-to-bob';

test.each(LOGGED_IN)(
  '[RTM26] %s: after a reload the app finds what rings, and is told of it',
  async (_, make) => {
    const world = await make();
    const told = toldBy(world.client);
    world.server.show(invited({ version: 3, state: 'received' }));
    const { local, remote } = await pendingOf(world);
    expect(told).toEqual([['RemoteInvitationReceived', remote[0]]]);
    expect([local, remote.map(({ callerId, state }) => [callerId, state])]).toEqual([
      [],
      [['bob', 'INVITATION_RECEIVED']],
    ]);
    remote[0]!.accept();
    await world.pass();
    expect(world.server.all('rtm-accept')).toHaveLength(1);
  },
);

test.each(LOGGED_IN)(
  '[RTM26] %s: and its own, whose events it is told from then on',
  async (_, make) => {
    const world = await make();
    world.server.show(inviting(OWN, { version: 2, state: 'received', content: 'coffee?' }));
    const { local, remote } = await pendingOf(world);
    const told = toldBy(local[0]!);
    expect([local.length, remote, local[0]!.calleeId, local[0]!.content]).toEqual([
      1,
      [],
      'bob',
      'coffee?',
    ]);
    await world.pass();
    expect(told).toEqual([['LocalInvitationReceivedByPeer']]);
    world.server.show(inviting(OWN, { version: 3, state: 'accepting', response: 'yes' }));
    await world.pass();
    expect(world.server.last('rtm-confirm').invitation).toBe(OWN);
    world.server.show(inviting(OWN, { version: 4, state: 'accepted', response: 'yes' }));
    await world.pass();
    expect(told.slice(1)).toEqual([['LocalInvitationAccepted', 'yes']]);
  },
);

test('[RTM26] an acceptance that no app knows of is not confirmed', async () => {
  const world = await agora();
  world.server.show(inviting(OWN, { version: 3, state: 'accepting', response: 'yes' }));
  await world.pass();
  expect(world.server.all('rtm-confirm')).toEqual([]);
  const { local } = await world.done(world.client.pendingInvitations());
  const told = toldBy(local[0]!);
  await world.pass();
  expect(told).toEqual([['LocalInvitationReceivedByPeer']]);
  expect(world.server.all('rtm-confirm')).toHaveLength(1);
});

test('[RTM26] what the server tells after the welcome is waited for', async () => {
  const world = agoraWorld();
  world.server.afterWelcome = [invited({ state: 'received' })];
  const found = world.client
    .login({ uid: 'alice', token: 'token' })
    .then(() => world.client.pendingInvitations());
  expect((await world.done(found)).remote).toHaveLength(1);
  await world.done(world.client.pendingInvitations());
  expect(world.server.all('rtm-ping')).toHaveLength(1);
});

test.each(LOGGED_IN)('[RTM26] %s: also where presence is not permitted', async (_, make) => {
  const world = await make();
  world.server.refuse('query-presence', 'not-permitted');
  world.server.show(invited());
  expect((await pendingOf(world)).remote).toHaveLength(1);
});

test('[RTM26] an invitation is the same object, whoever asks; one that is over is no more there', async () => {
  const world = await agora();
  const invitation = world.client.createLocalInvitation('bob');
  invitation.send();
  await world.pass();
  const [first, second] = [
    await world.done(world.client.pendingInvitations()),
    await world.done(world.client.pendingInvitations()),
  ];
  expect([first.local[0], second.local[0]]).toEqual([invitation, invitation]);
  expect(first.local[0]).toBe(second.local[0]);
  world.server.show(inviting(invitation.id, { version: 2, state: 'refused', remainingMs: 0 }));
  await world.pass();
  expect(await world.done(world.client.pendingInvitations())).toEqual({ local: [], remote: [] });
});

test('[RTM26] without a login there is nothing to ask', async () => {
  const [code] = await failureOf(agoraWorld().client.pendingInvitations());
  expect(code).toBe(102);
});
