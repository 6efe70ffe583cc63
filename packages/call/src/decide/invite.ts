import type { Media } from '@ringline/protocol';
import { OFFLINE_AFTER_MS } from '@ringline/protocol';
import type { Call, Established, Inviting, OpenCall, WaitingCall } from '../call.ts';
import { isOpen, isWaiting, roleOf } from '../call.ts';
import type { Invite } from '../command.ts';
import type { Decision, World } from '../decision.ts';
import { established } from './accept.ts';
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
  | { readonly kind: 'free' };

/** A user rings another: glare, busy, or a new call. */
export function invite(world: World, command: Invite, now: number): Decision {
  const calls = world.calls.map((call) => settled(call, now));
  const encounter = encounterOf(calls, command);
  switch (encounter.kind) {
    case 'self':
      return decided(world, calls, refused('self-call'), now);
    case 'repeated':
      return decided(world, calls, done(command.call), now);
    case 'id-taken':
      return decided(world, calls, refused('call-id-taken'), now);
    case 'glare':
      return decided(
        world,
        merged(calls, encounter.earlier, command, now),
        done(encounter.earlier.id),
        now,
      );
    case 'caller-busy':
      return decided(world, calls, refused('caller-busy'), now);
    case 'callee-busy':
      return decided(world, [...calls, busyCall(world, command, now)], done(command.call), now);
    case 'free':
      return decided(world, [...calls, newCall(world, command, now)], done(command.call), now);
  }
}

function encounterOf(calls: readonly Call[], command: Invite): Encounter {
  if (command.to === command.by.user) return { kind: 'self' };
  const same = calls.find((call) => call.id === command.call);
  if (same) return isRepeated(same, command) ? { kind: 'repeated' } : { kind: 'id-taken' };
  const open = calls.filter(isOpen);
  const earlier = open.filter(isWaiting).find((call) => isMirror(call, command));
  if (earlier) return { kind: 'glare', earlier };
  if (open.some((call) => roleOf(call, command.by.user))) return { kind: 'caller-busy' };
  if (open.some((call) => roleOf(call, command.to))) return { kind: 'callee-busy' };
  return { kind: 'free' };
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
function merged(
  calls: readonly Call[],
  earlier: WaitingCall,
  command: Invite,
  now: number,
): readonly Call[] {
  const { by, media, content: response, caller: profile } = command;
  const answer = { by, media, response, profile };
  const met = withWish(established(earlier, answer, now), earlier.invitedMedia, media, now);
  return calls.map((call) => (call === earlier ? met : call));
}

/** Who wanted a picture where the other did not has asked for it. */
function withWish(call: Established, earlier: Media, later: Media, now: number): Established {
  if (earlier === later) return call;
  return requested(call, earlier === 'video' ? 'caller' : 'callee', now);
}

function newCall(world: World, command: Invite, now: number): Inviting {
  const reachable = world.devices.filter((each) => each.user === command.to);
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
    invitedAt: now,
    changedAt: now,
    legs: reachable.map(({ device }, index) => deliveredLeg(device, index + 1, now)),
    expiresAt: now + command.ringTimeoutMs,
    offlineAt: now + OFFLINE_AFTER_MS,
    callerLoss: null,
  };
}

/** A call that is over as it begins: the callee's devices hear nothing of it but the record. */
function busyCall(world: World, command: Invite, now: number): Call {
  const call: Inviting = { ...newCall(world, command, now), legs: [] };
  return ended(call, { reason: 'busy', at: now, by: null });
}
