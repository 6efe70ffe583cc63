import { describe, expect, test } from 'vitest';
import type { Store } from '../../../src/store/store.ts';
import {
  T0,
  bound,
  cancelled,
  commit,
  established,
  invitation,
  invited,
  itemOf,
  lost,
  stepOf,
  textOf,
} from '../builders.ts';
import { event } from '../contract/outbox-builders.ts';
import { invitedBy } from '../contract/rtm.ts';
import { connect, newDatabase, openStore } from './databases.ts';

/** Others whose rows nothing below concerns: who reads them all is found out. */
const OTHERS = 1_500;
/** What each of the works below may read: a few rows of each of the tables. */
const FEW = 100;

/** All that is kept of one user and a call of it. */
async function live(store: Store, user: string): Promise<void> {
  const peer = `${user}-peer`;
  const call = invited({ user, device: 'd' }, peer);
  const over = cancelled(call);
  const login = { endsAt: null, channels: [`${user}-channel`] };
  await commit(store, {
    ...invitation(call),
    devices: [bound({ user, device: 'd' }, { login })],
    invitations: [invitedBy(user, peer)],
  });
  await commit(store, {
    calls: [over],
    records: [over.record],
    inbox: [itemOf(user, peer, { kind: 'record', record: over.record }), textOf(peer, user)],
    events: [event(call.id)],
    quality: [{ call: call.id, user, seconds: 1, mos: 4, mosMin: 4, lossRatio: 0 }],
    attributes: [{ of: { kind: 'user', user }, version: 0, attributes: [] }],
  });
}

/** Each is done once, among the rows of all others. */
const WORKS: Readonly<Record<string, (store: Store) => Promise<unknown>>> = {
  'a call from invitation to record': (store) => live(store, 'alice'),
  'load of a call, a device and RTM': (store) => {
    const attributesOf = { kind: 'user', user: 'u7' } as const;
    const rtm = { openOf: 'u7', openTo: 'u8', loginsOf: 'u7', attributesOf };
    const actor = { user: 'u7', device: 'd' };
    return store.load({ users: ['u7', 'u8'], actor, devicesOf: ['u8'], rtm });
  },
  'what was sent, read and acknowledged': async (store) => {
    await commit(store, { inbox: [{ ...textOf('u7', 'u7-peer'), key: 'k' }] });
    await store.commit(
      stepOf({
        reads: [{ user: 'u7-peer', peer: 'u7', cursor: 2, isTold: true }],
        devices: [bound({ user: 'u7-peer', device: 'd' }, { acknowledged: 2 })],
        seen: [],
      }),
    );
  },
  records: async (store) => {
    for (const outcome of [undefined, 'missed', 'completed', 'refused'] as const) {
      await store.records({ user: 'u7', limit: 5, ...(outcome && { outcome }) });
      await store.records({ user: 'u7', peer: 'u7-peer', limit: 5, ...(outcome && { outcome }) });
    }
    await store.missedCalls('u7-peer');
  },
  inboxes: async (store) => {
    await store.inboxStanding('u7');
    await store.inbox('u7', 0, 5);
    await store.history('u7', 'u7-peer', 99, 5);
    await store.conversations({ user: 'u7', limit: 5 });
    await store.conversations({ user: 'u7', peer: 'u7-peer', limit: 5 });
    await store.conversationsSince('u7', 0, 5);
  },
  'users and channels': async (store) => {
    await store.directory('u7', 5);
    await store.presence(['u7', 'u8']);
    await store.moves({ user: 'u7', move: 0 }, 5);
    await store.members(['u7-channel', 'u8-channel'], 5);
    await store.countMembers(['u7-channel', 'u8-channel']);
    await store.openInvitations('u7', 5);
  },
  'what is due': async (store) => {
    await store.dueCalls(T0 - 1, 5);
    const claim = { before: T0 - 1, now: T0, until: T0 + 9, limit: 5 };
    await store.claimDueCalls(claim);
    await store.claimDueInvitations({ ...claim, before: T0 + 1 });
    await store.claimDueLogins(claim);
    await store.forgetEmptyChannels(T0, 5);
    await store.forgetInvitations(T0, 5);
    await store.dueLogins(T0, 5);
    await store.declareDead(-1);
    await store.orphans(5);
    await store.hasLease(T0);
    await store.takeDuty('lose-devices', 'n1', T0);
  },
  'what couriers do': async (store) => {
    const due = await store.claimDeliveries({ endpoint: 'one', now: T0, until: T0 + 9, limit: 5 });
    const attempt = { at: T0, status: 204, note: '' };
    const over = { state: 'delivered', dueAt: null, attempt } as const;
    await store.settleDeliveries(
      due.map(({ n, claim }) => ({ n, claim, ...over })),
      T0,
    );
    await store.nextDelivery(['one']);
    await store.oldestWaiting(['one']);
    await store.noteEndpoints([], T0);
  },
  'lists of deliveries': async (store) => {
    const [newest] = await store.deliveries({ endpoint: 'one', limit: 5 });
    for (const state of ['waiting', 'delivered', 'dead'] as const) {
      await store.deliveries({ state, limit: 5 });
    }
    const { id, key } = newest!.event;
    await store.deliveries({ event: id, limit: 5 });
    await store.deliveries({ key, limit: 5 });
    await store.deliveries({ type: 'call.ended', limit: 5 });
    await store.event(id);
  },
  'what is sent again and forgotten': async (store) => {
    const [newest] = await store.deliveries({ endpoint: 'one', limit: 1 });
    await store.resend({ endpoint: 'one', event: newest!.event.id, limit: 5 }, T0);
    await store.resend({ endpoint: 'one', limit: 3 }, T0);
    await store.forgetEvents(T0 + 1, { limit: 3 });
    await store.forgetDeliveries('one', 5);
  },
  'what inboxes need not keep': async (store) => {
    await store.removeOlder(T0 + 1, 5);
    await store.removeBeyond({ keep: 0, inboxes: 5, limit: 5, after: 'u7' });
  },
  'what need not be kept of calls': async (store) => {
    const [call, later] = [invited({ user: 'erin', device: 'd' }, 'frank'), T0 + 99_000];
    const over = cancelled(call);
    await commit(store, { calls: [call] });
    await commit(store, { calls: [over], records: [over.record] });
    await store.shortenLogs(later, 5);
    await store.forgetCalls(later, { limit: 5 });
    const [newest] = await store.records({ user: 'erin', limit: 1 });
    await store.forgetCalls(later, { after: newest!.position - 1, limit: 5 });
  },
  'devices that are gone': async (store) => {
    const devices = [bound({ user: 'grace', device: 'd' }), bound({ user: 'heidi', device: 'd' })];
    await commit(store, { devices });
    await commit(store, { devices: devices.map((device) => lost(device, T0)) });
    await store.forgetDevices(T0 + 1, { from: 0, limit: 1 });
    await store.forgetDevices(T0 + 1, { from: T0, limit: 5 });
  },
  'the log of a call': async (store) => {
    const call = invited({ user: 'carol', device: 'd' }, 'dave');
    await commit(store, { calls: [call] });
    await commit(store, { calls: [established(call)] });
    await store.log(call.id);
    await store.call(call.id);
    await store.quality([call.id]);
  },
};

interface Reads {
  readonly table: string;
  readonly scans: number;
  readonly rows: number;
}

// Of one schema; sessions tell their numbers when they end.
const READS = {
  name: 'reads',
  text: `select t.relname as table, t.seq_scan as scans,
      t.seq_tup_read + coalesce(sum(i.idx_tup_read), 0)::bigint as rows
    from pg_stat_user_tables t left join pg_stat_user_indexes i using (relid)
    where t.schemaname = current_schema() and t.relname <> 'schema_version'
    group by t.relid, t.relname, t.seq_scan, t.seq_tup_read`,
};

describe('nothing reads all that is in a table', async () => {
  test('[SHR8] however the tables grow after plans were made', async () => {
    const url = await newDatabase();
    const first = await openStore(url);
    await Promise.all(Array.from({ length: OTHERS }, (_, i) => live(first, `u${i}`)));
    await first.close();
    const watching = await connect(url);
    // Indexes still name rows as they were, until somebody looks or this is done.
    await watching.exec('vacuum calls');
    const reads = () => watching.rows<Reads>(READS);
    const found: string[] = [];
    for (const [name, work] of Object.entries(WORKS)) {
      const before = new Map((await reads()).map((each) => [each.table, each]));
      const store = await openStore(url);
      await work(store);
      await store.close();
      for (const { table, scans, rows } of await reads()) {
        const { scans: scanned = 0, rows: read = 0 } = before.get(table) ?? {};
        if (scans > scanned) found.push(`${name}: a scan of ${table}`);
        if (rows - read > FEW) found.push(`${name}: ${rows - read} rows of ${table}`);
      }
    }
    expect(found).toEqual([]);
  });
});
