import type {
  CallView,
  DeviceId,
  EndedCallView,
  EndReason,
  EstablishedCallView,
  LegEndReason,
  LegView,
  WaitingCallView,
  Who,
} from '@ringline/protocol';
import { isAnnouncement, MAX_ANNOUNCING_MS } from '@ringline/protocol';
import type { Actor, Call, Ended, Established, Leg, Role, WaitingCall } from './call.ts';
import { mediaOf as mediaOfEstablished, otherOf, roleOf } from './call.ts';

/** All that one device is told of a call, or undefined when it has no part in it. */
export function viewOf(call: Call, { user, device }: Actor, now: number): CallView | undefined {
  const role = roleOf(call, user);
  if (!role) return undefined;
  if (role === 'caller')
    return call.caller.device === device ? ownView(call, role, now) : undefined;
  if (answeringDevice(call) === device) return ownView(call, role, now);
  const leg = call.legs.find((each) => each.device === device);
  return leg && viewOfLeg(call, leg, now);
}

/** The view of a device that the call is on. */
function ownView(call: Call, role: Role, now: number): CallView {
  switch (call.state) {
    case 'inviting':
    case 'ringing':
      return waitingView(call, undefined, now);
    case 'established':
      return establishedView(call, role, now);
    case 'ended':
      return endedView(call, role, call.reason, durationOf(call, role), now);
  }
}

/** The view of one of the callee's devices while it rings, and of those that did not answer. */
function viewOfLeg(call: Call, leg: Leg, now: number): CallView {
  switch (call.state) {
    case 'inviting':
    case 'ringing':
      return leg.state === 'refused'
        ? endedView(call, 'callee', 'refused', 0, now)
        : waitingView(call, leg, now);
    case 'established':
      return endedView(call, 'callee', reasonOnLosingLeg(leg), 0, now);
    case 'ended':
      return endedView(call, 'callee', reasonOnLeg(call, leg), 0, now);
  }
}

function reasonOnLosingLeg(leg: Leg): EndReason | LegEndReason {
  return leg.state === 'refused' ? 'refused' : 'answered-elsewhere';
}

function reasonOnLeg(call: Ended, leg: Leg): EndReason | LegEndReason {
  if (call.answeredBy !== null) return reasonOnLosingLeg(leg);
  if (leg.state === 'refused') return 'refused';
  switch (call.reason) {
    case 'refused':
      return call.endedBy?.device === leg.device ? 'refused' : 'refused-elsewhere';
    case 'cancelled':
      return 'cancelled';
    case 'no-answer':
      return 'expired';
    case 'connection-lost':
      return 'lost';
    case 'busy':
    case 'offline':
    case 'completed':
    case 'media-failed':
    case 'resume-failed':
      return call.reason;
  }
}

function common(call: Call, role: Role) {
  const { user, name, avatar } = role === 'caller' ? call.callee : call.caller;
  return {
    id: call.id,
    version: call.version,
    direction: role === 'caller' ? ('outgoing' as const) : ('incoming' as const),
    peer: { user, ...(name !== undefined && { name }), ...(avatar !== undefined && { avatar }) },
    ...(call.content !== null && { content: call.content }),
  };
}

/** With the caller's devices to connect to, or for a leg, with its own place among them. */
function waitingView(call: WaitingCall, leg: Leg | undefined, now: number): WaitingCallView {
  const role = leg === undefined ? 'caller' : 'callee';
  return {
    ...common(call, role),
    media: call.invitedMedia,
    state: call.state,
    remainingMs: Math.max(0, call.expiresAt - now),
    ...(leg === undefined
      ? { legs: call.legs.filter(({ isUnseen }) => !isUnseen).map(legView) }
      : { peerDevice: call.caller.device, epoch: leg.epoch }),
  };
}

function legView({ device, state, silence, epoch }: Leg): LegView {
  return { device, state, ...(silence !== null && { silence }), epoch };
}

function establishedView(call: Established, role: Role, now: number): EstablishedCallView {
  const own = call.sides[role];
  const peer = call.sides[otherOf(role)];
  return {
    ...common(call, role),
    media: mediaOfEstablished(call),
    state: 'established',
    peerDevice: peer.device,
    epoch: call.epoch,
    ...(call.connectedAt !== null && { connectedMs: Math.max(0, now - call.connectedAt) }),
    ...(peer.loss && { peerGraceMs: Math.max(0, peer.loss.until - now) }),
    ...(peer.muted && { peerMuted: true as const }),
    ...(peer.cameraOff && { peerCameraOff: true as const }),
    ...(own.muted && { muted: true as const }),
    ...(own.cameraOff && { cameraOff: true as const }),
    ...(own.holds && { held: true as const }),
    ...(peer.holds && { peerHolds: true as const }),
    ...operationsView(call, role, now),
    ...(call.response !== null && { response: call.response }),
  };
}

/** What is under way on hold and picture, and how it came out last. */
function operationsView(call: Established, role: Role, now: number) {
  const { resuming, resumes, video, videoEnding } = call;
  const who = (by: Role): Who => (by === role ? 'self' : 'peer');
  return {
    ...(resuming && { resuming: { by: who(resuming.by), resume: resumes } }),
    ...(video.state === 'requested' && {
      videoRequest: { by: who(video.by), remainingMs: Math.max(0, video.until - now) },
    }),
    ...(videoEnding && {
      videoEnd: {
        why: videoEnding.why,
        ...(videoEnding.by !== null && { by: who(videoEnding.by) }),
      },
    }),
  };
}

function endedView(
  call: Call,
  role: Role,
  reason: EndReason | LegEndReason,
  durationSeconds: number,
  now: number,
): EndedCallView {
  const response = call.state === 'ended' ? call.response : null;
  return {
    ...common(call, role),
    media: mediaOf(call),
    state: 'ended',
    reason,
    ...(role === 'caller' && response !== null && { response }),
    durationSeconds,
    ...(call.state === 'ended' && role === 'caller' && announcingView(call, now)),
  };
}

/** The voice that tells a caller why nobody answered is no part of the call: it comes after its end, for a while. */
function announcingView({ isAnnounced, record, reason }: Ended, now: number) {
  const announcingMs = record.endedAt + MAX_ANNOUNCING_MS - now;
  return isAnnounced && isAnnouncement(reason) && announcingMs > 0 && { announcingMs };
}

function mediaOf(call: Call) {
  switch (call.state) {
    case 'inviting':
    case 'ringing':
      return call.invitedMedia;
    case 'established':
      return mediaOfEstablished(call);
    case 'ended':
      return call.record.type;
  }
}

function durationOf(call: Ended, role: Role): number {
  const { durations } = call.record;
  return durations.find((each) => each.user === call[role].user)?.seconds ?? 0;
}

function answeringDevice(call: Call): DeviceId | null {
  switch (call.state) {
    case 'inviting':
    case 'ringing':
      return null;
    case 'established':
      return call.sides.callee.device;
    case 'ended':
      return call.answeredBy;
  }
}
