import type { Peer } from '@ringline/protocol';
import { RECEIPT_TIMEOUT_MS } from '@ringline/protocol';
import type { Actor, Call, Established, Leg, Loss, Role, WaitingCall } from '../call.ts';
import { roleOf, talkingDevice } from '../call.ts';
import type { Bind } from '../command.ts';
import type { Decision, World } from '../decision.ts';
import { decided, done } from './changes.ts';
import { withClocks } from './clocks.ts';
import { settled } from './expire.ts';
import { deliveredLeg, legOf, nextEpoch, withLeg, withNewLeg } from './legs.ts';

/** A device is reachable: it takes its calls up again, and rings for those that wait for its user. */
export function bind(world: World, command: Bind, now: number): Decision {
  const settledCalls = world.calls.map((call) => settled(call, now));
  const calls = settledCalls.map((call) => takenUp(call, settledCalls, command, now));
  return withWishOf(command, world, decided(world, calls, done(), now));
}

/** What the device's token says of its user's announcements and records, kept where every invitation reads it. */
function withWishOf(
  { by, isAnnounced, takesRecords }: Bind,
  world: World,
  decision: Decision,
): Decision {
  const before = world.lines.find(({ user }) => user === by.user);
  if (!before) return decision;
  if (before.isAnnounced === isAnnounced && before.takesRecords === takesRecords) return decision;
  const moved = decision.lines.find(({ user }) => user === by.user);
  const line = moved ?? { ...before, version: before.version + 1 };
  const others = decision.lines.filter((each) => each !== moved);
  return { ...decision, lines: [...others, { ...line, isAnnounced, takesRecords }] };
}

function takenUp(call: Call, all: readonly Call[], command: Bind, now: number): Call {
  const role = roleOf(call, command.by.user);
  if (!role) return call;
  switch (call.state) {
    case 'inviting':
    case 'ringing':
      return role === 'caller'
        ? withCallerBack(call, command, now)
        : withLegBack(call, all, command, now);
    case 'established':
      return withSideBack(call, role, command, now);
    case 'ended':
      return call;
  }
}

function withCallerBack(call: WaitingCall, { by, holds }: Bind, now: number): WaitingCall {
  if (call.caller.device !== by.device) return call;
  const back = call.callerLoss === null ? call : afterGrace(call, call.callerLoss, now);
  return holds.includes(call.id) ? back : { ...back, legs: withNewEpochs(back.legs) };
}

/** The caller's page was loaded anew: whatever was connected before the accept is gone with the old one. */
function withNewEpochs(legs: readonly Leg[]): readonly Leg[] {
  const first = nextEpoch(legs);
  return legs.map((leg, index) => ({ ...leg, epoch: first + index }));
}

function afterGrace(call: WaitingCall, loss: Loss, now: number): WaitingCall {
  return {
    ...call,
    callerLoss: null,
    // These two stood still during the grace; the ring timeout did not.
    offlineAt: call.offlineAt + now - loss.at,
    legs: call.legs.map((leg) => movedOn(leg, loss, now)),
  };
}

/** The receipt of a leg that came during the grace stood still only since then. */
function movedOn(leg: Leg, loss: Loss, now: number): Leg {
  if (leg.receiptBy === null) return leg;
  const toldAt = leg.receiptBy - RECEIPT_TIMEOUT_MS;
  return { ...leg, receiptBy: leg.receiptBy + now - Math.max(loss.at, toldAt) };
}

/** A late login, a leg that was lost, or a page loaded anew: it rings with the time that is left. */
function withLegBack(
  call: WaitingCall,
  all: readonly Call[],
  command: Bind,
  now: number,
): WaitingCall {
  const { device } = command.by;
  const leg = legOf(call.legs, device);
  const fresh = deliveredLeg(device, nextEpoch(call.legs), now);
  if (!leg && (talksElsewhere(all, command.by) || !mayRing(call, command))) return call;
  if (!leg) return { ...call, callee: calleeOf(call, command), legs: withNewLeg(call.legs, fresh) };
  if (leg.state === 'refused') return call;
  const { epoch } = command.holds.includes(call.id) ? leg : fresh;
  if (leg.state !== 'lost' && epoch === leg.epoch) return call;
  return { ...call, legs: withLeg(call.legs, { ...fresh, epoch }) };
}

/** What was raised from a bare invitation rings on pages that speak RTM alone. */
function mayRing({ isRaised }: WaitingCall, { speaksRtm }: Bind): boolean {
  return speaksRtm || !isRaised;
}

/** A second call alerts on the device that is in the first, and on no other. */
function talksElsewhere(calls: readonly Call[], { user, device }: Actor): boolean {
  return calls.some((call) => {
    const talksOn = talkingDevice(call, user);
    return talksOn !== undefined && talksOn !== device;
  });
}

/** Whoever logs in first says what the callee is called; another token does not rename it while it rings. */
function calleeOf(call: WaitingCall, command: Bind): Peer {
  return call.legs.length === 0 ? command.profile : call.callee;
}

function withSideBack(call: Established, role: Role, command: Bind, now: number): Established {
  const side = call.sides[role];
  if (side.device !== command.by.device) return call;
  const reloaded = !command.holds.includes(call.id);
  if (side.loss === null && !reloaded) return call;
  const sides = { ...call.sides, [role]: { ...side, loss: null } };
  const back = withClocks({ ...call, sides }, now);
  return reloaded ? withNewEpoch(back) : back;
}

/** A page loaded anew has a new DTLS certificate: both sides build a new connection. */
function withNewEpoch(call: Established): Established {
  return {
    ...call,
    epoch: call.epoch + 1,
    resuming: call.resuming && { ...call.resuming, flows: { caller: false, callee: false } },
    sides: {
      caller: { ...call.sides.caller, connected: false },
      callee: { ...call.sides.callee, connected: false },
    },
  };
}
