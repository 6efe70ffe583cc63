import { deadlineOf, invitationDeadlineOf, isOpen } from '@ringline/call';
import { hasSameRest, linesAfter, restOf } from '../device-row.ts';
import type { KnownDevice } from '../device-row.ts';
import { deviceVersionBefore } from '../device-version.ts';
import type { NewEvent } from '../outbox.ts';
import { isNumbered } from '../outbox.ts';
import { channelsMoved } from '../rtm.ts';
import { sightingOf } from '../sighting.ts';
import type { Sighting } from '../sighting.ts';
import type { Device, NewInboxItem, Step } from '../store.ts';
import { held } from './text.ts';

/** A row of a section: `s` is the number of its step. */
interface Row {
  readonly s: number;
  readonly [column: string]: Cell;
}

type Cell = string | number | boolean | null | undefined | readonly string[];

/** What the steps of one wave write, as `commit_steps` reads it: rows by section, none empty. */
export type Sections = Record<string, Row[]>;

/** A changed device, and as it was before. */
export interface ChangedDevice {
  readonly before: KnownDevice;
  readonly after: Device;
  /** Its results as they are written. */
  readonly lines: string;
}

/** What a device was before, with what it becomes. */
export function changed(before: KnownDevice, after: Device): ChangedDevice {
  return { before, after, lines: linesAfter(before, after.results) };
}

/** Adds what one step guards and writes. */
export function addStep(
  to: Sections,
  s: number,
  step: Step,
  devices: readonly ChangedDevice[],
): void {
  const add = (section: string, row: Columns) => void (to[section] ??= []).push({ s, ...row });
  addGuards(add, step);
  addCalls(add, step);
  addDevices(add, step, devices);
  step.events.forEach((event) => addEvent(add, event, step.at));
  step.inbox.forEach((item, i) => add('inbox', itemOf(item, i)));
  step.reads.forEach(({ user, peer, cursor, isTold }) =>
    add('reads', { who: held(user), peer: held(peer), upto: cursor, told: isTold }),
  );
  addRtm(add, step);
}

type Columns = Readonly<Record<string, Cell>>;
type Add = (section: string, row: Columns) => void;

function addGuards(add: Add, step: Step): void {
  const guard = (of: string, v: number, a: string, b?: string) =>
    add('guards', { of, v, a: held(a), ...(b !== undefined && { b: held(b) }) });
  for (const { id, version } of step.calls) guard('call', version - 1, id);
  for (const { user, version } of step.lines) guard('line', version - 1, user);
  for (const { user, version } of step.expect) guard('line', version, user);
  for (const { user, device, version } of step.devices) {
    guard('device', deviceVersionBefore(version), user, device);
  }
  for (const { from, key } of step.inbox) if (key !== undefined) guard('key', 0, from, key);
  for (const { id, version } of step.invitations ?? []) guard('invitation', version - 1, id);
  for (const { of, version } of step.attributes ?? []) {
    const name = of.kind === 'user' ? of.user : of.channel;
    guard('attributes', version, of.kind, name);
    if (of.kind === 'user') guard('user', 1, name);
  }
}

function addCalls(add: Add, step: Step): void {
  const { at } = step;
  const cause = step.calls.length > 0 ? JSON.stringify(step.cause) : '';
  for (const call of step.calls) {
    add('calls', {
      id: held(call.id),
      room: call.roomId,
      version: call.version,
      open: isOpen(call),
      deadline: deadlineOf(call),
      caller: held(call.caller.user),
      callee: held(call.callee.user),
      at,
      cause,
      after: JSON.stringify(call),
    });
  }
  for (const { user, version, calls, isAnnounced, takesRecords } of step.lines) {
    const wishes = { announced: isAnnounced, records: takesRecords };
    add('lines', { who: held(user), version, calls: calls.map(held), ...wishes });
  }
  for (const record of step.records) {
    const { call, caller, callee, endedAt, status } = record;
    const parties = { caller: held(caller), callee: held(callee) };
    const body = JSON.stringify(record);
    add('records', { call: held(call), ...parties, ended_at: endedAt, status, body });
  }
  const last = new Map(step.quality.map((each) => [JSON.stringify([each.call, each.user]), each]));
  for (const quality of last.values()) {
    const body = JSON.stringify(quality);
    add('quality', { call: held(quality.call), who: held(quality.user), body });
  }
  for (const { user, call } of step.seen) add('seen', { who: held(user), call: held(call) });
}

function addDevices(add: Add, step: Step, devices: readonly ChangedDevice[]): void {
  const seen = new Map<string, Sighting>();
  for (const each of devices) {
    const { before, after } = each;
    const of = { who: held(after.user), device: held(after.device) };
    const { version, lastSeq, acknowledged } = after;
    const row = { ...of, version, last_seq: lastSeq, acknowledged, results: each.lines };
    if (hasSameRest(before.device, after)) add('advanced', row);
    else {
      add('devices', { ...row, rest: JSON.stringify(restOf(after)) });
      addBinding(add, before.device, after, of);
      addLogin(add, before.device, after, of);
      const sighting = sightingOf(before.device, after, step.at);
      if (sighting) seen.set(after.user, joined(seen.get(after.user), sighting));
    }
    if (acknowledged > before.device.acknowledged) add('acks', { who: of.who, upto: acknowledged });
  }
  for (const [user, { seenAt, hasLeft, profile }] of seen) {
    const row = { who: held(user), at: seenAt, has_left: hasLeft };
    if (profile === undefined) add('lost_users', row);
    else add('seen_users', { ...row, profile: JSON.stringify(profile) });
  }
}

/** Two devices of one user in one step: the directory has the user once. */
function joined(one: Sighting | undefined, next: Sighting): Sighting {
  const profile = next.profile ?? one?.profile;
  const seenAt = Math.max(one?.seenAt ?? 0, next.seenAt);
  return { ...next, seenAt, ...(profile && { profile }) };
}

function addBinding(add: Add, before: Device, { binding }: Device, of: Columns): void {
  if (before.binding?.incarnation === binding?.incarnation) return;
  if (binding) add('bound', { ...of, incarnation: held(binding.incarnation) });
  else add('unbound', of);
}

function addLogin(add: Add, before: Device, { login }: Device, of: Columns): void {
  if (login === before.login) return;
  const moved = channelsMoved(before.login, login);
  for (const channel of moved.joined) add('joined', { ...of, channel: held(channel) });
  for (const channel of moved.left) add('left', { ...of, channel: held(channel) });
  if (login === null) add('logouts', of);
  else add('logins', { ...of, ends_at: login.endsAt });
}

function addEvent(add: Add, { id, type, key, data, deliveries }: NewEvent, at: number): void {
  // Their order within the whole batch is that in which they are added.
  const body = JSON.stringify(data);
  add('events', { id: held(id), type, key: held(key), numbered: isNumbered(type), at, body });
  for (const { endpoint, form, lane } of deliveries) {
    add('deliveries', { event: held(id), endpoint: held(endpoint), lane: held(lane), form, at });
  }
}

function itemOf({ id, from, to, at, body, key, owners }: NewInboxItem, i: number): Columns {
  return {
    i,
    id: held(id),
    sender: held(from),
    recipient: held(to),
    at_sender: owners?.includes(from) ?? true,
    at_recipient: owners?.includes(to) ?? true,
    at,
    body: JSON.stringify(body),
    ...(key !== undefined && { key: held(key) }),
  };
}

function addRtm(add: Add, { at, invitations = [], attributes = [] }: Step): void {
  for (const invitation of invitations) {
    const { id, version, caller, callee, changedAt } = invitation;
    const deadline = invitationDeadlineOf(invitation);
    const over = deadline === null ? changedAt : null;
    const parties = { caller: held(caller), callee: held(callee) };
    const body = JSON.stringify(invitation);
    add('invitations', { id: held(id), version, ...parties, deadline, over_at: over, body });
  }
  for (const { of, attributes: all } of attributes) {
    const name = held(of.kind === 'user' ? of.user : of.channel);
    add('attributes', { kind: of.kind, name, body: JSON.stringify(all), at });
  }
}
