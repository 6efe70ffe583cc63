import type { DeviceId, UserId } from '@ringline/protocol';
import { RECORD_STATUS } from '@ringline/protocol';
import type { Call, Ended, Established, Leg, Line, WaitingCall } from './call.ts';
import { isHeld, isLiveFor, isOpen, isWaiting, talkingDevice } from './call.ts';
import { deadlineOf } from './deadline.ts';
import { isSeenNowhere } from './decide/legs.ts';

/** What must hold of all calls and lines at every moment; each sentence returned is a violation. */
export function violations(calls: readonly Call[], lines: readonly Line[]): readonly string[] {
  return [
    ...calls.flatMap(flawsOfCall),
    ...calls.flatMap((call) => flawsOfLines(call, lines)),
    ...lines.flatMap((line) => flawsOfLine(line, calls)),
  ];
}

type Claim = (holds: boolean, text: string) => void;

function flawsOfCall(call: Call): readonly string[] {
  const flaws: string[] = [];
  const claim: Claim = (holds, text) => {
    if (!holds) flaws.push(`${call.id} (${call.state}): ${text}`);
  };
  claim(call.version >= 1, 'has no version');
  claim(call.caller.user !== call.callee.user, 'a user calls itself');
  claim(call.changedAt >= call.invitedAt, 'changed before it began');
  claimLegs(call, claim);
  if (isWaiting(call)) claimWaiting(call, claim);
  if (call.state === 'established') claimEstablished(call, claim);
  if (call.state === 'ended') claimEnded(call, claim);
  return flaws;
}

function claimLegs({ legs }: Call, claim: Claim): void {
  claim(new Set(legs.map((leg) => leg.device)).size === legs.length, 'a device has two legs');
  claim(
    legs.every((leg) => leg.silence === null || leg.state === 'silent'),
    'a leg that is not silent says why it is',
  );
}

const REPORTED: ReadonlySet<Leg['state']> = new Set(['alerting', 'silent']);

function claimWaiting(call: WaitingCall, claim: Claim): void {
  claim(deadlineOf(call) !== null, 'waits without a deadline');
  claim(
    call.legs.every((leg) => (leg.receiptBy !== null) === (leg.state === 'delivered')),
    'a leg waits for its receipt exactly while it is delivered',
  );
  claim(
    isSeenNowhere(call.legs) || call.legs.some((leg) => leg.state !== 'refused'),
    'every leg has refused and it goes on',
  );
  const reported = call.legs.some((leg) => REPORTED.has(leg.state));
  claim(call.state === 'ringing' || !reported, 'a leg alerts but it does not ring');
  claim(call.state === 'inviting' || call.legs.length > 0, 'rings on no leg');
}

function claimEstablished(call: Established, claim: Claim): void {
  const { caller, callee } = call.sides;
  const connected = call.connectedAt !== null;
  const timer = call.connectTimer;
  const lost = caller.loss !== null || callee.loss !== null;
  claim(caller.device === call.caller.device, 'the caller changed its device');
  claim(connected || timer !== null, 'is not connected and has no connect timer');
  claim(!connected || timer === null, 'is connected and still has a connect timer');
  claim(timer === null || 'leftMs' in timer === lost, 'the connect timer stands still iff lost');
  claim(!lost || deadlineOf(call) !== null, 'a device is lost for ever');
  claim(
    call.legs.every((leg) => leg.receiptBy === null),
    'a leg still waits for its receipt',
  );
  claim((call.connectedAt ?? call.acceptedAt) >= call.acceptedAt, 'connected before the accept');
  claimHoldAndVideo(call, claim, lost);
}

function claimHoldAndVideo(call: Established, claim: Claim, lost: boolean): void {
  const { resuming, setAside, video } = call;
  const held = isHeld(call);
  claim(!held || resuming === null, 'is held and resumes');
  claim(video.state === 'off' || (!held && !resuming), 'has or awaits a picture while it is held');
  claim(setAside === null || held || resuming !== null, 'keeps a picture aside without a hold');
  claim(call.hadVideo || (video.state !== 'on' && !setAside), 'forgets that it had a picture');
  const isStill = lost || call.connectedAt === null;
  claim(
    !resuming || 'leftMs' in resuming.timer === isStill,
    'the resume timer stands still iff lost or not connected',
  );
  claim(
    !resuming || !(resuming.flows.caller && resuming.flows.callee),
    'media flow both ways and it still resumes',
  );
}

function claimEnded(call: Ended, claim: Claim): void {
  const { record } = call;
  const accepted = record.acceptedAt !== null;
  claim(deadlineOf(call) === null, 'is over with a deadline');
  claim(record.call === call.id && record.reason === call.reason, 'its record is of another call');
  claim(record.endedBy === (call.endedBy?.user ?? null), 'its record names another who ended it');
  claim(accepted === (call.answeredBy !== null), 'accept and answering device disagree');
  claim(accepted === (record.status === RECORD_STATUS.completed), 'status 1 means accepted');
  claim(accepted === (record.durations.length === 2), 'durations are for accepted calls');
  claim(inOrder(call), 'its instants are out of order');
  claim(
    record.durations.every(({ seconds }) => seconds >= 0 && seconds * 1000 <= talkingMs(call)),
    'somebody talked longer than the call was connected',
  );
}

function inOrder({ record }: Ended): boolean {
  const { invitedAt, acceptedAt, connectedAt, endedAt } = record;
  const instants = [invitedAt, acceptedAt, connectedAt, endedAt].filter((at) => at !== null);
  return instants.every((at, i) => i === 0 || at >= (instants[i - 1] ?? at));
}

function talkingMs({ record }: Ended): number {
  return record.connectedAt === null ? 0 : record.endedAt - record.connectedAt;
}

/** An open call lies in both its users' lines, an ended one in neither. */
function flawsOfLines(call: Call, lines: readonly Line[]): readonly string[] {
  return [call.caller.user, call.callee.user]
    .filter((user) => {
      const line = lines.find((each) => each.user === user);
      return line !== undefined && line.calls.includes(call.id) !== isOpen(call);
    })
    .map(
      (user) =>
        `${call.id} (${call.state}): ${isOpen(call) ? 'is not' : 'is still'} in the line of ${user}`,
    );
}

function flawsOfLine({ user, calls: ids }: Line, calls: readonly Call[]): readonly string[] {
  const open = calls.filter((call) => ids.includes(call.id) && isOpen(call));
  const live = open.filter((call) => isLiveFor(call, user));
  const devices = new Set(open.map((call) => deviceIn(call, user)).filter((each) => each !== null));
  const flaws: string[] = [];
  if (open.length > MAX_OPEN_CALLS) flaws.push(`${user} is in ${open.length} calls at once`);
  if (live.length > 1) flaws.push(`${user} has ${live.length} live calls`);
  if (devices.size > 1) flaws.push(`${user} is in two calls on two devices`);
  return flaws;
}

/** The device on which the user calls out or talks; null where it is only rung. */
function deviceIn(call: Call, user: UserId): DeviceId | null {
  return talkingDevice(call, user) ?? (call.caller.user === user ? call.caller.device : null);
}

/** One that is live, and one that is held or waits for an answer. */
const MAX_OPEN_CALLS = 2;
