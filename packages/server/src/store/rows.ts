import type { Actor, Call, Invitation, Line } from '@ringline/call';
import type { AttributesOf, CallId, InvitationId, UserId } from '@ringline/protocol';
import { deviceVersionBefore } from './device-version.ts';
import type { Between, KnownLogin, RtmScope, RtmSnapshot, StoredAttributes } from './rtm.ts';
import type { Device, MessageKey, Scope, SentMessage, Snapshot, Step } from './store.ts';

/** Single rows at one moment, as the stores inside one process can read them. */
export interface Rows {
  call(id: CallId): Call | undefined;
  /** With version 0 when the user has no row. */
  line(user: UserId): Line;
  /** With version 0 when the device has no row. */
  device(of: Actor): Device;
  reachable(user: UserId): readonly Device[];
  sent(by: MessageKey): SentMessage | undefined;
  invitation(id: InvitationId): Invitation | undefined;
  /** How many of them are open. */
  countOpen(of: Between): number;
  /** The devices of a user that have a login. */
  logins(user: UserId): readonly KnownLogin[];
  attributes(of: AttributesOf): StoredAttributes;
}

/** The line of a user who has no row yet. */
export function absentLine(user: UserId): Line {
  return { user, version: 0, calls: [], isAnnounced: true, takesRecords: true };
}

/** A device that has no row yet. */
export function absentDevice({ user, device }: Actor): Device {
  return {
    user,
    device,
    version: 0,
    binding: null,
    lostAt: null,
    hasLeft: false,
    resumeHash: null,
    profile: { user },
    takesSecond: false,
    login: null,
    lastSeq: 0,
    results: [],
    acknowledged: 0,
  };
}

/** Everything that the scope asks for, read from rows that stand still meanwhile. */
export function snapshotOf(scope: Scope, rows: Rows): Snapshot {
  const named = scope.call === undefined ? undefined : rows.call(scope.call);
  const users = new Set(scope.users);
  if (named !== undefined) users.add(named.caller.user).add(named.callee.user);
  const own = [...users].map((user) => rows.line(user));
  const calls = callsOf(named, own, rows);
  return {
    calls,
    lines: [...own, ...linesOfOthers(calls, users, rows)],
    actor: scope.actor && rows.device(scope.actor),
    devices: (scope.devicesOf ?? []).flatMap((user) => rows.reachable(user)),
    sent: scope.sent && rows.sent(scope.sent),
    ...(scope.rtm && { rtm: rtmOf(scope.rtm, rows) }),
  };
}

function rtmOf(scope: RtmScope, rows: Rows): RtmSnapshot {
  const { invitation, openOf, openTo, loginsOf, attributesOf } = scope;
  const named = invitation === undefined ? undefined : rows.invitation(invitation);
  const callee = named?.callee ?? openTo;
  return {
    invitation: named,
    isCalleeHere: callee !== undefined && rows.reachable(callee).some(({ login }) => login),
    open: openOf === undefined ? 0 : rows.countOpen({ caller: openOf }),
    incoming: openTo === undefined ? 0 : rows.countOpen({ callee: openTo }),
    between:
      openOf === undefined || openTo === undefined
        ? 0
        : rows.countOpen({ caller: openOf, callee: openTo }),
    logins: loginsOf === undefined ? [] : rows.logins(loginsOf),
    attributes: attributesOf === undefined ? NO_ATTRIBUTES : rows.attributes(attributesOf),
    isThere: attributesOf !== undefined && isThere(attributesOf, rows),
  };
}

/** Of who has none. */
export const NO_ATTRIBUTES: StoredAttributes = { version: 0, attributes: [] };

/** Whether attributes may be kept: of a user with a login, and of any channel. */
function isThere(of: AttributesOf, rows: Rows): boolean {
  return of.kind === 'channel' || rows.logins(of.user).length > 0;
}

function callsOf(named: Call | undefined, lines: readonly Line[], rows: Rows): readonly Call[] {
  const calls = named === undefined ? [] : [named];
  for (const id of lines.flatMap((line) => line.calls)) {
    if (calls.some((call) => call.id === id)) continue;
    const call = rows.call(id);
    if (call !== undefined) calls.push(call);
  }
  return calls;
}

/** A call that ends leaves both its users' lines, also of those who were not asked for. */
function linesOfOthers(
  calls: readonly Call[],
  users: ReadonlySet<UserId>,
  rows: Rows,
): readonly Line[] {
  const parties = new Set(calls.flatMap((call) => [call.caller.user, call.callee.user]));
  return [...parties].filter((user) => !users.has(user)).map((user) => rows.line(user));
}

/** Whether all that the step changes or relies on still has the version on which it was decided, and its keys are new. */
export function guardsHold(step: Step, rows: Rows): boolean {
  return (
    step.calls.every((call) => (rows.call(call.id)?.version ?? 0) === call.version - 1) &&
    step.lines.every((line) => rows.line(line.user).version === line.version - 1) &&
    step.expect.every((line) => rows.line(line.user).version === line.version) &&
    step.devices.every(
      (device) => rows.device(device).version === deviceVersionBefore(device.version),
    ) &&
    step.inbox.every(({ from, key }) => key === undefined || !rows.sent({ from, key })) &&
    (step.invitations ?? []).every(
      ({ id, version }) => (rows.invitation(id)?.version ?? 0) === version - 1,
    ) &&
    (step.attributes ?? []).every(
      ({ of, version }) => rows.attributes(of).version === version && isThere(of, rows),
    )
  );
}
