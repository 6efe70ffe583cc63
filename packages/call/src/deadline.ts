import type { Attempt, Call, Established, Role } from './call.ts';
import { ROLES } from './call.ts';
import { isSeenNowhere } from './decide/legs.ts';

/** What happens to a call when time passes and nobody does anything. */
export type Deadline =
  | {
      readonly kind: 'expire' | 'offline' | 'caller-grace' | 'connect' | 'video' | 'resume';
      readonly at: number;
    }
  | { readonly kind: 'receipt'; readonly at: number }
  | { readonly kind: 'grace'; readonly at: number; readonly role: Role };

/** When a call must be looked at again, or null while only its devices' leases keep it. */
export function deadlineOf(call: Call): number | null {
  return nextDeadline(call)?.at ?? null;
}

/** The earliest deadline of a call; of two at one moment the ring timeout is first. */
export function nextDeadline(call: Call): Deadline | undefined {
  let next: Deadline | undefined;
  for (const deadline of deadlinesOf(call)) {
    if (next === undefined || deadline.at < next.at) next = deadline;
  }
  return next;
}

function deadlinesOf(call: Call): readonly Deadline[] {
  switch (call.state) {
    case 'inviting':
    case 'ringing':
      return call.callerLoss === null ? deadlinesOfAttempt(call) : deadlinesInCallerGrace(call);
    case 'established':
      return deadlinesOfEstablished(call);
    case 'ended':
      return [];
  }
}

function deadlinesOfAttempt(call: Attempt): readonly Deadline[] {
  const deadlines: Deadline[] = [{ kind: 'expire', at: call.expiresAt }];
  if (isSeenNowhere(call.legs)) deadlines.push({ kind: 'offline', at: call.offlineAt });
  for (const leg of call.legs) {
    if (leg.receiptBy !== null) deadlines.push({ kind: 'receipt', at: leg.receiptBy });
  }
  return deadlines;
}

/** During the caller's grace no deadline but the ring timeout and the grace itself fires. */
function deadlinesInCallerGrace(call: Attempt): readonly Deadline[] {
  const deadlines: Deadline[] = [{ kind: 'expire', at: call.expiresAt }];
  if (call.callerLoss) deadlines.push({ kind: 'caller-grace', at: call.callerLoss.until });
  return deadlines;
}

function deadlinesOfEstablished(call: Established): readonly Deadline[] {
  const deadlines: Deadline[] = [];
  for (const role of ROLES) {
    const { loss } = call.sides[role];
    if (loss) deadlines.push({ kind: 'grace', at: loss.until, role });
  }
  if (call.connectTimer && 'by' in call.connectTimer) {
    deadlines.push({ kind: 'connect', at: call.connectTimer.by });
  }
  if (call.resuming && 'by' in call.resuming.timer) {
    deadlines.push({ kind: 'resume', at: call.resuming.timer.by });
  }
  if (call.video.state === 'requested') deadlines.push({ kind: 'video', at: call.video.until });
  return deadlines;
}
