import type { Call, Countdown, Established, Leg, Loss, Role, Side } from '../../src/index.ts';
import { isWaiting, ROLES } from '../../src/index.ts';
import type { Position } from './position.ts';
import { deepFreeze } from './position.ts';

/*
 * The walk knows no lengths of time. The machine compares an instant with nothing but the present
 * and the other deadlines of its call, and any of them can be the first to pass: the ring timeout
 * is the caller's to choose, legs come and devices are lost at any moment. So between two steps
 * every deadline lies in the far future, and a position goes on once for each that passes first.
 */
const FAR = 1e12;

/** One deadline of one call, and the call with that deadline at another instant. */
export interface Pending {
  readonly name: string;
  /** It stands still or is over: passing it has no effect. */
  readonly still: boolean;
  readonly passAt: (at: number) => Call;
}

/** Every deadline of a call, read from its fields and not from `deadlineOf`, so that one that is forgotten there is missed here. */
export function pendingOf(call: Call): readonly Pending[] {
  if (isWaiting(call)) return pendingOfWaiting(call);
  return call.state === 'established' ? pendingOfEstablished(call) : [];
}

function pendingOfWaiting(call: Extract<Call, { callerLoss: Loss | null }>): readonly Pending[] {
  const { callerLoss: loss, legs } = call;
  const still = loss !== null;
  const receipts = legs.filter((leg) => leg.receiptBy !== null);
  return [
    { name: 'expire', still: false, passAt: (expiresAt) => ({ ...call, expiresAt }) },
    {
      name: 'offline',
      still: still || legs.some((leg) => !leg.isUnseen),
      passAt: (offlineAt) => ({ ...call, offlineAt }),
    },
    ...receipts.map((leg) => ({
      name: 'receipt',
      still,
      passAt: (receiptBy: number) => ({
        ...call,
        legs: legs.map((each) => (each === leg ? { ...each, receiptBy } : each)),
      }),
    })),
    ...(loss
      ? [
          {
            name: 'caller-grace',
            still: false,
            passAt: (until: number) => ({ ...call, callerLoss: { ...loss, until } }),
          },
        ]
      : []),
  ];
}

function pendingOfEstablished(call: Established): readonly Pending[] {
  const { sides, connectTimer: timer } = call;
  const withLoss = (role: Role, side: Side, loss: Loss): Call => ({
    ...call,
    sides: { ...sides, [role]: { ...side, loss } },
  });
  const graces = ROLES.flatMap((role) => {
    const side = sides[role];
    const { loss } = side;
    return loss
      ? [
          {
            name: 'grace',
            still: false,
            passAt: (until: number) => withLoss(role, side, { ...loss, until }),
          },
        ]
      : [];
  });
  const connect = {
    name: 'connect',
    still: false,
    passAt: (by: number) => ({ ...call, connectTimer: { by } }),
  };
  return [
    ...graces,
    ...(timer && 'by' in timer ? [connect] : []),
    ...pendingOfResume(call),
    ...pendingOfVideo(call),
  ];
}

function pendingOfResume(call: Established): readonly Pending[] {
  const { resuming } = call;
  if (!resuming) return [];
  const passAt = (by: number) => ({ ...call, resuming: { ...resuming, timer: { by } } });
  return 'by' in resuming.timer ? [{ name: 'resume', still: false, passAt }] : [];
}

function pendingOfVideo(call: Established): readonly Pending[] {
  const { video } = call;
  if (video.state !== 'requested') return [];
  return [
    { name: 'video', still: false, passAt: (until) => ({ ...call, video: { ...video, until } }) },
  ];
}

/** The position with all that is pending put off to the far future, one second later. */
export function putOff(position: Position): Position {
  return deepFreeze({
    ...position,
    calls: position.calls.map(putOffCall),
    now: position.now + 1000,
  });
}

function putOffCall(call: Call): Call {
  if (isWaiting(call)) {
    const callerLoss = putOffLoss(call.callerLoss);
    return { ...call, expiresAt: FAR, offlineAt: FAR, callerLoss, legs: call.legs.map(putOffLeg) };
  }
  if (call.state === 'ended') return call;
  const { caller, callee } = call.sides;
  const { connectTimer: timer, video, resuming } = call;
  return {
    ...call,
    sides: {
      caller: { ...caller, loss: putOffLoss(caller.loss) },
      callee: { ...callee, loss: putOffLoss(callee.loss) },
    },
    connectTimer: timer && putOffCountdown(timer),
    video: video.state === 'requested' ? { ...video, until: FAR } : video,
    resuming: resuming && { ...resuming, timer: putOffCountdown(resuming.timer) },
  };
}

function putOffCountdown(timer: Countdown): Countdown {
  return 'by' in timer ? { by: FAR } : { leftMs: 1000 };
}

function putOffLoss(loss: Loss | null): Loss | null {
  return loss && { ...loss, until: FAR };
}

function putOffLeg(leg: Leg): Leg {
  return leg.receiptBy === null ? leg : { ...leg, receiptBy: FAR };
}
