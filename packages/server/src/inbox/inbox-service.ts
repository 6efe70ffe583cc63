import type { Actor } from '@ringline/call';
import type { Read, Refusal, Send, UserId } from '@ringline/protocol';
import { refusal } from '@ringline/protocol';
import { defined } from '../defined.ts';
import type { Randomness } from '../randomness.ts';
import { randomName } from '../randomness.ts';
import type { Answer } from '../steps/answer.ts';
import { DONE, refusedWith } from '../steps/answer.ts';
import type { RequestOrigin, StepRunner } from '../steps/step-runner.ts';
import type { SentMessage, Store } from '../store/store.ts';

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

  /** Puts a message into both inboxes, unless its sender has sent one with this key. */
  send(
    by: Actor,
    request: RequestOrigin,
    { to, body, key }: Pick<Send, 'to' | 'body' | 'key'>,
  ): Promise<Answer> {
    const id = randomName(this.#randomness);
    const { user: from } = by;
    const sent = key === undefined ? {} : { sent: { from, key } };
    return this.#steps.run({
      cause: { type: 'send', by },
      scope: { users: [], actor: by, ...sent },
      request,
      plan: ({ sent: earlier }, at) => {
        if (earlier) return { answer: again(earlier, to) };
        const item = { id, from, to, at, body, ...defined({ key }) };
        return { answer: sentAs(item), inbox: [item] };
      },
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

function sentAs({ id, at }: Pick<SentMessage, 'id' | 'at'>): Answer {
  return { kind: 'reply', reply: { type: 'sent', id, at } };
}

/** The answer to a key that its sender has used: whoever tries again says the same to the same user. */
function again(earlier: SentMessage, to: UserId): Answer {
  return earlier.to === to ? sentAs(earlier) : refusedWith(KEY_TAKEN);
}

const KEY_TAKEN: Refusal = refusal('malformed', {
  path: 'key',
  message: 'This key names a message to another user; make one for each message.',
});

const BEYOND_HEAD: Refusal = refusal('malformed', {
  path: 'cursor',
  message: 'The inbox has no item with this cursor yet.',
});
