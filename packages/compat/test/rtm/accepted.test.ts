import type { Call, Notes } from '@ringline/client';
import type { CallView } from '@ringline/protocol';
import { expect, test } from 'vitest';
import { MAX_ACCEPTED_KEPT } from '../../src/rtm/core/timing.ts';
import { REMOTE, invited, inviting } from './support/views.ts';
import { DIALECTS, agoraWorld, failureOf } from './support/world.ts';

/** A tab's storage, with what an earlier page has left there. */
function tab(...noted: unknown[]) {
  const kept = { text: JSON.stringify(noted) };
  const notes: Notes = { read: () => kept.text, write: (text) => (kept.text = text) };
  return { kept, options: { media: null, signallingOnly: true, invitationNotes: notes } };
}

const OWN = 'invitation-of-alice-to-bob';
const ACCEPTED = { version: 4, state: 'accepted', response: 'yes', remainingMs: 0 } as const;

const CALL_OF_BOB: CallView = {
  id: 'call-of-bob-to-alice',
  version: 1,
  peer: { user: 'bob' },
  media: 'audio',
  remainingMs: 60_000,
  direction: 'incoming',
  state: 'inviting',
  content: `rtm-invitation:${REMOTE}`,
  peerDevice: 'bob1',
  epoch: 1,
};

test.each(DIALECTS)(
  '[RTM28] %s: a page loaded anew finds what was accepted, and raises it',
  async (_, make) => {
    const { options } = tab(REMOTE, OWN);
    const world = make(options);
    world.server.afterWelcome = [
      invited({ ...ACCEPTED, answeredBy: 'the page before' }),
      inviting(OWN, ACCEPTED),
    ];
    await world.login();
    expect(world.server.last('hello').rtm?.invitations).toEqual([
      { id: REMOTE, version: 0 },
      { id: OWN, version: 0 },
    ]);
    const rung: Call[] = [];
    world.client.ringline.on('incoming', (call) => void rung.push(call));
    world.server.say({ type: 'call', at: world.clock.now(), call: CALL_OF_BOB });
    const { local, remote } = await world.done(world.client.acceptedInvitations());
    expect([local, remote].map(([each]) => [each?.state, each?.response])).toEqual([
      ['ACCEPTED_BY_REMOTE', 'yes'],
      ['ACCEPTED', 'yes'],
    ]);
    const raise = world.client.raise.bind(world.client) as (face: unknown) => Promise<Call>;
    void raise(remote[0]);
    await world.pass();
    expect([rung, world.server.last('accept').call]).toEqual([[], CALL_OF_BOB.id]);
    void raise(local[0]);
    await world.pass();
    expect(world.server.last('invite')).toMatchObject({ to: 'bob', raised: true });
  },
);

test('[RTM28] what is accepted is noted, until its call is over or it was hung up', async () => {
  const { kept, options } = tab();
  const world = agoraWorld(options);
  await world.login();
  const own = world.client.createLocalInvitation('bob');
  own.send();
  await world.pass();
  world.server.show(inviting(own.id, { state: 'accepted' }));
  await world.pass();
  expect(kept.text).toBe(JSON.stringify([own.id]));
  expect((await world.done(world.client.acceptedInvitations())).local).toEqual([own]);
  const raised = world.client.raise(own);
  await world.pass();
  const { call: id } = world.server.last('invite');
  const view = { id, direction: 'outgoing', peer: { user: 'bob' }, media: 'audio' } as const;
  const talks = { ...view, version: 2, state: 'established', peerDevice: 'b', epoch: 1 } as const;
  world.server.say({ type: 'call', at: world.clock.now(), call: talks });
  await world.done(raised);
  expect(kept.text).toBe(JSON.stringify([own.id]));
  const over = { ...view, version: 3, state: 'ended', durationSeconds: 1 } as const;
  const call = { ...over, reason: 'completed' } as const;
  world.server.say({ type: 'call', at: world.clock.now(), call });
  await world.pass();
  expect(kept.text).toBe('[]');
  expect((await world.done(world.client.acceptedInvitations())).local).toEqual([]);
});

test('[RTM28] what the server keeps no more, or what ended otherwise, is forgotten', async () => {
  const { kept, options } = tab(REMOTE, OWN);
  const world = agoraWorld(options);
  world.server.welcome = { rtm: { resumed: false, gone: [REMOTE] } };
  world.server.afterWelcome = [inviting(OWN, { version: 3, state: 'refused' })];
  await world.login();
  const nothing = { local: [], remote: [] };
  expect(await world.done(world.client.acceptedInvitations())).toEqual(nothing);
  expect(kept.text).toBe('[]');
});

test('[RTM28] a logout forgets it, and so many are kept at most', async () => {
  const ids = Array.from({ length: MAX_ACCEPTED_KEPT + 1 }, (_, i) => `invitation-of-bob-${i}`);
  const { kept, options } = tab(...ids);
  const world = agoraWorld(options);
  await world.login();
  const named = world.server.last('hello').rtm?.invitations.map(({ id }) => id);
  expect(named).toEqual(ids.slice(1));
  await world.client.logout();
  expect(kept.text).toBe('[]');
});

test.each(['no JSON', '{}', '["short", 7, null]'])(
  '[RTM28] a note that is none counts as nothing: %s',
  async (text) => {
    const { kept, options } = tab();
    kept.text = text;
    const world = agoraWorld(options);
    await world.login();
    expect(world.server.last('hello').rtm?.invitations).toEqual([]);
  },
);

test('[RTM28] without a login there is nothing to ask', async () => {
  const [code] = await failureOf(agoraWorld().client.acceptedInvitations());
  expect(code).toBe(102);
});
