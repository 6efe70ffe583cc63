import type { UserId } from '@ringline/protocol';
import type { Actor, Call, Ended, Established, Leg } from '../../src/index.ts';
import { isOpen, isWaiting, ROLES, roleOf } from '../../src/index.ts';
import type { Position } from './position.ts';
import { CALLS, DEVICES, USERS } from './position.ts';

/*
 * Two positions are the same when the machine cannot tell them apart but by names and instants.
 * It compares ids for equality only, so users are known by their part in the open calls, by whether they have call waiting, and
 * devices by what they are there: the caller's, the answering one, which leg, reachable or not.
 * Versions, room ids, contents, media, what a side declares and the number of the epoch lead to no
 * branch but whether the same was said before, and neither do instants (see time.ts), save that a hang-up made long ago may reach before the accept or the
 * connection when its device was lost before them. A call that has ended is known by its id
 * being used up: its insides are walked apart, once for each kind (keyOfEnded), for every command
 * that names it must change nothing, and no other command is given it.
 */

/** The name of a position; equal for all that behave alike. */
export function keyOf({ calls, bound, takesSecond }: Position): string {
  const open = calls.filter(isOpen);
  const ended = calls.length - open.length;
  return `${ended}/${CALLS.length} ${keyInAnyOrder(open, { bound, takesSecond, idle: true })}`;
}

/** Which of two calls is named first makes no difference. */
function keyInAnyOrder(open: readonly Call[], place: Place): string {
  const keys = [open, open.toReversed()].map((calls) => keyInOrder(calls, place));
  return keys.sort()[0] ?? '';
}

function keyInOrder(open: readonly Call[], place: Place): string {
  const users = USERS.map((user) =>
    place.idle || open.some((call) => roleOf(call, user)) ? keyOfUser(user, open, place) : '',
  );
  return [open.map(keyOfCall).join('&'), ...users.sort()].join(' ');
}

interface Place {
  readonly bound: Position['bound'];
  readonly takesSecond: Position['takesSecond'];
  /** Whether the presence of devices that no open call knows is told. */
  readonly idle: boolean;
}

/** What the open calls are to each other and to their own users' devices; equal for all that differ only in who else is there. */
export function keyOfParts({ calls, bound, takesSecond }: Position): string {
  return keyInAnyOrder(calls.filter(isOpen), { bound, takesSecond, idle: false });
}

/** Whether two devices of one user are in the same place: what one can do, the other can. */
export function isAlike({ calls, bound }: Position, one: Actor, other: Actor): boolean {
  const open = calls.filter(isOpen);
  return (
    one.user === other.user &&
    keyOfRelations(open, one) === keyOfRelations(open, other) &&
    isBound(bound, one) === isBound(bound, other)
  );
}

function isBound(bound: readonly Actor[], { device }: Actor): boolean {
  return bound.some((each) => each.device === device);
}

function keyOfRelations(open: readonly Call[], actor: Actor): string {
  return open.map((call) => keyOfDevice(call, actor)).join('&');
}

function keyOfUser(user: UserId, open: readonly Call[], place: Place): string {
  const { bound, takesSecond, idle } = place;
  const parts = open.map((call) => roleOf(call, user) ?? '-').join('');
  const devices = DEVICES.filter((actor) => actor.user === user).map((actor) => {
    const relations = keyOfRelations(open, actor);
    return `${relations}${isBound(bound, actor) && (relations !== '' || idle) ? '+' : ''}`;
  });
  return `${parts}${takesSecond.includes(user) ? 'two' : ''}[${devices.sort().join(',')}]`;
}

function keyOfDevice(call: Call, { user, device }: Actor): string {
  if (call.caller.user === user) return call.caller.device === device ? 'own' : '';
  const leg = call.callee.user === user && call.legs.find((each) => each.device === device);
  if (call.state === 'established' && call.sides.callee.device === device) return 'own';
  return leg ? keyOfLeg(call, leg) : '';
}

/** After the accept a leg is looked at only for whether it had refused. */
function keyOfLeg(call: Call, leg: Leg): string {
  if (leg.isUnseen) return 'unseen';
  if (isWaiting(call)) return leg.receiptBy === null ? leg.state : `${leg.state}…`;
  return leg.state === 'refused' ? 'refused' : 'leg';
}

function keyOfCall(call: Call): string {
  if (isWaiting(call)) {
    return `${call.state} ${call.callerLoss ? 'lost' : ''}`;
  }
  if (call.state === 'ended') return keyOfEnded(call);
  const { connectedAt, connectTimer: timer } = call;
  const clock = timer && ('by' in timer ? 'runs' : 'still');
  return [
    call.state,
    connectedAt !== null,
    clock,
    ...keysOfSides(call),
    ...keysOfVideo(call),
    keyOfResuming(call),
  ].join(' ');
}

/** Consent that has grown old is asked for again, as with a resume that asks: no place of its own. */
function keysOfVideo({ video, setAside }: Established): readonly string[] {
  const by = video.state === 'requested' ? video.by : '';
  return [video.state, by, setAside ? `aside:${setAside.askedBy}` : ''];
}

function keyOfResuming({ resuming }: Established): string {
  if (!resuming) return '';
  const { by, flows, timer } = resuming;
  const clock = 'by' in timer ? 'runs' : 'still';
  return ['resumes', by, flows.caller, flows.callee, clock].join(':');
}

function keysOfSides(call: Established): readonly string[] {
  return ROLES.map((role) => {
    const { connected, loss, lastLostAt, holds } = call.sides[role];
    const isEarly = lastLostAt !== null && lastLostAt < (call.connectedAt ?? call.acceptedAt);
    return `${connected}${loss ? '!' : ''}${isEarly ? 'early' : ''}${holds ? 'holds' : ''}`;
  });
}

/** The name of an ended call; equal for all that answer alike. */
export function keyOfEnded(call: Ended): string {
  const { record, reason } = call;
  const devices = DEVICES.filter(({ user }) => roleOf(call, user))
    .map((actor) => [roleOf(call, actor.user), ...relationsTo(call, actor)].join(':'))
    .sort();
  return [reason, record.status, record.connectedAt !== null, ...devices].join(' ');
}

function relationsTo(call: Ended, { user, device }: Actor): readonly string[] {
  const leg = call.legs.find((each) => each.device === device);
  return [
    call.caller.device === device ? 'own' : '',
    call.answeredBy === device && call.callee.user === user ? 'answered' : '',
    call.endedBy?.device === device ? 'ended' : '',
    leg ? (call.answeredBy === null && !leg.isUnseen ? leg.state : keyOfLeg(call, leg)) : '',
  ];
}
