import { RESUME_TIMEOUT_MS, VIDEO_CONSENT_MS } from '@ringline/protocol';
import type { Established, Resuming, Role } from '../call.ts';
import { otherOf } from '../call.ts';
import type { Resume } from '../command.ts';
import { countdown } from '../countdown.ts';
import type { Decision, World } from '../decision.ts';
import { besideOf, roomBeside } from './beside.ts';
import { refused } from './changes.ts';
import { withHold } from './hold.ts';
import type { Move } from './on-call.ts';
import { ALREADY, onSide, wrongState } from './on-call.ts';
import { requested, withVideo } from './picture.ts';
import { standingOf } from './standing.ts';

/** A side clears its own hold; when it was the last one, media have to flow again in time. */
export function resume(world: World, command: Resume, now: number): Decision {
  return onSide(world, command, now, 'resume', (call, role) => {
    switch (standingOf(call, role)) {
      case 'both-hold':
      case 'own-hold':
        return resumedBeside(world, { call, role }, command, now);
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

/** A user has one live call: with another one live this is a swap, and is to be asked for as one. */
function resumedBeside(world: World, { call, role }: Own, command: Resume, now: number): Move {
  const { by, askVideo } = command;
  const beside = besideOf(world, call.id, by.user, now);
  if (beside.kind === 'live' || beside.kind === 'calling') {
    return { outcome: refused('other-call-live') };
  }
  const room = roomBeside(beside, false, now);
  return { ...room, call: holdCleared(call, role, askVideo, now) };
}

interface Own {
  readonly call: Established;
  readonly role: Role;
}

/** The call without this side's hold; if it was the last one, media have to flow again. */
export function holdCleared(
  call: Established,
  role: Role,
  askVideo: boolean,
  now: number,
): Established {
  return call.sides[otherOf(role)].holds
    ? withHold(withWish(call, role, askVideo), role, false)
    : resumingBy(call, role, askVideo, now);
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
