import type { Actor, Call, Role } from '@ringline/call';
import { roleOf } from '@ringline/call';
import type { CallId, DeviceId, QualitySummary, Refusal } from '@ringline/protocol';
import { QUALITY_REPORT_WITHIN_MS, refusal } from '@ringline/protocol';
import type { Metrics } from '../observe/metrics.ts';
import type { Answer } from '../steps/answer.ts';
import { DONE, refusedWith } from '../steps/answer.ts';
import type { RequestOrigin, StepRunner } from '../steps/step-runner.ts';

/** What a device says of the quality of its call, kept beside the call's record, which never changes. */
export class QualityService {
  readonly #steps: StepRunner;
  readonly #metrics: Metrics;

  constructor(steps: StepRunner, metrics: Metrics) {
    this.#steps = steps;
    this.#metrics = metrics;
  }

  /** Keeps the report of one of the two devices that talk, or talked until a moment ago. */
  async report(
    by: Actor,
    request: RequestOrigin,
    call: CallId,
    summary: QualitySummary,
  ): Promise<Answer> {
    let state: Call['state'] | undefined;
    const answer = await this.#steps.run({
      cause: { type: 'report-quality', by },
      scope: { users: [], actor: by, call },
      request,
      plan: ({ calls }, now) => {
        const found = calls.find(({ id }) => id === call);
        const why = whyNot(found, by, now);
        if (why) return { answer: refusedWith(why) };
        state = found?.state;
        return { answer: DONE, quality: [{ call, user: by.user, ...summary }] };
      },
    });
    // Reports during the call are for pages that never come to its end: the last one is what it was like.
    if (answer.kind === 'reply' && hasEnded(state)) {
      this.#metrics.callRated(summary.mos, summary.relayed);
    }
    return answer;
  }
}

function hasEnded(state: Call['state'] | undefined): boolean {
  return state === 'ended';
}

function whyNot(call: Call | undefined, by: Actor, now: number): Refusal | undefined {
  const role = call && roleOf(call, by.user);
  if (!call || !role) return refusal('unknown-call');
  const device = deviceIn(call, role);
  if (device === null) return refusal('wrong-state');
  if (device !== by.device) return refusal('forbidden', OTHER_DEVICE);
  const isLate = call.state === 'ended' && now > call.changedAt + QUALITY_REPORT_WITHIN_MS;
  return isLate ? refusal('wrong-state', TOO_LATE) : undefined;
}

/** The device of this side that talks or talked; null when nobody has answered. */
function deviceIn(call: Call, role: Role): DeviceId | null {
  if (call.state === 'established') return call.sides[role].device;
  if (call.state !== 'ended' || call.answeredBy === null) return null;
  return role === 'caller' ? call.caller.device : call.answeredBy;
}

const OTHER_DEVICE = { message: 'This device did not talk in the call.' };
const TOO_LATE = { message: 'The call has been over for too long.' };
