import type { CallView } from '@ringline/protocol';
import type { Actor, Call, Command, Established } from '../../src/index.ts';
import {
  deadlineOf,
  eventsBetween,
  isOpen,
  isWaiting,
  otherOf,
  ROLES,
  roleOf,
  viewOf,
} from '../../src/index.ts';
import type { Position, Step } from './position.ts';
import { DEVICES, USERS } from './position.ts';

/** What is wrong with a position, in sentences. */
export function flawsOfPosition(position: Position): readonly string[] {
  return [
    ...flawsOfUsers(position),
    ...position.calls.flatMap((call) => [
      ...flawsOfPresence(call, position.bound),
      ...flawsOfViews(call, position.now),
    ]),
  ];
}

function flawsOfUsers({ calls, takesSecond }: Position): readonly string[] {
  const open = calls.filter(isOpen);
  const withTwo = USERS.filter((user) => open.filter((call) => roleOf(call, user)).length > 1);
  return withTwo
    .filter((user) => !takesSecond.includes(user))
    .map((user) => `${user} has two calls without call waiting`);
}

/** The machine knows exactly which of the devices that a call depends on are lost. */
function flawsOfPresence(call: Call, bound: readonly Actor[]): readonly string[] {
  const flaws: string[] = [];
  const isBound = (device: string) => bound.some((actor) => actor.device === device);
  const claim = (holds: boolean, text: string) => {
    if (!holds) flaws.push(`${call.id} (${call.state}): ${text}`);
  };
  if (isWaiting(call)) {
    claim((call.callerLoss === null) === isBound(call.caller.device), 'is wrong about its caller');
    for (const leg of call.legs) {
      const known = leg.state === 'refused' || (leg.state === 'lost') !== isBound(leg.device);
      claim(known, `is wrong about the leg of ${leg.device}`);
    }
    const rung = bound.filter(({ user }) => user === call.callee.user);
    const everywhere = rung.every(({ device }) => call.legs.some((leg) => leg.device === device));
    claim(everywhere, 'does not ring on a device of the callee that is there');
  }
  if (call.state === 'established') {
    for (const { device, loss } of Object.values(call.sides)) {
      claim((loss === null) === isBound(device), `is wrong about ${device}`);
      claim(deadlineOf(call) !== null || isBound(device), `nothing ends it without ${device}`);
    }
  }
  return flaws;
}

function flawsOfViews(call: Call, now: number): readonly string[] {
  const views = DEVICES.map((actor) => ({ actor, view: viewOf(call, actor, now) }));
  const flaws = views.flatMap(({ actor, view }) =>
    view && isRinging(view) && !isWaiting(call)
      ? [`${actor.device} rings for ${call.id}, which is ${call.state}`]
      : [],
  );
  for (const { actor, view } of views) {
    if (view && !roleOf(call, actor.user)) flaws.push(`${actor.device} sees a call of others`);
    if (view && view.version !== call.version) flaws.push(`${actor.device} sees another version`);
  }
  const talking = views.filter(({ view }) => view?.state === 'established');
  if (talking.length !== (call.state === 'established' ? 2 : 0)) {
    flaws.push(`${talking.length} devices are in ${call.id}, which is ${call.state}`);
  }
  return flaws;
}

function isRinging(view: CallView): boolean {
  return view.state === 'inviting' || view.state === 'ringing';
}

/** What is wrong with a step, in sentences. */
export function flawsOfStep(step: Step): readonly string[] {
  const { before, decision, after } = step;
  const flaws = decision.calls.flatMap((call) => {
    const earlier = before.calls.find((each) => each.id === call.id);
    const flaws = earlier ? flawsOfChange(earlier, call, after.now) : flawsOfBirth(call);
    return [...flaws, ...flawsOfEvents(earlier, call)];
  });
  for (const line of decision.lines) {
    const version = before.lines.find(({ user }) => user === line.user)?.version ?? 0;
    if (line.version !== version + 1) flaws.push(`the line of ${line.user} skips a version`);
  }
  for (const call of decision.calls) {
    const earlier = before.calls.find(({ id }) => id === call.id);
    if (earlier?.state === 'established' && call.state === 'established') {
      flaws.push(...flawsOfConsent(earlier, call, step.command));
    }
  }
  if (!decision.outcome.ok && (decision.calls.length > 0 || decision.lines.length > 0)) {
    flaws.push(`it is refused (${decision.outcome.refusal.code}) and changes something`);
  }
  return flaws;
}

/** Nobody is seen who did not agree, and nobody clears or begins another's hold. */
function flawsOfConsent(before: Established, after: Established, command: Command) {
  const flaws: string[] = [];
  const claim = (holds: boolean, text: string) => {
    if (!holds) flaws.push(`${after.id} (${command.type}): ${text}`);
  };
  if (before.video.state !== 'on' && after.video.state === 'on') {
    const isWanted = before.video.state === 'requested' && command.type !== 'connected';
    const isBack = before.setAside !== null && command.type === 'connected';
    claim(isWanted || isBack, 'has a picture that nobody agreed to');
    if (before.video.state === 'requested') {
      const { by } = before.video;
      const actor = 'by' in command ? command.by.device : '';
      claim(actor === after.sides[otherOf(by)].device, 'is agreed to by the wrong side');
    }
  }
  for (const role of ROLES) {
    const { holds, device } = after.sides[role];
    if (holds === before.sides[role].holds) continue;
    const isOwn = 'by' in command && command.by.device === device;
    claim(isOwn && (holds ? HOLDING : RESUMING).has(command.type), `the hold of ${role} changes`);
  }
  return flaws;
}

/** What holds a call of who does it, and what clears that hold. */
const HOLDING: ReadonlySet<Command['type']> = new Set(['hold', 'invite', 'accept', 'swap']);
const RESUMING: ReadonlySet<Command['type']> = new Set(['resume', 'swap', 'end']);

/** Its birth and its end are told, each once and in its place. */
function flawsOfEvents(before: Call | undefined, after: Call): readonly string[] {
  const told = eventsBetween(before, after).map(({ type }) => type);
  const first = told.indexOf('call.invited');
  const last = told.indexOf('record.created');
  const begins = first === (before ? -1 : 0);
  const ends = last === (isOpen(after) ? -1 : told.length - 1);
  return begins && ends ? [] : [`${after.id} tells ${told.join(', ')}`];
}

function flawsOfBirth(call: Call): readonly string[] {
  return call.version === 1 ? [] : [`${call.id} begins with version ${call.version}`];
}

function flawsOfChange(before: Call, after: Call, now: number): readonly string[] {
  const flaws: string[] = [];
  const claim = (holds: boolean, text: string) => {
    if (!holds) flaws.push(`${after.id} (${before.state} → ${after.state}): ${text}`);
  };
  claim(isOpen(before), 'changes after its end');
  claim(after.version === before.version + 1, 'skips a version');
  claim(after.changedAt === now, 'changed at another time');
  claim(RANK[after.state] >= RANK[before.state], 'goes back');
  claim(after.invitedAt === before.invitedAt && after.roomId === before.roomId, 'is another call');
  for (const { device, epoch } of before.legs) {
    const leg = after.legs.find((each) => each.device === device);
    claim(leg === undefined || leg.epoch >= epoch, `goes back an epoch with ${device}`);
  }
  claim(
    new Set(after.legs.map(({ epoch }) => epoch)).size === after.legs.length,
    'shares an epoch',
  );
  if (before.state === 'established') {
    claim(answererOf(after) === before.sides.callee.device, 'is answered by a second device');
    if (after.state === 'established') {
      claim(after.epoch >= before.epoch, 'goes back an epoch');
      claim(after.epoch > before.epoch || keepsMedia(before, after), 'forgets its media');
      claim(after.acceptedAt === before.acceptedAt, 'is accepted twice');
      claim(after.connectedAt === (before.connectedAt ?? after.connectedAt), 'connects twice');
    }
  }
  for (const actor of DEVICES)
    claim(goesOn(before, after, actor, now), `${actor.device} is told two ends`);
  return flaws;
}

/** What a device has reported stands until a new epoch. */
function keepsMedia(before: Established, after: Established): boolean {
  return ROLES.every((role) => after.sides[role].connected || !before.sides[role].connected);
}

const RANK = { inviting: 0, ringing: 1, established: 2, ended: 3 } as const;

function answererOf(call: Call): string | null {
  if (call.state === 'established') return call.sides.callee.device;
  return call.state === 'ended' ? call.answeredBy : null;
}

/** A device that saw the call keeps seeing it, and one that was told its end is told no other, save that it may answer by glare. */
function goesOn(before: Call, after: Call, actor: Actor, now: number): boolean {
  const earlier = viewOf(before, actor, now);
  const later = viewOf(after, actor, now);
  if (!earlier) return true;
  if (!later) return false;
  if (earlier.state !== 'ended' || answererOf(after) === actor.device) return true;
  return later.state === 'ended' && later.reason === earlier.reason;
}
