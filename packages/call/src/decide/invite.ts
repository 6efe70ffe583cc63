import type { CallId, Media, UserId } from '@ringline/protocol';
import { OFFLINE_AFTER_MS } from '@ringline/protocol';
import type { Actor, Call, Established, Inviting, OpenCall, Role, WaitingCall } from '../call.ts';
import { ROLES, isLiveFor, isOpen, isWaiting, roleOf, talkingDevice } from '../call.ts';
import type { Invite, ReachableDevice } from '../command.ts';
import type { Decision, World } from '../decision.ts';
import { established } from './accept.ts';
import { besideOf, roomBeside } from './beside.ts';
import { decided, done, refused } from './changes.ts';
import { ended } from './ending.ts';
import { settled } from './expire.ts';
import { deliveredLeg } from './legs.ts';
import { requested } from './picture.ts';

/** What an invitation meets; named before it is handled, in the order in which it is looked for. */
type Encounter =
  | { readonly kind: 'self' }
  | { readonly kind: 'repeated' }
  | { readonly kind: 'id-taken' }
  /** The callee's own invitation to this caller waits: the two meet. */
  | { readonly kind: 'glare'; readonly earlier: WaitingCall }
  | { readonly kind: 'caller-busy' }
  | { readonly kind: 'callee-busy' }
  /** It rings on these devices: all that are there, or the one on which the callee talks. */
  | { readonly kind: 'free'; readonly devices: readonly ReachableDevice[] };

/** A user rings another: glare, busy, or a new call. */
export function invite(world: World, command: Invite, now: number): Decision {
  const calls = world.calls.map((call) => settled(call, now));
  const encounter = encounterOf(calls, world.devices, command);
  switch (encounter.kind) {
    case 'self':
      return decided(world, calls, refused('self-call'), now);
    case 'repeated':
      return decided(world, calls, done(command.call), now);
    case 'id-taken':
      return decided(world, calls, refused('call-id-taken'), now);
    case 'glare':
      return withRoom(world, calls, command, now, {
        id: encounter.earlier.id,
        make: () => merged(encounter.earlier, command, now),
      });
    case 'caller-busy':
      return decided(world, calls, refused('caller-busy'), now);
    case 'callee-busy':
      return decided(world, [...calls, busyCall(world, command, now)], done(command.call), now);
    case 'free':
      return withRoom(world, calls, command, now, {
        id: command.call,
        make: () => newCall(world, command, encounter.devices, now),
      });
  }
}

/** A call that comes to be, new or answered, if there is room for it. */
interface Coming {
  readonly id: CallId;
  readonly make: () => Call;
}

/** The call as it comes to be; the one that the caller talks in is held for it. */
function withRoom(
  world: World,
  calls: readonly Call[],
  { by, mayHoldOther }: Invite,
  now: number,
  { id, make }: Coming,
): Decision {
  const { other, outcome } = roomBeside(besideOf(world, id, by.user, now), mayHoldOther, now);
  if (!outcome.ok) return decided(world, calls, outcome, now);
  const changed = new Map([make(), ...(other ? [other] : [])].map((call) => [call.id, call]));
  const rest = calls.filter((call) => !changed.has(call.id));
  return decided(world, [...rest, ...changed.values()], done(id), now);
}

function encounterOf(
  calls: readonly Call[],
  devices: readonly ReachableDevice[],
  command: Invite,
): Encounter {
  if (command.to === command.by.user) return { kind: 'self' };
  const same = calls.find((call) => call.id === command.call);
  if (same) return isRepeated(same, command) ? { kind: 'repeated' } : { kind: 'id-taken' };
  const open = calls.filter(isOpen);
  const own = open.filter((call) => roleOf(call, command.by.user));
  const earlier = open.filter(isWaiting).find((call) => isMirror(call, command));
  const others = own.filter((call) => call !== earlier);
  if (earlier && others.every((call) => isHere(call, command.by)))
    return { kind: 'glare', earlier };
  if (!others.every((call) => mayCallBeside(call, command)) || own.length > 1 || earlier) {
    return { kind: 'caller-busy' };
  }
  const free = freeDevices(open, devices.filter(mayRingFor(command)), command.to);
  return free ? { kind: 'free', devices: free } : { kind: 'callee-busy' };
}

/** On which devices the call may ring: those that speak RTM, if it was raised from a bare invitation. */
function mayRingFor({ isRaised }: Invite): (device: ReachableDevice) => boolean {
  return ({ speaksRtm }) => speaksRtm || !isRaised;
}

/** Whether the device talks in this call. */
function isHere(call: OpenCall, { user, device }: Actor): boolean {
  return talkingDevice(call, user) === device;
}

/** A second call may be made from the device that talks in the first, which is held for it, and to somebody else. */
function mayCallBeside(call: OpenCall, { by, to, mayHoldOther }: Invite): boolean {
  if (!isHere(call, by) || roleOf(call, to)) return false;
  return mayHoldOther && (call.isHoldable || !isLiveFor(call, by.user));
}

/** Where a user can be rung: everywhere, or where it talks if that device takes a second call; undefined when it is busy. */
function freeDevices(
  open: readonly OpenCall[],
  devices: readonly ReachableDevice[],
  user: UserId,
): readonly ReachableDevice[] | undefined {
  const reachable = devices.filter((each) => each.user === user);
  const [first, second] = open.filter((call) => roleOf(call, user));
  if (!first) return reachable;
  if (second || (isLiveFor(first, user) && !first.isHoldable)) return undefined;
  const here = reachable.filter((device) => device.takesSecond && isHere(first, device));
  return here.length > 0 ? here : undefined;
}

function isRepeated(call: Call, { by, to }: Invite): boolean {
  return (
    call.caller.user === by.user && call.caller.device === by.device && call.callee.user === to
  );
}

function isMirror(call: OpenCall, { by, to }: Invite): boolean {
  return call.caller.user === to && call.callee.user === by.user;
}

/** Glare: the later invitation accepts the earlier one on its own device; its content is the response. */
function merged(earlier: WaitingCall, command: Invite, now: number): Established {
  const { by, media, content: response, caller: profile } = command;
  const answer = { by, media, response, profile };
  return withWish(established(earlier, answer, now), earlier.invitedMedia, media, now);
}

/** Who wanted a picture where the other did not has asked for it. */
function withWish(call: Established, earlier: Media, later: Media, now: number): Established {
  if (earlier === later) return call;
  return requested(call, earlier === 'video' ? 'caller' : 'callee', now);
}

function newCall(
  world: World,
  command: Invite,
  reachable: readonly ReachableDevice[],
  now: number,
): Inviting {
  const line = world.lines.find(({ user }) => user === command.to);
  return {
    state: 'inviting',
    id: command.call,
    version: 0,
    roomId: command.roomId,
    caller: { ...command.caller, device: command.by.device },
    callee: reachable[0]?.profile ?? { user: command.to },
    invitedMedia: command.media,
    content: command.content,
    isHoldable: command.isHoldable,
    isAnnounced: command.isAnnounced && line?.isAnnounced !== false,
    recordTo: recordTo(world, command),
    isRaised: command.isRaised,
    invitedAt: now,
    changedAt: now,
    legs: reachable.map(({ device }, index) => deliveredLeg(device, index + 1, now)),
    expiresAt: now + command.ringTimeoutMs,
    offlineAt: now + OFFLINE_AFTER_MS,
    callerLoss: null,
  };
}

/** The two users as far as they take records; nobody where the call is not told. */
function recordTo({ lines }: World, { by, to, tellsRecord }: Invite): readonly Role[] {
  if (!tellsRecord) return [];
  const takes = (user: UserId) => lines.find((line) => line.user === user)?.takesRecords !== false;
  return ROLES.filter((role) => takes(role === 'caller' ? by.user : to));
}

/** A call that is over as it begins: the callee's devices hear nothing of it but the record. */
function busyCall(world: World, command: Invite, now: number): Call {
  const reachable = world.devices.filter(({ user }) => user === command.to);
  // Nobody is spoken to in the middle of a conversation.
  const isTalking = world.calls.some((call) => isOpen(call) && isLiveFor(call, command.by.user));
  const made = newCall(world, command, reachable, now);
  const call: Inviting = { ...made, isAnnounced: made.isAnnounced && !isTalking, legs: [] };
  return ended(call, { reason: 'busy', at: now, by: null });
}
