import { expect, test } from 'vitest';
import { decideInvitation } from '@ringline/call';
import type { Invitation } from '@ringline/call';
import { INVITATION_REACH_MS } from '@ringline/protocol';
import { LEASE_KEPT_MS } from '../../../src/store/leases.ts';
import type { DueClaim } from '../../../src/store/leases.ts';
import type { Store } from '../../../src/store/store.ts';
import { T0, alice1, bob1, bound, carol1, commit, invited, lost, newCallId } from '../builders.ts';
import type { MakeStore } from '../contract.ts';

/** Leases of incarnations, what dead ones leave, duties, and claims of what is due. */
export function leasesContract(make: MakeStore): void {
  test('a lease goes on unless its incarnation was declared dead, and then begins anew', async () => {
    const store = await make();
    expect(await store.renewLease('n1', T0 + 100)).toBe(false);
    expect(await store.renewLease('n1', T0 + 200)).toBe(true);
    await store.declareDead(T0 + 199);
    expect(await store.renewLease('n1', T0 + 300)).toBe(true);
    await store.declareDead(T0 + 300);
    expect(await store.renewLease('n1', T0 + 400)).toBe(false);
    expect(await store.renewLease('n1', T0 + 500)).toBe(true);
  });

  test('a lease that ended and that nobody declared dead goes on', async () => {
    const store = await make();
    await store.renewLease('n1', T0 + 100);
    expect(await store.renewLease('n1', T0 + 900)).toBe(true);
  });

  test('a lease that ended long ago is forgotten with its last device, and who renews it is told', async () => {
    const store = await make();
    await store.renewLease('n1', T0);
    await store.renewLease('n2', T0);
    await commit(store, { devices: [bound(alice1)] });
    await store.declareDead(T0 + LEASE_KEPT_MS);
    expect(await store.orphans(9)).toEqual([{ device: bound(alice1), lostAt: T0 }]);
    expect(await store.renewLease('n2', T0 + LEASE_KEPT_MS + 9)).toBe(false);
    await commit(store, { devices: [lost(bound(alice1), T0)] });
    await store.declareDead(T0 + LEASE_KEPT_MS);
    expect(await store.renewLease('n1', T0 + LEASE_KEPT_MS + 9)).toBe(false);
    expect(await store.orphans(9)).toEqual([]);
  });

  test('a lease runs until its end', async () => {
    const store = await make();
    expect(await store.hasLease(T0)).toBe(false);
    await store.renewLease('n1', T0 + 100);
    await store.renewLease('n2', T0 + 50);
    expect(await store.hasLease(T0 + 99)).toBe(true);
    expect(await store.hasLease(T0 + 100)).toBe(false);
  });

  test('the store tells its time as a whole number of milliseconds, or has none', async () => {
    const now = await (await make()).now();
    expect(now === undefined || Number.isSafeInteger(now)).toBe(true);
  });

  test('devices are orphans when their incarnation was declared dead', async () => {
    const store = await make();
    const there = bound(bob1, { binding: { incarnation: 'n2', connection: 'c', boundAt: T0 } });
    await store.renewLease('n1', T0 + 100);
    await store.renewLease('n2', T0 + 200);
    await commit(store, { devices: [bound(alice1), there] });
    expect(await orphansAt(store, T0 + 99)).toEqual([]);
    expect(await store.orphans(9)).toEqual([]);
    expect(await orphansAt(store, T0 + 100)).toEqual([{ device: bound(alice1), lostAt: T0 + 100 }]);
    await store.renewLease('n1', T0 + 300);
    expect(await orphansAt(store, T0 + 250)).toEqual([{ device: there, lostAt: T0 + 200 }]);
    await commit(store, { devices: [lost(there, T0 + 200)] });
    expect(await orphansAt(store, T0 + 250)).toEqual([]);
  });

  test('an orphan was lost when it was bound, at the earliest, also where its node never had a lease', async () => {
    const store = await make();
    await commit(store, { devices: [bound(alice1)] });
    expect(await orphansAt(store, T0 + 1)).toEqual([{ device: bound(alice1), lostAt: T0 }]);
    await store.renewLease('n1', T0 - 50);
    expect(await orphansAt(store, T0 + 1)).toEqual([{ device: bound(alice1), lostAt: T0 }]);
  });

  test('a device that moved to another incarnation is its orphan', async () => {
    const store = await make();
    await store.renewLease('n1', T0 + 100);
    await store.renewLease('n2', T0 + 900);
    await commit(store, { devices: [bound(alice1)] });
    const binding = { incarnation: 'n2', connection: 'c2', boundAt: T0 + 50 };
    await commit(store, { devices: [bound(alice1, { version: 2, binding })] });
    expect(await orphansAt(store, T0 + 500)).toEqual([]);
    expect(await orphansAt(store, T0 + 900)).toHaveLength(1);
  });

  test('orphans come in portions', async () => {
    const store = await make();
    await commit(store, { devices: [bound(alice1), bound(bob1), bound(carol1)] });
    await store.declareDead(T0 + 1);
    expect(await store.orphans(2)).toHaveLength(2);
  });

  test('the owner of the store ends the leases of all others, none later than it was', async () => {
    const store = await make();
    const at = (incarnation: string) => ({
      binding: { incarnation, connection: 'c', boundAt: T0 },
    });
    await store.renewLease('old', T0 + 10);
    await store.renewLease('killed', T0 + 500);
    await store.renewLease('now', T0 + 600);
    const devices = [bound(alice1, at('old')), bound(bob1, at('killed')), bound(carol1, at('now'))];
    await commit(store, { devices });
    await store.endOtherLeases('now', T0 + 100);
    const orphans = await orphansAt(store, T0 + 100);
    expect(new Map(orphans.map(({ device, lostAt }) => [device.user, lostAt]))).toEqual(
      new Map([
        ['alice', T0 + 10],
        ['bob', T0 + 100],
      ]),
    );
  });

  test('a duty is of whoever took it, until its lease has ended', async () => {
    const store = await make();
    await store.renewLease('n1', T0 + 100);
    await store.renewLease('n2', T0 + 900);
    expect(await store.takeDuty('remove-items', 'n1', T0)).toBe(true);
    expect(await store.takeDuty('remove-items', 'n2', T0)).toBe(false);
    expect(await store.takeDuty('lose-devices', 'n2', T0)).toBe(true);
    expect(await store.takeDuty('remove-items', 'n1', T0 + 99)).toBe(true);
    expect(await store.takeDuty('remove-items', 'n2', T0 + 99)).toBe(false);
    expect(await store.takeDuty('remove-items', 'n2', T0 + 100)).toBe(true);
    expect(await store.takeDuty('remove-items', 'n1', T0 + 100)).toBe(false);
  });

  test('of two that take a duty at once one has it', async () => {
    const store = await make();
    await store.renewLease('n1', T0 + 100);
    await store.renewLease('n2', T0 + 100);
    const both = ['n1', 'n2'].map((each) => store.takeDuty('forget-events', each, T0));
    expect((await Promise.all(both)).filter(Boolean)).toHaveLength(1);
  });

  test('of the calls that are due each is given to one claim, until that is over', async () => {
    const store = await make();
    const calls = [3, 1, 2].map((s) => due(T0 + s * 1000));
    await commit(store, { calls });
    const [third, first, second] = calls.map(({ id }) => id);
    expect(await store.claimDueCalls(claimAt(T0 + 999))).toEqual([]);
    expect(await store.claimDueCalls(claimAt(T0 + 2000, 1))).toEqual([first]);
    expect(await store.claimDueCalls(claimAt(T0 + 3000))).toEqual([second, third]);
    expect(await store.claimDueCalls(claimAt(T0 + 2000 + CLAIM_MS))).toEqual([first]);
    expect(await store.claimDueCalls(claimAt(T0 + 3000 + CLAIM_MS))).toEqual([second, third]);
  });

  test('what is due by now and not by the moment asked for is not given out', async () => {
    const store = await make();
    await commit(store, { calls: [due(T0 + 1000)] });
    const late = { ...claimAt(T0 + 1000), before: T0 + 999 };
    expect(await store.claimDueCalls(late)).toEqual([]);
    expect(await store.claimDueCalls(claimAt(T0 + 1000))).toHaveLength(1);
  });

  test('claims made at once share what is due', async () => {
    const store = await make();
    const calls = Array.from({ length: 20 }, (_, i) => due(T0 + i));
    await commit(store, { calls });
    const claims = Array.from({ length: 4 }, () => store.claimDueCalls(claimAt(T0 + 99, 5)));
    const given = (await Promise.all(claims)).flat();
    expect(new Set(given).size).toBe(given.length);
    const rest = await store.claimDueCalls(claimAt(T0 + 99, 99));
    expect([...given, ...rest].toSorted()).toEqual(calls.map(({ id }) => id).toSorted());
  });

  test('a claim of a call is over with its next step', async () => {
    const store = await make();
    const call = due(T0 + 1000);
    await commit(store, { calls: [call] });
    expect(await store.claimDueCalls(claimAt(T0 + 1000))).toEqual([call.id]);
    await commit(store, { calls: [{ ...call, version: 2, expiresAt: T0 + 1500 }] });
    expect(await store.claimDueCalls(claimAt(T0 + 1500))).toEqual([call.id]);
  });

  test('invitations are claimed likewise', async () => {
    const store = await make();
    const [early, late] = [invitationAt(T0), invitationAt(T0 + 5)];
    await commit(store, { invitations: [late] });
    await commit(store, { invitations: [early] });
    const reach = T0 + INVITATION_REACH_MS;
    expect(await store.claimDueInvitations(claimAt(reach - 1))).toEqual([]);
    expect(await store.claimDueInvitations(claimAt(reach + 5, 1))).toEqual([early.id]);
    expect(await store.claimDueInvitations(claimAt(reach + 5))).toEqual([late.id]);
    expect(await store.claimDueInvitations(claimAt(reach + 5 + CLAIM_MS))).toHaveLength(2);
    expect(await store.claimDueInvitations(claimAt(reach + 6 + CLAIM_MS))).toEqual([]);
  });

  test('and so are logins, whose claim is over when their end moves', async () => {
    const store = await make();
    const page = bound(alice1, { login: { endsAt: null, channels: [] } });
    await commit(store, { devices: [page] });
    const away = { ...lost(page, T0), login: { endsAt: T0 + 30, channels: [] } };
    await commit(store, { devices: [away] });
    expect(await store.claimDueLogins(claimAt(T0 + 29))).toEqual([]);
    expect(await store.claimDueLogins(claimAt(T0 + 30))).toEqual([alice1]);
    const changed = { ...away, version: away.version + 1, hasLeft: true };
    await commit(store, { devices: [changed] });
    expect(await store.claimDueLogins(claimAt(T0 + 40))).toEqual([]);
    const login = { endsAt: T0 + 35, channels: [] };
    await commit(store, { devices: [{ ...changed, version: changed.version + 1, login }] });
    expect(await store.claimDueLogins(claimAt(T0 + 40))).toEqual([alice1]);
  });
}

const CLAIM_MS = 5000;

function claimAt(now: number, limit = 9): DueClaim {
  return { before: now, now, until: now + CLAIM_MS, limit };
}

async function orphansAt(store: Store, now: number) {
  await store.declareDead(now);
  return store.orphans(9);
}

function due(at: number) {
  return invited(alice1, 'bob', { expiresAt: at, offlineAt: at });
}

function invitationAt(at: number): Invitation {
  const { invitation } = decideInvitation(
    { invitation: undefined, open: 0, incoming: 0, between: 0, isCalleeHere: true },
    {
      type: 'rtm-invite',
      invitation: newCallId(),
      by: alice1,
      to: 'bob',
      content: '',
      channel: '',
    },
    at,
  );
  if (!invitation) throw new Error('this invitation is good');
  return invitation;
}
