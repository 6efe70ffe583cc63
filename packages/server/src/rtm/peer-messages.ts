import type { RtmMessage, RtmMessageId, UserId } from '@ringline/protocol';
import { RTM_MESSAGE_TIMEOUT_MS } from '@ringline/protocol';
import type { Clock, Timer } from '../clock.ts';
import type { Bus } from '../cluster/bus.ts';
import type { Store } from '../store/store.ts';

/** What no page has is said again after this, should the bus have lost it. */
export const REPEAT_MS = 2_000;
/** A node keeps so many messages that nobody has yet; beyond that they count as not received. */
export const MAX_UNHEARD = 10_000;

/** A message on its way, and who waits for the word that it has come. */
interface Unheard {
  readonly message: RtmMessage;
  readonly settle: (received: boolean) => void;
  readonly until: Timer;
}

/** The messages to one user that no page of it has, in the order in which they were sent. */
interface Queue {
  /** By sender and id: the id is the sender's choice. */
  readonly unheard: Map<string, Unheard>;
  readonly stopWatching: () => void;
  repeat: Timer;
}

/** Messages of RTM from user to user: said to whoever is there, said again until a page has them, and never stored. */
export class PeerMessages {
  readonly #bus: Bus;
  readonly #clock: Clock;
  readonly #store: Pick<Store, 'load'>;
  readonly #queues = new Map<UserId, Queue>();
  #count = 0;

  constructor(parts: { bus: Bus; clock: Clock; store: Pick<Store, 'load'> }) {
    this.#bus = parts.bus;
    this.#clock = parts.clock;
    this.#store = parts.store;
  }

  /**
   * Says it, after what was said before; `received` tells whether a page of the user has it: false at once
   * when the user has no login, and after RTM_MESSAGE_TIMEOUT_MS. Throws StoreFault when the store is away.
   */
  async say(to: UserId, message: RtmMessage): Promise<{ readonly received: Promise<boolean> }> {
    const { rtm } = await this.#store.load({ users: [], rtm: { loginsOf: to } });
    const isThere = rtm !== undefined && rtm.logins.length > 0;
    if (!isThere || this.#count >= MAX_UNHEARD) return { received: Promise.resolve(false) };
    return { received: new Promise((resolve) => this.#say(to, message, resolve)) };
  }

  /** Lets the sender's node know that a page of `by` has the message. */
  acknowledge(from: UserId, by: UserId, message: RtmMessageId): void {
    this.#bus.publish({ kind: 'rtm-heard', to: from, by, message });
  }

  /** A page of `by` has the message of this sender. */
  heard(from: UserId, by: UserId, message: RtmMessageId): void {
    this.#settle(by, keyOf({ from, message }), true);
  }

  /** Whoever waits learns that nothing came of it here. */
  stop(): void {
    for (const [to, { unheard }] of this.#queues) {
      for (const key of unheard.keys()) this.#settle(to, key, false);
    }
  }

  #say(to: UserId, message: RtmMessage, resolve: (received: boolean) => void): void {
    const key = keyOf(message);
    const { unheard } = this.#queues.get(to) ?? this.#begin(to);
    const before = unheard.get(key);
    // Said again over another connection: both wait for the one word.
    const settle = (received: boolean) => {
      before?.settle(received);
      resolve(received);
    };
    before?.until.cancel();
    if (!before) this.#count += 1;
    const until = this.#clock.after(RTM_MESSAGE_TIMEOUT_MS, () => this.#settle(to, key, false));
    unheard.set(key, { message, settle, until });
    this.#publish(to, message);
  }

  #begin(to: UserId): Queue {
    const queue: Queue = {
      unheard: new Map(),
      // A page that comes has missed what was said before.
      stopWatching: this.#bus.watch(to, () => this.#sayAgain(to)),
      repeat: this.#repeatLater(to),
    };
    this.#queues.set(to, queue);
    return queue;
  }

  #repeatLater(to: UserId): Timer {
    return this.#clock.after(REPEAT_MS, () => {
      const queue = this.#queues.get(to);
      if (!queue) return;
      this.#sayAgain(to);
      queue.repeat = this.#repeatLater(to);
    });
  }

  #sayAgain(to: UserId): void {
    for (const { message } of this.#queues.get(to)?.unheard.values() ?? []) {
      this.#publish(to, message);
    }
  }

  #publish(to: UserId, message: RtmMessage): void {
    this.#bus.publish({ kind: 'rtm-message', to, message });
  }

  #settle(to: UserId, key: string, received: boolean): void {
    const queue = this.#queues.get(to);
    const unheard = queue?.unheard.get(key);
    if (!queue || !unheard) return;
    queue.unheard.delete(key);
    this.#count -= 1;
    unheard.until.cancel();
    unheard.settle(received);
    if (queue.unheard.size > 0) return;
    queue.stopWatching();
    queue.repeat.cancel();
    this.#queues.delete(to);
  }
}

/** No id of a message has a space. */
function keyOf({ from, message }: Pick<RtmMessage, 'from' | 'message'>): string {
  return `${message} ${from}`;
}
