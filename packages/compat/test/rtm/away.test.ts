import { CONFIRM_TIMEOUT_MS, RTM_OFFLINE_AFTER_MS } from '@ringline/protocol';
import { expect, test } from 'vitest';
import { WORD_MARGIN_MS } from '../../src/rtm/core/timing.ts';
import { LOGGED_IN, agora, anyrtc } from './support/world.ts';
import { toldBy } from './support/told.ts';
import { invited, inviting } from './support/views.ts';

/** Away for the first second of so many milliseconds. */
async function away(forMs: number, make: typeof agora | typeof anyrtc = agora) {
  const world = await make();
  world.server.dropFor(forMs);
  await world.pass(1_000);
  return world;
}

/** Alice's page, which bob has invited. */
async function ringing(make: typeof agora | typeof anyrtc = agora) {
  const world = await make();
  world.server.show(invited());
  const { remote } = await world.done(world.client.pendingInvitations());
  const [invitation] = remote;
  if (invitation === undefined) throw new Error('no invitation came');
  return { world, invitation, told: toldBy(invitation) };
}

/** The network is gone, and nobody has noticed yet. */
function cut({ server }: Pick<Awaited<ReturnType<typeof agora>>, 'server'>): void {
  server.isReachable = false;
  server.wire.cut();
}

test.each(LOGGED_IN)(
  '[RTM14] %s: what has failed without a connection is not sent when it is back: nobody rings for nobody',
  async (_, make) => {
    const world = await away(45_000, make);
    const invitation = world.client.createLocalInvitation('bob');
    const told = toldBy(invitation);
    invitation.send();
    await world.pass(90_000);
    expect(told).toEqual([['LocalInvitationFailure', 'PEER_NO_RESPONSE']]);
    expect(world.server.all('hello').length).toBeGreaterThan(1);
    expect(world.server.all('rtm-invite')).toEqual([]);
  },
);

test('[RTM14] what is sent and cancelled without a connection is not sent when it is back', async () => {
  const world = await away(5_000);
  const invitation = world.client.createLocalInvitation('bob');
  invitation.send();
  await world.pass(500);
  invitation.cancel();
  await world.pass(30_000);
  expect(world.server.all('hello').length).toBeGreaterThan(1);
  expect(world.server.all('rtm-invite')).toEqual([]);
});

test('[RTM14] nor is what went into a connection that was gone already', async () => {
  const world = await agora();
  cut(world);
  const invitation = world.client.createLocalInvitation('bob');
  invitation.send();
  await world.pass(45_000);
  world.server.isReachable = true;
  await world.pass(60_000);
  expect(world.server.all('hello').length).toBeGreaterThan(1);
  expect(world.server.all('rtm-invite')).toEqual([]);
});

test('[RTM14] what the server takes up after it has failed here is cancelled, also if it did not know it before', async () => {
  const world = await agora();
  world.server.silentOn.add('rtm-invite');
  const invitation = world.client.createLocalInvitation('bob');
  const told = toldBy(invitation);
  invitation.send();
  await world.pass(40_000);
  expect(told).toEqual([['LocalInvitationFailure', 'PEER_NO_RESPONSE']]);
  world.server.welcome = { lastSeq: 9, rtm: { resumed: true, gone: [invitation.id] } };
  world.server.wire.drop();
  await world.pass(3_000);
  world.server.show(inviting(invitation.id));
  await world.pass();
  expect(world.server.last('rtm-cancel').invitation).toBe(invitation.id);
});

test.each(LOGGED_IN)(
  '[RTM15] %s: an acceptance without a connection fails after its time, and is not said later',
  async (_, make) => {
    const { world, invitation, told } = await ringing(make);
    world.server.dropFor(30_000);
    await world.pass(1_000);
    invitation.accept();
    await world.pass(CONFIRM_TIMEOUT_MS + WORD_MARGIN_MS - 1);
    expect(told).toEqual([]);
    await world.pass(1);
    expect(told).toEqual([['RemoteInvitationFailure', 'ACCEPT_FAILURE']]);
    await world.pass(60_000);
    expect(world.server.all('rtm-accept')).toEqual([]);
  },
);

test('[RTM15] once it is said the server counts for as long as the invitation lives', async () => {
  const { world, invitation, told } = await ringing();
  world.server.dropFor(3_000);
  await world.pass(1_000);
  invitation.accept();
  await world.pass(CONFIRM_TIMEOUT_MS + WORD_MARGIN_MS + 5_000);
  expect(world.server.all('rtm-accept')).toHaveLength(1);
  expect(told).toEqual([]);
});

test('[RTM14] cancelled over a connection that is dead, the caller hears it as soon as that is known', async () => {
  const world = await agora();
  const invitation = world.client.createLocalInvitation('bob');
  const told = toldBy(invitation);
  invitation.send();
  await world.pass();
  cut(world);
  invitation.cancel();
  await world.pass(10_000);
  expect(told).toEqual([['LocalInvitationCanceled']]);
  expect(world.client.ringline.connectionState).toBe('reconnecting');
});

test('[RTM13] refused over a connection that is dead, the callee hears it as soon as that is known', async () => {
  const { world, invitation, told } = await ringing();
  cut(world);
  invitation.refuse();
  await world.pass(10_000);
  expect(told).toEqual([['RemoteInvitationRefused']]);
});

test('[RTM24] anyRTC: a hang-up is said again until the callee’s page has it', async () => {
  const { world, hangUp } = await established();
  await hangUp();
  await world.pass(10_000);
  const tries = world.server.all('rtm-send');
  expect(tries.length).toBeGreaterThan(1);
  expect(new Set(tries.map(({ message }) => message)).size).toBe(1);
  world.server.answers.set('rtm-send', { type: 'rtm-sent', received: true });
  await world.pass(3_000);
  const said = world.server.all('rtm-send').length;
  await world.pass(60_000);
  expect(world.server.all('rtm-send')).toHaveLength(said);
});

test('[RTM24] anyRTC: or until the callee’s login is over', async () => {
  const { world, hangUp } = await established();
  await hangUp();
  await world.pass(RTM_OFFLINE_AFTER_MS + 2_000);
  const said = world.server.all('rtm-send').length;
  await world.pass(60_000);
  expect(world.server.all('rtm-send')).toHaveLength(said);
});

/** AnyRTC's page, whose invitation of bob was accepted; he has gone since. */
async function established() {
  const world = await anyrtc();
  const invitation = world.client.createLocalInvitation('bob');
  invitation.send();
  await world.pass();
  world.server.show(inviting(invitation.id, { state: 'accepted' }));
  await world.pass();
  world.server.answers.set('rtm-send', { type: 'rtm-sent', received: false });
  const hangUp = () => {
    invitation.cancel();
    return world.pass();
  };
  return { world, hangUp };
}
