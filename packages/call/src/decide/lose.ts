import {
  CALLER_GRACE_MS,
  CONNECT_TIMEOUT_MS,
  GRACE_MS,
  RESUME_TIMEOUT_MS,
} from '@ringline/protocol';
import type { Call, Established, Loss, Role, WaitingCall } from '../call.ts';
import { isWaiting, roleOf } from '../call.ts';
import type { Lose } from '../command.ts';
import { stopped } from '../countdown.ts';
import type { Decision, World } from '../decision.ts';
import { decided, done } from './changes.ts';
import { rungOut, settled } from './expire.ts';
import { legOf, withLeg } from './legs.ts';

/**
 * A device is no longer reachable. Said again of a device that is lost already, as after a
 * restart of the server, its grace begins anew and the moment of the loss stays.
 */
export function lose(world: World, command: Lose, now: number): Decision {
  const calls = world.calls.map((call) => {
    const at = Math.min(now, Math.max(command.at, call.invitedAt));
    return without(settledAtLoss(call, at, now), { ...command, at }, now);
  });
  return decided(world, calls, done(), now);
}

/**
 * Deadlines that passed before the loss count; of those that passed since, as while the server
 * was away, only the ring timeout. A grace that begins anew is not over either.
 */
function settledAtLoss(call: Call, at: number, now: number): Call {
  const callerIsThere = isWaiting(call) && call.callerLoss === null;
  return rungOut(callerIsThere ? settled(call, at) : call, now);
}

function without(call: Call, command: Lose, now: number): Call {
  const role = roleOf(call, command.by.user);
  if (!role) return call;
  switch (call.state) {
    case 'inviting':
    case 'ringing':
      return role === 'caller' ? withoutCaller(call, command, now) : withoutLeg(call, command);
    case 'established':
      return withoutSide(call, role, command, now);
    case 'ended':
      return call;
  }
}

function withoutCaller(call: WaitingCall, { by, at }: Lose, now: number): WaitingCall {
  if (call.caller.device !== by.device) return call;
  return { ...call, callerLoss: lost(call.callerLoss, at, now + CALLER_GRACE_MS) };
}

function withoutLeg(call: WaitingCall, { by }: Lose): WaitingCall {
  const leg = legOf(call.legs, by.device);
  if (!leg || leg.state === 'refused' || leg.state === 'lost') return call;
  return {
    ...call,
    legs: withLeg(call.legs, { ...leg, state: 'lost', silence: null, receiptBy: null }),
  };
}

function withoutSide(call: Established, role: Role, { by, at }: Lose, now: number): Established {
  const side = call.sides[role];
  if (side.device !== by.device) return call;
  const loss = lost(side.loss, at, now + GRACE_MS);
  return {
    ...call,
    sides: { ...call.sides, [role]: { ...side, loss, lastLostAt: loss.at } },
    connectTimer: stopped(call.connectTimer, at, CONNECT_TIMEOUT_MS),
    resuming: call.resuming && {
      ...call.resuming,
      timer: stopped(call.resuming.timer, at, RESUME_TIMEOUT_MS),
    },
  };
}

function lost(earlier: Loss | null, at: number, until: number): Loss {
  return { at: earlier?.at ?? at, until };
}
