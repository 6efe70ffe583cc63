import { RESUME_TIMEOUT_MS, VIDEO_CONSENT_MS } from '@ringline/protocol';
import type { Established, Resuming, Role } from '../call.ts';
import type { Hold, Resume } from '../command.ts';
import { countdown } from '../countdown.ts';
import type { Decision, World } from '../decision.ts';
import { done, refused } from './changes.ts';
import { ALREADY, onSide, wrongState } from './on-call.ts';
import { standingOf } from './standing.ts';
import { requested, withVideo, withoutVideo } from './picture.ts';

/** A side holds: from here on neither side sends. Both may hold, each for itself. */
export function hold(world: World, command: Hold, now: number): Decision {
  return onSide(world, command, now, 'hold', (call, role) => {
    if (!command.isPermitted || !call.isHoldable) return { outcome: refused('not-permitted') };
    switch (standingOf(call, role)) {
      case 'own-resume':
        return { outcome: refused('in-progress') };
      case 'own-hold':
      case 'both-hold':
        return ALREADY;
      case 'own-request':
      case 'other-request':
        return { call: held(withoutVideo(call, 'held', role), role), outcome: done() };
      case 'video':
        return { call: held(setAside(call, role, now), role), outcome: done() };
      case 'other-resume':
      case 'other-hold':
      case 'audio':
        return { call: held(call, role), outcome: done() };
    }
  });
}

/** A resume that was under way is over: it leaves this hold standing. */
function held(call: Established, role: Role): Established {
  return { ...withHold(call, role, true), resuming: null };
}

function setAside(call: Established, role: Role, now: number): Established {
  return { ...withoutVideo(call, 'held', role), setAside: { since: now, askedBy: null } };
}

function withHold(call: Established, role: Role, holds: boolean): Established {
  return { ...call, sides: { ...call.sides, [role]: { ...call.sides[role], holds } } };
}

/** A side clears its own hold; when it was the last one, media have to flow again in time. */
export function resume(world: World, command: Resume, now: number): Decision {
  return onSide(world, command, now, 'resume', (call, role) => {
    switch (standingOf(call, role)) {
      case 'both-hold':
        return {
          call: withHold(withWish(call, role, command.askVideo), role, false),
          outcome: done(),
        };
      case 'own-hold':
        return { call: resumingBy(call, role, command.askVideo, now), outcome: done() };
      case 'own-resume':
        return ALREADY;
      case 'other-resume':
      case 'other-hold':
      case 'own-request':
      case 'other-request':
      case 'video':
      case 'audio':
        return wrongState(call, 'resume', 'and this side does not hold');
    }
  });
}

/** What a side wants of the picture holds until it resumes again, whoever holds meanwhile. */
function withWish(call: Established, by: Role, askVideo: boolean): Established {
  const { setAside } = call;
  if (setAside === null) return call;
  const others = setAside.askedBy === by ? null : setAside.askedBy;
  return { ...call, setAside: { ...setAside, askedBy: askVideo ? by : others } };
}

function resumingBy(call: Established, by: Role, askVideo: boolean, now: number): Established {
  const { caller, callee } = call.sides;
  // Until media have connected, the time for that is the limit.
  const isStill = call.connectedAt === null || caller.loss !== null || callee.loss !== null;
  return {
    ...withHold(withWish(call, by, askVideo), by, false),
    resumes: call.resumes + 1,
    resuming: {
      by,
      flows: { caller: false, callee: false },
      timer: countdown(RESUME_TIMEOUT_MS, isStill, now),
    },
  };
}

/** A side has media since the given resume; with both, the resume has succeeded. */
export function withFlow(call: Established, role: Role, resumes: number, now: number): Established {
  const { resuming } = call;
  if (!resuming || resumes !== call.resumes || resuming.flows[role]) return call;
  const flows = { ...resuming.flows, [role]: true };
  return flows.caller && flows.callee
    ? resumed(call, resuming, now)
    : { ...call, resuming: { ...resuming, flows } };
}

/** Sound first, then the picture: by what both agreed to, unless that was too long ago. */
function resumed(call: Established, { by }: Resuming, now: number): Established {
  const audible: Established = { ...call, resuming: null, setAside: null };
  if (call.setAside === null) return audible;
  const { since, askedBy } = call.setAside;
  const isAgreed = askedBy === null && now - since <= VIDEO_CONSENT_MS;
  return isAgreed ? withVideo(audible) : requested(audible, askedBy ?? by, now);
}
