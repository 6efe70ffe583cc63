import { RECORD_STATUS } from '@ringline/protocol';
import type { Call, Line } from './call.ts';
import { isOpen, isWaiting } from './call.ts';
import { deadlineOf } from './deadline.ts';

/** What must hold of all calls and lines at every moment; each sentence returned is a violation. */
export function violations(calls: readonly Call[], lines: readonly Line[]): readonly string[] {
  return [
    ...calls.flatMap(flawsOfCall),
    ...calls.flatMap((call) => flawsOfLines(call, lines)),
    ...lines.flatMap((line) => flawsOfLine(line, calls)),
  ];
}

function flawsOfCall(call: Call): readonly string[] {
  const flaws: string[] = [];
  const claim = (holds: boolean, text: string) => {
    if (!holds) flaws.push(`${call.id} (${call.state}): ${text}`);
  };
  if (isWaiting(call)) claim(deadlineOf(call) !== null, 'waits without a deadline');
  if (call.state === 'established') claimEstablished(call, claim);
  if (call.state === 'ended') claimEnded(call, claim);
  if (call.state === 'inviting') {
    claim(!call.legs.some((leg) => leg.state === 'alerting'), 'a leg alerts but it does not ring');
  }
  if (!isWaiting(call)) {
    claim(deadlineOf(call) === null || call.state === 'established', 'is over with a deadline');
  }
  return flaws;
}

type Claim = (holds: boolean, text: string) => void;

function claimEstablished(call: Extract<Call, { state: 'established' }>, claim: Claim): void {
  const { caller, callee } = call.sides;
  const connected = call.connectedAt !== null;
  claim(caller.device === call.caller.device, 'the caller changed its device');
  claim(connected || call.connectTimer !== null, 'is not connected and has no connect timer');
  claim(!connected || call.connectTimer === null, 'is connected and still has a connect timer');
  if (caller.loss || callee.loss) claim(deadlineOf(call) !== null, 'a device is lost for ever');
  claim(
    call.legs.every((leg) => leg.receiptBy === null),
    'a leg still waits for its receipt',
  );
}

function claimEnded(call: Extract<Call, { state: 'ended' }>, claim: Claim): void {
  const { record } = call;
  const accepted = record.acceptedAt !== null;
  claim(record.call === call.id && record.reason === call.reason, 'its record is of another call');
  claim(accepted === (call.answeredBy !== null), 'accept and answering device disagree');
  claim(accepted === (record.status === RECORD_STATUS.completed), 'status 1 means accepted');
  claim(accepted === (record.durations.length === 2), 'durations are for accepted calls');
  claim(
    record.durations.every(
      ({ seconds }) => seconds >= 0 && (seconds === 0 || record.connectedAt !== null),
    ),
    'somebody talked in a call that never connected',
  );
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

function flawsOfLine(line: Line, calls: readonly Call[]): readonly string[] {
  const open = calls.filter((call) => line.calls.includes(call.id) && isOpen(call));
  return open.length > MAX_OPEN_CALLS ? [`${line.user} is in ${open.length} calls at once`] : [];
}

/** One open call per user, until call waiting allows a second. */
const MAX_OPEN_CALLS = 1;
