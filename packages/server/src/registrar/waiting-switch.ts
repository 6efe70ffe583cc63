import type { Actor } from '@ringline/call';
import type { Answer } from '../steps/answer.ts';
import { DONE } from '../steps/answer.ts';
import type { RequestOrigin, StepRunner } from '../steps/step-runner.ts';

/** Call waiting of a device, switched while it is bound. */
export class WaitingSwitch {
  readonly #steps: StepRunner;

  constructor(steps: StepRunner) {
    this.#steps = steps;
  }

  /** From now on the device takes a second call beside the one that it is in, or does not. */
  set(by: Actor, takesSecond: boolean, request?: RequestOrigin): Promise<Answer> {
    return this.#steps.run({
      cause: { type: 'set-call-waiting', by },
      scope: { users: [], actor: by },
      ...(request && { request }),
      plan: ({ actor }) => ({
        answer: DONE,
        ...(actor && actor.takesSecond !== takesSecond && { device: { ...actor, takesSecond } }),
      }),
    });
  }
}
