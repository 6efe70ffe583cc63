import type { CallId, UserId } from '@ringline/protocol';
import type { Call, Ended, Established, Role, WaitingCall } from '../call.ts';
import { isOpen, roleOf } from '../call.ts';
import type { Outcome, World } from '../decision.ts';
import { done, refused } from './changes.ts';
import { settled } from './expire.ts';
import { holdOf } from './hold.ts';

/**
 * What a user has open beside one of its calls; exactly one of these. Whatever would make that call
 * live meets one of them, so each collision of two calls has a name before it is handled.
 */
export type Beside =
  /** Nothing; what was there has just run out. */
  | { readonly kind: 'none'; readonly lapsed?: Ended }
  /** The user calls out. */
  | { readonly kind: 'calling'; readonly call: WaitingCall }
  /** Somebody calls the user. */
  | { readonly kind: 'alerting'; readonly call: WaitingCall }
  /** The user talks, and does not hold. */
  | { readonly kind: 'live'; readonly call: Established; readonly role: Role }
  /** The user holds it. */
  | { readonly kind: 'held'; readonly call: Established; readonly role: Role };

/** What this user has beside the call of this id. */
export function besideOf(world: World, id: CallId, user: UserId, now: number): Beside {
  const others = world.calls
    .filter((call) => call.id !== id && isOpen(call) && roleOf(call, user) !== undefined)
    .map((call) => settled(call, now));
  const call = others.find(isOpen) ?? others[0];
  if (!call) return { kind: 'none' };
  const role = roleOf(call, user) ?? 'caller';
  switch (call.state) {
    case 'inviting':
    case 'ringing':
      return { kind: role === 'caller' ? 'calling' : 'alerting', call };
    case 'established':
      return { kind: call.sides[role].holds ? 'held' : 'live', call, role };
    case 'ended':
      return { kind: 'none', lapsed: call };
  }
}

/** Whether there is room for a live call, and the other call as it is then. */
export interface Room {
  readonly other?: Call;
  readonly outcome: Outcome;
}

/** Room for a live call beside that: a live one is held, if that may and can be. */
export function roomBeside(beside: Beside, isPermitted: boolean, now: number): Room {
  switch (beside.kind) {
    case 'calling':
      return { outcome: refused('other-call-live') };
    case 'live': {
      const { call: other, outcome } = holdOf(beside.call, beside.role, isPermitted, now);
      return { ...(other && { other }), outcome };
    }
    case 'none':
      return { ...(beside.lapsed && { other: beside.lapsed }), outcome: done() };
    case 'held':
    case 'alerting':
      return { outcome: done() };
  }
}
