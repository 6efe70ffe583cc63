import type { Invitation } from '@ringline/call';
import { decideInvitation } from '@ringline/call';
import { INVITATION_REACH_MS } from '@ringline/protocol';
import { expect, test } from 'vitest';
import { keyOfInvitation } from '../../../src/store/outbox.ts';
import { MAX_KEPT_INVITATIONS } from '../../../src/store/rtm.ts';
import {
  T0,
  alice1,
  bob1,
  bound,
  cancelled,
  commit,
  invited,
  lost,
  newCallId,
  stepOf,
} from '../builders.ts';
import type { MakeStore } from '../contract.ts';
import { event } from './outbox-builders.ts';

/** A bare invitation that was just made. */
export function invitedBy(user: string, to: string, at = T0): Invitation {
  const { invitation } = decideInvitation(
    { invitation: undefined, open: 0, incoming: 0, between: 0, isCalleeHere: true },
    {
      type: 'rtm-invite',
      invitation: newCallId(),
      by: { user, device: 'd' },
      to,
      content: 'a\u0000b',
      channel: '',
    },
    at,
  );
  if (!invitation) throw new Error('no invitation came of it');
  return invitation;
}

function after(
  invitation: Invitation,
  type: 'rtm-receive' | 'rtm-cancel',
  at: number = T0,
): Invitation {
  const user = type === 'rtm-cancel' ? invitation.caller : invitation.callee;
  const decision = decideInvitation(
    { invitation, open: 0, incoming: 0, between: 0, isCalleeHere: true },
    { type, invitation: invitation.id, by: { user, device: 'd' } },
    at,
  );
  if (!decision.invitation) throw new Error('it has not changed');
  return decision.invitation;
}

/** Bare invitations and logins. */
export function rtmContract(make: MakeStore): void {
  test('an invitation is kept as it is, version by version', async () => {
    const store = await make();
    const sent = invitedBy('alice', 'bob');
    expect((await store.commit(stepOf({ invitations: [sent] }))).moved).toBe(true);
    const rtm = { invitation: sent.id };
    expect((await store.load({ users: [], rtm })).rtm?.invitation).toEqual(sent);
    const received = after(sent, 'rtm-receive');
    await commit(store, { invitations: [received] });
    expect((await store.load({ users: [], rtm })).rtm?.invitation).toEqual(received);
    expect((await store.load({ users: [] })).rtm).toBeUndefined();
  });

  test('of two changes to one version the second loses', async () => {
    const store = await make();
    const sent = invitedBy('alice', 'bob');
    await commit(store, { invitations: [sent] });
    expect((await store.commit(stepOf({ invitations: [sent] }))).moved).toBe(false);
    expect((await store.commit(stepOf({ invitations: [after(sent, 'rtm-cancel')] }))).moved).toBe(
      true,
    );
    expect((await store.commit(stepOf({ invitations: [after(sent, 'rtm-receive')] }))).moved).toBe(
      false,
    );
    expect(await store.invitations([sent.id])).toMatchObject([{ state: 'cancelled' }]);
  });

  test('open ones are found by either side and counted by their caller', async () => {
    const store = await make();
    const [one, two, over] = [
      invitedBy('alice', 'bob'),
      invitedBy('carol', 'alice'),
      invitedBy('alice', 'carol'),
    ];
    await commit(store, { invitations: [one] });
    await commit(store, { invitations: [two] });
    await commit(store, { invitations: [over] });
    await commit(store, { invitations: [after(over, 'rtm-cancel')] });
    expect(await store.openInvitations('alice', 9)).toEqual([one, two]);
    const third = invitedBy('alice', 'carol');
    await commit(store, { invitations: [third] });
    expect(await store.openInvitations('alice', 1)).toEqual([two, third]);
    await commit(store, { invitations: [after(third, 'rtm-cancel')] });
    expect(await store.openInvitations('bob', 9)).toEqual([one]);
    expect(await store.openInvitations('dave', 9)).toEqual([]);
    const openOf = async (user: string) =>
      (await store.load({ users: [], rtm: { openOf: user } })).rtm?.open;
    expect([await openOf('alice'), await openOf('carol'), await openOf('bob')]).toEqual([1, 1, 0]);
    const openTo = async (openOf: string, openTo: string) => {
      const { rtm } = await store.load({ users: [], rtm: { openOf, openTo } });
      return [rtm?.incoming, rtm?.between];
    };
    expect(await openTo('alice', 'bob')).toEqual([1, 1]);
    expect(await openTo('bob', 'alice')).toEqual([1, 0]);
    expect(await openTo('alice', 'carol')).toEqual([0, 0]);
  });

  test('what is over is forgotten, the oldest first, so many at once; what is open is not', async () => {
    const store = await make();
    const over = [1, 2, 3].map((ms) => invitedBy('alice', 'bob', T0 + ms));
    const open = invitedBy('alice', 'bob');
    for (const [i, each] of over.entries()) {
      await commit(store, { invitations: [each] });
      await commit(store, { invitations: [after(each, 'rtm-cancel', T0 + 10 + i)] });
    }
    await commit(store, { invitations: [open] });
    const ids = [...over, open].map(({ id }) => id);
    expect(await store.forgetInvitations(T0 + 12, 1)).toBe(1);
    expect(await store.forgetInvitations(T0 + 12, 9)).toBe(1);
    expect(await store.forgetInvitations(T0 + 12, 9)).toBe(0);
    const left = await store.invitations(ids);
    expect(new Set(left.map(({ id }) => id))).toEqual(new Set([over[2]?.id, open.id]));
    const rtm = { invitation: over[0]?.id ?? '' };
    expect((await store.load({ users: [], rtm })).rtm?.invitation).toBeUndefined();
  });

  test('[BIS7] of those of one caller that are over the latest are kept, and no more', async () => {
    const store = await make();
    const [open, others] = [invitedBy('alice', 'bob'), invitedBy('carol', 'alice')];
    await commit(store, { invitations: [open] });
    await commit(store, { invitations: [others] });
    await commit(store, { invitations: [after(others, 'rtm-cancel')] });
    const over: Invitation[] = [];
    for (let i = 0; i <= MAX_KEPT_INVITATIONS; i++) {
      const each = invitedBy('alice', 'bob', T0 + i);
      await commit(store, { invitations: [each] });
      await commit(store, { invitations: [after(each, 'rtm-cancel', T0 + 10 + i)] });
      over.push(each);
    }
    const ids = [open, others, ...over].map(({ id }) => id);
    const kept = new Set((await store.invitations(ids)).map(({ id }) => id));
    expect(ids.filter((id) => !kept.has(id))).toEqual([over[0]?.id]);
    const rtm = { invitation: over[0]?.id ?? '' };
    expect((await store.load({ users: [], rtm })).rtm?.invitation).toBeUndefined();
  });

  test('whether the callee is there counts those who speak RTM', async () => {
    const store = await make();
    const sent = invitedBy('alice', 'bob');
    await commit(store, { invitations: [sent] });
    const isHere = async () =>
      (await store.load({ users: [], rtm: { invitation: sent.id } })).rtm?.isCalleeHere;
    const softphone = bound(bob1);
    await commit(store, { devices: [softphone] });
    expect(await isHere()).toBe(false);
    const page = bound({ user: 'bob', device: 'bob2' }, { login: { endsAt: null, channels: [] } });
    await commit(store, { devices: [page] });
    expect(await isHere()).toBe(true);
    const openTo = async (user: string) =>
      (await store.load({ users: [], rtm: { invitation: 'new', openTo: user } })).rtm?.isCalleeHere;
    expect([await openTo('bob'), await openTo('alice')]).toEqual([true, false]);
    await commit(store, {
      devices: [{ ...lost(page, T0), login: { endsAt: T0 + 30, channels: [] } }],
    });
    expect([await isHere(), await openTo('bob')]).toEqual([false, false]);
  });

  test('what was told of an invitation is not forgotten while it is open, also where a call has its id', async () => {
    const store = await make();
    const sent = invitedBy('alice', 'bob');
    const key = keyOfInvitation(sent.id);
    const call = invited(alice1, 'bob', { id: sent.id });
    const told = [event(key, [], 'invitation.sent'), event(sent.id, [])];
    await commit(store, { invitations: [sent], events: told });
    await commit(store, { calls: [call] });
    await commit(store, { calls: [cancelled(call)] });
    const forget = async () => (await store.forgetEvents(T0 + 1, { limit: 10 })).count;
    expect([await forget(), await forget()]).toEqual([1, 0]);
    await commit(store, { invitations: [after(sent, 'rtm-cancel')] });
    expect([await forget(), await forget()]).toEqual([1, 0]);
  });

  test('the events of an invitation are numbered by themselves', async () => {
    const store = await make();
    const { id } = invitedBy('alice', 'bob');
    const key = keyOfInvitation(id);
    const told = [event(key, [], 'invitation.sent'), event(id), event(key, [], 'invitation.ended')];
    await commit(store, { events: told });
    const stored = await Promise.all(told.map((each) => store.event(each.id)));
    expect(stored.map((each) => each?.data)).toMatchObject(
      [1, 1, 2].map((sequence) => ({ sequence })),
    );
  });

  test('an audit reads invitations page by page, with what is told of each, and none of its events is astray', async () => {
    const store = await make();
    const [open, over] = [invitedBy('alice', 'bob'), invitedBy('bob', 'alice')];
    const cancelledOne = after(over, 'rtm-cancel');
    const told = event(keyOfInvitation(over.id), [], 'invitation.sent');
    const forgotten = event(keyOfInvitation('forgotten'), [], 'invitation.sent');
    await commit(store, { invitations: [open] });
    await commit(store, { invitations: [over], events: [told, forgotten] });
    await commit(store, { invitations: [cancelledOne] });
    const audit = await store.audit();
    const [first, ...none] = await audit.invitations(0, 1);
    expect(none).toEqual([]);
    expect(first).toMatchObject({
      invitation: open,
      listed: { caller: 'alice', callee: 'bob' },
      deadline: T0 + INVITATION_REACH_MS,
      events: [],
    });
    const rest = await audit.invitations(first?.n ?? 0, 9);
    expect(rest).toMatchObject([
      {
        invitation: cancelledOne,
        deadline: null,
        events: [{ type: 'invitation.sent', sequence: 1 }],
      },
    ]);
    expect((await audit.strays(9)).events).toEqual([]);
    await audit.close();
  });

  test('a login is there with its device, ends when it is time, and is gone with it', async () => {
    const store = await make();
    const page = bound(alice1, { login: { endsAt: null, channels: [] } });
    await commit(store, { devices: [page] });
    const logins = async (user: string) =>
      (await store.load({ users: [], rtm: { loginsOf: user } })).rtm?.logins;
    expect([await logins('alice'), await logins('bob')]).toEqual([
      [{ ...alice1, endsAt: null }],
      [],
    ]);
    const leaving = { ...lost(page, T0), login: { endsAt: T0 + 30, channels: [] } };
    await commit(store, { devices: [leaving] });
    expect(await logins('alice')).toEqual([{ ...alice1, endsAt: T0 + 30 }]);
    expect(await store.dueLogins(T0 + 29, 9)).toEqual([]);
    expect(await store.dueLogins(T0 + 30, 9)).toEqual([alice1]);
    expect((await store.load({ users: [], actor: alice1 })).actor).toEqual(leaving);
    await commit(store, { devices: [{ ...leaving, version: leaving.version + 1, login: null }] });
    expect(await logins('alice')).toEqual([]);
    expect(await store.dueLogins(T0 + 30, 9)).toEqual([]);
  });
}
