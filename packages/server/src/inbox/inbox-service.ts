import type { Actor } from '@ringline/call';
import type { MessageBody, UserId } from '@ringline/protocol';
import type { Randomness } from '../randomness.ts';
import { randomName } from '../randomness.ts';
import type { Answer } from '../steps/answer.ts';
import { DONE } from '../steps/answer.ts';
import type { RequestOrigin, StepRunner } from '../steps/step-runner.ts';

/** Messages between users, and what a device has acknowledged. */
export class InboxService {
  readonly #steps: StepRunner;
  readonly #randomness: Randomness;

  constructor(steps: StepRunner, randomness: Randomness) {
    this.#steps = steps;
    this.#randomness = randomness;
  }

  /** Puts a message into both inboxes. */
  send(by: Actor, request: RequestOrigin, to: UserId, body: MessageBody): Promise<Answer> {
    const id = randomName(this.#randomness);
    return this.#steps.run({
      cause: { type: 'send', by },
      scope: { users: [], actor: by },
      request,
      plan: (_, at) => ({
        answer: { kind: 'reply', reply: { type: 'sent', id, at } },
        inbox: [{ id, from: by.user, to, at, body }],
      }),
    });
  }

  /** Notes how far a device has read; what lies behind is not sent to it again. */
  acknowledge(by: Actor, cursor: number): Promise<Answer> {
    return this.#steps.run({
      cause: { type: 'acknowledge', by },
      scope: { users: [], actor: by },
      plan: ({ actor }) =>
        actor && cursor > actor.acknowledged
          ? { answer: DONE, device: { ...actor, acknowledged: cursor } }
          : { answer: DONE },
    });
  }
}
