import { expect, test } from 'vitest';
import { Town } from './support/rtm-town.ts';

test('[RTM14] what has failed while its page was away rings nobody at a real server', async () => {
  const town = await new Town().start();
  const alice = await town.page('agora', 'alice');
  const bob = await town.page('agora', 'bob');
  town.news();
  alice.lose();
  alice.wires.at(-1)?.drop();
  await town.pass(1_000);
  const invitation = alice.client.createLocalInvitation('bob');
  town.listen('alice', invitation);
  invitation.send();
  await town.pass(44_000);
  expect(invitation.state).toBe('FAILURE');
  alice.find();
  await town.pass(90_000);
  expect(alice.client.ringline.connectionState).toBe('connected');
  expect([town.news(), bob.remote]).toEqual([
    [['alice', 'LocalInvitationFailure', 'PEER_NO_RESPONSE']],
    [],
  ]);
});

test('[RTM24] anyRTC’s hang-up reaches a page that was away for 16 s', async () => {
  const town = await new Town().start();
  const alice = await town.page('anyrtc', 'alice');
  const bob = await town.page('anyrtc', 'bob');
  const invitation = await town.invite(alice, 'alice', 'bob');
  bob.remote[0]!.accept();
  await town.pass();
  town.news();
  bob.lose();
  bob.wires.at(-1)?.drop();
  await town.pass();
  invitation.cancel();
  await town.pass(16_000);
  expect(bob.remote[0]!.state).toBe('ACCEPTED');
  bob.find();
  await town.pass(60_000);
  expect(bob.remote[0]!.state).toBe('CANCELED');
  expect(town.news()).toContainEqual(['bob', 'RemoteInvitationCanceled', 'coffee?']);
});
