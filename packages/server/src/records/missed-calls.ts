import type { Actor } from '@ringline/call';
import { roleOf } from '@ringline/call';
import type { CallId } from '@ringline/protocol';
import { refusal } from '@ringline/protocol';
import type { Answer } from '../steps/answer.ts';
import { DONE, refusedWith } from '../steps/answer.ts';
import type { RequestOrigin, StepRunner } from '../steps/step-runner.ts';

/** Up to which call users have seen what they missed, on all their devices. */
export class MissedCalls {
  readonly #steps: StepRunner;

  constructor(steps: StepRunner) {
    this.#steps = steps;
  }

  /** The user has seen its missed calls up to this one, which is over. */
  see(by: Actor, request: RequestOrigin, call: CallId): Promise<Answer> {
    return this.#steps.run({
      cause: { type: 'see-calls', by },
      scope: { users: [], actor: by, call },
      request,
      plan: ({ calls }) => {
        const found = calls.find(({ id }) => id === call);
        if (!found || !roleOf(found, by.user)) {
          return { answer: refusedWith(refusal('unknown-call')) };
        }
        if (found.state !== 'ended') return { answer: refusedWith(refusal('wrong-state')) };
        return { answer: DONE, seen: [{ user: by.user, call }] };
      },
    });
  }
}
