import type { Media, Peer } from '@ringline/protocol';
import { CALLER_GRACE_MS, CONNECT_TIMEOUT_MS, GRACE_MS } from '@ringline/protocol';
import type { Actor, Established, Loss, Side, WaitingCall } from '../call.ts';
import type { Accept } from '../command.ts';
import { countdown } from '../countdown.ts';
import type { Decision, World } from '../decision.ts';
import { besideOf, roomBeside } from './beside.ts';
import { refused } from './changes.ts';
import { legOf, nextEpoch } from './legs.ts';
import type { Move } from './on-call.ts';
import { ALREADY, notYours, onCall, wrongState } from './on-call.ts';

/** A device of the callee answers: the first accept wins (SIP 200). */
export function accept(world: World, command: Accept, now: number): Decision {
  return onCall(world, command, now, (call, role) => {
    if (role === 'caller') return notYours('Only the callee can accept.');
    switch (call.state) {
      case 'inviting':
      case 'ringing':
        return answered(world, call, command, now);
      case 'established':
        return call.sides.callee.device === command.by.device
          ? ALREADY
          : { outcome: refused('answered-elsewhere') };
      case 'ended':
        return wrongState(call, 'accept');
    }
  });
}

function answered(world: World, call: WaitingCall, command: Accept, now: number): Move {
  const { by, mayHoldOther, response } = command;
  const leg = legOf(call.legs, by.device);
  if (!leg || leg.state === 'refused') return wrongState(call, 'accept on this device');
  const room = roomBeside(besideOf(world, call.id, by.user, now), mayHoldOther, now);
  if (!room.outcome.ok) return room;
  const media = command.media ?? call.invitedMedia;
  const answer = { by, media, response, profile: call.callee };
  return { ...room, call: established(call, answer, now) };
}

/** Who answers, with what. */
export interface Answer {
  readonly by: Actor;
  readonly media: Media;
  readonly response: string | null;
  readonly profile: Peer;
}

/** The call once this answer has won; picture needs both sides' wish. */
export function established(call: WaitingCall, answer: Answer, now: number): Established {
  const callerLoss = call.callerLoss && withFullGrace(call.callerLoss);
  const calleeLoss = lossOfAnswering(call, answer.by, now);
  const hasVideo = call.invitedMedia === 'video' && answer.media === 'video';
  return {
    state: 'established',
    id: call.id,
    version: call.version,
    roomId: call.roomId,
    caller: call.caller,
    callee: answer.profile,
    invitedMedia: call.invitedMedia,
    content: call.content,
    isHoldable: call.isHoldable,
    isAnnounced: call.isAnnounced,
    recordTo: call.recordTo,
    invitedAt: call.invitedAt,
    changedAt: call.changedAt,
    legs: call.legs.map((leg) => (leg.receiptBy === null ? leg : { ...leg, receiptBy: null })),
    acceptedAt: now,
    video: { state: hasVideo ? 'on' : 'off' },
    hadVideo: hasVideo,
    videoEnding: null,
    setAside: null,
    resumes: 0,
    resuming: null,
    sides: {
      caller: newSide(call.caller.device, callerLoss),
      callee: newSide(answer.by.device, calleeLoss),
    },
    // Of a device without a leg, as in glare: nobody has connected to it yet.
    epoch: legOf(call.legs, answer.by.device)?.epoch ?? nextEpoch(call.legs),
    response: answer.response,
    connectedAt: null,
    connectTimer: countdown(CONNECT_TIMEOUT_MS, (callerLoss ?? calleeLoss) !== null, now),
  };
}

/** Before the accept a lost caller has its short grace, after it the long one of both sides. */
function withFullGrace({ at, until }: Loss): Loss {
  return { at, until: until - CALLER_GRACE_MS + GRACE_MS };
}

/** An answer that was on its way when its device was lost counts; the device has a full grace to return. */
function lossOfAnswering(call: WaitingCall, { device }: Actor, now: number): Loss | null {
  const lost = legOf(call.legs, device)?.state === 'lost';
  return lost ? { at: now, until: now + GRACE_MS } : null;
}

function newSide(device: string, loss: Loss | null): Side {
  const lastLostAt = loss?.at ?? null;
  const said = { muted: false, cameraOff: false, holds: false };
  return { device, connected: false, loss, lastLostAt, ...said };
}
