import { decideInvitation } from '@ringline/call';
import { VirtualClock } from '@ringline/testkit';
import { describe, expect, test } from 'vitest';
import { keyOfInvitation } from '../../src/store/outbox.ts';
import type { NewEvent } from '../../src/store/outbox.ts';
import { openNodeSqlite } from '../../src/store/sqlite/node-sqlite.ts';
import { openSqliteStore } from '../../src/store/sqlite/store.ts';
import type { Store } from '../../src/store/store.ts';
import { PAGE } from '../../src/verify/pages.ts';
import { T0, commit, newCallId } from '../store/builders.ts';
import { newFile } from '../store/sqlite-files.ts';
import { Receiver, endpointAt } from '../support/receiver.ts';
import { ask, rtm } from '../support/rtm.ts';
import { TestCluster } from '../support/test-cluster.ts';
import { flawsOf } from './flaws-of.ts';
import { STORES } from './life.ts';

const OPEN = 'an-open-invitation-01';
const OVER = 'one-that-was-refused-';

/** An invitation that is open and one that was refused, told to an endpoint. */
async function invitedTwice(store: Store): Promise<void> {
  const clock = new VirtualClock();
  const outbound = new Receiver(clock);
  const configured = [endpointAt('https://backend.example.com/')];
  const cluster = new TestCluster({
    clock,
    store,
    webhooks: { outbound, configured, keepMs: 86_400_000 },
  });
  const node = await cluster.node();
  const alice = await cluster.device(node, 'alice', 'alice1', { rtm });
  const bob = await cluster.device(node, 'bob', 'bob1', { rtm });
  const asked = { type: 'rtm-invite', to: 'bob', content: 'come', channel: '' } as const;
  for (const invitation of [OPEN, OVER]) await ask(cluster, alice, { ...asked, invitation });
  await ask(cluster, bob, { type: 'rtm-refuse', invitation: OVER, response: 'no' });
  await clock.advanceAsync(50);
  expect(outbound.types()).toHaveLength(3);
  await node.stop();
}

function event(type: NewEvent['type'], id: string, data: object): NewEvent {
  return { id: `stray ${type}`, type, key: keyOfInvitation(id), data, deliveries: [] };
}

describe.each(STORES)('%s', (_, make) => {
  test('[VFY7] what is kept of invitations and told of them fits together', async () => {
    const store = make();
    await invitedTwice(store);
    expect(await flawsOf(store)).toEqual([]);
    await store.close();
  });

  test('[VFY7] an end that has not come, or is told twice, is no event', async () => {
    const store = make();
    await invitedTwice(store);
    const sentAt = (await store.invitations([OPEN]))[0]?.sentAt;
    await commit(store, { events: [event('invitation.ended', OPEN, { sentAt })] });
    expect(await flawsOf(store)).toEqual([
      `invitation ${OPEN}: its event 2, invitation.ended, has not happened, or is told before`,
    ]);
    await store.close();
  });

  test('[VFY7] events that are gone, of an invitation that is, or of an earlier one with its id are no difference', async () => {
    const store = make();
    await invitedTwice(store);
    const stranger = event('invitation.sent', 'an-invitation-of-old-', { sentAt: 1 });
    const earlier = event('invitation.ended', OPEN, { sentAt: 1 });
    await commit(store, { events: [stranger, earlier] });
    await store.forgetEvents(Number.MAX_SAFE_INTEGER, { limit: 10 });
    expect(await flawsOf(store)).toEqual([]);
    await store.close();
  });

  test('[VFY6] all invitations are read', async () => {
    const store = make();
    const ids = Array.from({ length: PAGE + 1 }, newCallId);
    const sent = ids.flatMap((invitation, i) => {
      const by = { user: `user-${i}`, device: 'page' };
      const asked = { type: 'rtm-invite', invitation, by, to: 'bob', content: '', channel: '' };
      const world = { open: 0, incoming: 0, between: 0, isCalleeHere: true } as const;
      const decided = decideInvitation(
        { ...world, invitation: undefined },
        asked as { type: 'rtm-invite' } & typeof asked,
        T0,
      );
      return decided.invitation ?? [];
    });
    const wrong = event('invitation.ended', ids.at(-1) ?? '', { sentAt: T0 });
    await commit(store, { invitations: sent, events: [wrong] });
    expect(await flawsOf(store)).toHaveLength(1);
    await store.close();
  });
});

test.each([
  [
    `UPDATE invitations SET caller = 'carol' WHERE id = '${OPEN}'`,
    `invitation ${OPEN}: what it is found by has caller "carol", it "alice"`,
  ],
  [
    `UPDATE invitations SET deadline = NULL WHERE id = '${OPEN}'`,
    `invitation ${OPEN}: what it is found by has deadline null, it `,
  ],
  [
    `UPDATE events SET data = json_set(data, '$.offline', json('true')) WHERE key LIKE '%${OPEN}'`,
    `invitation ${OPEN}: its event 1 has offline true, the invitation itself false`,
  ],
  [
    `UPDATE events SET data = json_set(data, '$.outcome', 'accepted')
      WHERE key LIKE '%${OVER}' AND sequence = 2`,
    `invitation ${OVER}: its event 2 has outcome "accepted", the invitation itself "refused"`,
  ],
  [
    `UPDATE events SET sequence = 3 - sequence WHERE key LIKE '%${OVER}'`,
    `invitation ${OVER}: its event 2, invitation.sent, has not happened, or is told before`,
  ],
])('[VFY7] %s', async (statement, flaw) => {
  const file = newFile();
  const written = openSqliteStore(file);
  await invitedTwice(written);
  await written.close();
  const database = openNodeSqlite(file, 0);
  database.exec(statement);
  database.close();
  const store = openSqliteStore(file);
  expect((await flawsOf(store)).join('\n')).toContain(flaw);
  await store.close();
});
