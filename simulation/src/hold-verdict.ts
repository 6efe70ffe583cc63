import type { Call, Ended, Established, Role } from '@ringline/call';
import { ROLES, otherOf, roleOf } from '@ringline/call';
import { RESUME_TIMEOUT_MS } from '@ringline/protocol';
import type { LogRow, Store } from '@ringline/server';
import type { SimulatedDevice } from './device.ts';

/** A deadline may be applied this much late: every node was away, and their clocks differ. */
const LATE_MS = 30_000;

/** Of each call that goes on when everything is calm, every page says of holds and picture what the store has. */
export async function flawsOfViews(
  store: Store,
  devices: readonly SimulatedDevice[],
): Promise<readonly string[]> {
  const { calls: open } = await store.load({ users: devices.map(({ user }) => user) });
  return devices.flatMap(({ user, name, client }) =>
    (client?.calls ?? []).flatMap((shown) => {
      const call = open.find(({ id }) => id === shown.id);
      const role = call && roleOf(call, user);
      if (call?.state !== 'established' || !role) return [];
      const said = `${shown.localHold} ${shown.remoteHold} ${shown.media} ${shown.videoRequestedBy}`;
      const truth = standingOf(call, role);
      return [
        ...(said === truth ? [] : [`${name} says ${said}, the store ${truth} of ${call.id}`]),
        ...(shown.resuming || call.resuming ? [`${call.id} is still resuming`] : []),
      ];
    }),
  );
}

/** From the sides themselves, and not from the view that the server makes of them. */
function standingOf({ sides, video }: Established, role: Role): string {
  const asking = video.state === 'requested' ? (video.by === role ? 'self' : 'peer') : undefined;
  const media = video.state === 'on' ? 'video' : 'audio';
  return `${sides[role].holds} ${sides[otherOf(role)].holds} ${media} ${asking}`;
}

/** The record is of a video call exactly if there was a picture, no resume lasted longer than it may, and each hold was the act of its side. */
export async function flawsOfHistory(store: Store, call: Call): Promise<readonly string[]> {
  const rows = await store.log(call.id);
  const log = rows.map(({ after }) => after);
  const last = log.at(-1);
  // Of a log that was shortened the beginning is gone.
  if (last?.state !== 'ended' || rows[0]?.version !== 1) return [];
  const overlong = resumesOf(log).filter((ms) => ms > RESUME_TIMEOUT_MS + LATE_MS);
  return [
    ...flawsOfHolds(rows),
    ...overlong.map((ms) => `${call.id} was resuming for ${ms} ms`),
    ...(last.record.type === typeOf(log, last)
      ? []
      : [`the record of ${call.id} says ${last.record.type}`]),
  ];
}

const HOLDING: ReadonlySet<string> = new Set(['hold', 'invite', 'accept', 'swap']);
const CLEARING: ReadonlySet<string> = new Set(['resume', 'swap', 'end']);

/** A side's hold begins and ends by its own device alone, whatever is lost or loaded anew. */
function flawsOfHolds(rows: readonly LogRow[]): readonly string[] {
  return rows.flatMap(({ after, cause, call }, i) => {
    const before = rows[i - 1]?.after;
    if (after.state !== 'established') return [];
    return ROLES.filter((role) => {
      const { holds, device } = after.sides[role];
      const held = before?.state === 'established' && before.sides[role].holds;
      const isOwn = (holds ? HOLDING : CLEARING).has(cause.type) && cause.by?.device === device;
      return holds !== held && !isOwn;
    }).map((role) => `the hold of the ${role} of ${call} changed by ${cause.type}`);
  });
}

function typeOf(log: readonly Call[], { record, invitedMedia }: Ended): string {
  if (log.some((call) => call.state === 'established' && call.video.state === 'on')) return 'video';
  return record.connectedAt === null ? invitedMedia : 'audio';
}

/** How long each resume lasted while both devices were there. */
function resumesOf(log: readonly Call[]): readonly number[] {
  const lasted = new Map<number, number>();
  for (const [i, call] of log.entries()) {
    const next = log[i + 1];
    if (!next || call.state !== 'established' || !call.resuming) continue;
    if (call.sides.caller.loss || call.sides.callee.loss) continue;
    const until = next.state === 'ended' ? next.record.endedAt : next.changedAt;
    lasted.set(call.resumes, (lasted.get(call.resumes) ?? 0) + until - call.changedAt);
  }
  return [...lasted.values()];
}
