import type { Actor } from '@ringline/call';
import type { MessageBody, Read, Refusal, UserId } from '@ringline/protocol';
import { refusal } from '@ringline/protocol';
import type { Randomness } from '../randomness.ts';
import { randomName } from '../randomness.ts';
import type { Answer } from '../steps/answer.ts';
import { DONE, refusedWith } from '../steps/answer.ts';
import type { RequestOrigin, StepRunner } from '../steps/step-runner.ts';
import type { Store } from '../store/store.ts';

/** Messages between users, what a device has acknowledged, and what a user has read. */
export class InboxService {
  readonly #steps: StepRunner;
  readonly #store: Pick<Store, 'inboxHead'>;
  readonly #randomness: Randomness;

  constructor(steps: StepRunner, store: Pick<Store, 'inboxHead'>, randomness: Randomness) {
    this.#steps = steps;
    this.#store = store;
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

  /** Moves the user's mark in a conversation forward; with `isTold` the peer learns of it. */
  async read(
    by: Actor,
    request: RequestOrigin,
    { peer, cursor }: Pick<Read, 'peer' | 'cursor'>,
    isTold: boolean,
  ): Promise<Answer> {
    // A head only grows, so what it says now holds in the step as well.
    if (cursor > (await this.#store.inboxHead(by.user))) return refusedWith(BEYOND_HEAD);
    return this.#steps.run({
      cause: { type: 'read', by },
      scope: { users: [], actor: by },
      request,
      plan: () => ({ answer: DONE, reads: [{ user: by.user, peer, cursor, isTold }] }),
    });
  }
}

const BEYOND_HEAD: Refusal = refusal('malformed', {
  path: 'cursor',
  message: 'The inbox has no item with this cursor yet.',
});
