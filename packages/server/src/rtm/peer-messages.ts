import type { RtmMessage, RtmMessageId, UserId } from '@ringline/protocol';
import { MAX_QUEUED_BYTES, RTM_MESSAGE_TIMEOUT_MS, encode, utf8Length } from '@ringline/protocol';
import type { Clock, Timer } from '../clock.ts';
import type { Bus } from '../cluster/bus.ts';
import type { Store } from '../store/store.ts';

/** What no page has is looked for so often, and said again if it was not said for as long, should the bus have lost it. */
export const REPEAT_MS = 2_000;
/** A node keeps so many messages that nobody has yet: at some KB each what it can spare; beyond that they count as not received. */
export const MAX_UNHEARD = 10_000;
/** And so many bytes of what they say: a tenth of that number at their full length, which a small server can spare. */
export const MAX_UNHEARD_BYTES = 32 * 1024 * 1024;
/** To one receiver so many bytes: a quarter of the node, so that one who acknowledges nothing cannot keep it for itself. */
export const MAX_UNHEARD_TO_BYTES = 8 * 1024 * 1024;
/** Of one sender so many: what its rate lets it say at once, and some, so that nobody fills the node alone. */
export const MAX_UNHEARD_FROM = 200;
/** To one receiver so many: several senders at full rate, and only a tenth of the node for whoever acknowledges nothing. */
export const MAX_UNHEARD_TO = 1_000;

/** What a page has missed is told up to here before it has acknowledged any of that: a quarter of what may queue to one socket, since other nodes tell it of other senders. */
export const MISSED_MESSAGES_BYTES = MAX_QUEUED_BYTES / 4;

/** A message on its way, and who waits for the word that it has come. */
interface Unheard {
  readonly message: RtmMessage;
  readonly bytes: number;
  readonly settle: (received: boolean) => void;
  readonly until: Timer;
  /** Of its frame, once somebody had to know. */
  frameBytes: number | undefined;
  /** When it was said last; undefined while it waits for those before it. */
  saidAt: number | undefined;
}

/** The messages to one user that no page of it has, in the order in which they were sent. */
interface Queue {
  /** By sender and id: the id is the sender's choice. */
  readonly unheard: Map<string, Unheard>;
  bytes: number;
  /** How many wait for those before them. */
  waiting: number;
  readonly stopWatching: () => void;
  repeat: Timer;
}

/** Messages of RTM from user to user: said to whoever is there, said again until a page has them, and never stored. */
export class PeerMessages {
  readonly #bus: Bus;
  readonly #clock: Clock;
  readonly #store: Pick<Store, 'load'>;
  readonly #queues = new Map<UserId, Queue>();
  readonly #perSender = new Map<UserId, number>();
  #count = 0;
  #bytes = 0;

  constructor(parts: { bus: Bus; clock: Clock; store: Pick<Store, 'load'> }) {
    this.#bus = parts.bus;
    this.#clock = parts.clock;
    this.#store = parts.store;
  }

  /**
   * Says it, after what was said before; `received` tells whether a page of the user has it: false at once
   * when the user has no login or too much waits already, and after RTM_MESSAGE_TIMEOUT_MS. Throws StoreFault
   * when the store is away.
   */
  async say(to: UserId, message: RtmMessage): Promise<{ readonly received: Promise<boolean> }> {
    const { rtm } = await this.#store.load({ users: [], rtm: { loginsOf: to } });
    const isThere = rtm !== undefined && rtm.logins.length > 0;
    if (!isThere || this.#isTooMuch(to, message)) return { received: Promise.resolve(false) };
    return { received: new Promise((resolve) => this.#say(to, message, resolve)) };
  }

  /** Lets the sender's node know that a page of `by` has the message. */
  acknowledge(from: UserId, by: UserId, message: RtmMessageId): void {
    this.#bus.publish({ kind: 'rtm-heard', to: from, by, message });
  }

  /** A page of `by` has the message of this sender. */
  heard(from: UserId, by: UserId, message: RtmMessageId): void {
    this.#goOn(by, keyOf({ from, message }), true);
  }

  /** Whoever waits learns that nothing came of it here. */
  stop(): void {
    for (const [to, { unheard }] of this.#queues) {
      for (const key of unheard.keys()) this.#settle(to, key, false);
    }
  }

  #isTooMuch(to: UserId, message: RtmMessage): boolean {
    const queue = this.#queues.get(to);
    // Said again it is not one more.
    if (queue?.unheard.has(keyOf(message))) return false;
    const toReceiver = queue?.unheard.size ?? 0;
    const ofSender = this.#perSender.get(message.from) ?? 0;
    const bytes = bytesOf(message);
    return (
      ofSender >= MAX_UNHEARD_FROM ||
      toReceiver >= MAX_UNHEARD_TO ||
      this.#count >= MAX_UNHEARD ||
      (queue?.bytes ?? 0) + bytes > MAX_UNHEARD_TO_BYTES ||
      this.#bytes + bytes > MAX_UNHEARD_BYTES
    );
  }

  #say(to: UserId, message: RtmMessage, resolve: (received: boolean) => void): void {
    const key = keyOf(message);
    const queue = this.#queues.get(to) ?? this.#begin(to);
    const { unheard } = queue;
    const before = unheard.get(key);
    // Said again over another connection: both wait for the one word.
    const settle = (received: boolean) => {
      before?.settle(received);
      resolve(received);
    };
    before?.until.cancel();
    const bytes = bytesOf(message);
    if (before) this.#weigh(queue, -before.bytes);
    else this.#tally(message.from, 1);
    this.#weigh(queue, bytes);
    const until = this.#clock.after(RTM_MESSAGE_TIMEOUT_MS, () => this.#goOn(to, key, false));
    const isNext = queue.waiting === 0;
    const saidAt = isNext ? this.#clock.now() : undefined;
    unheard.set(key, { message, bytes, settle, until, frameBytes: undefined, saidAt });
    if (isNext) this.#publish(to, message);
    else if (!before || before.saidAt !== undefined) queue.waiting += 1;
  }

  #begin(to: UserId): Queue {
    const queue: Queue = {
      unheard: new Map(),
      bytes: 0,
      waiting: 0,
      // A page that comes has missed what was said before.
      stopWatching: this.#bus.watch(to, () => this.#sayAgain(to, 0)),
      repeat: this.#repeatLater(to),
    };
    this.#queues.set(to, queue);
    return queue;
  }

  #repeatLater(to: UserId): Timer {
    return this.#clock.after(REPEAT_MS, () => {
      const queue = this.#queues.get(to);
      if (!queue) return;
      this.#sayAgain(to, REPEAT_MS);
      queue.repeat = this.#repeatLater(to);
    });
  }

  /** Says what was not said for so long, in order, as far as may be under way at once. */
  #sayAgain(to: UserId, ageMs: number): void {
    const queue = this.#queues.get(to);
    if (!queue) return;
    const now = this.#clock.now();
    for (const unheard of queue.unheard.values()) {
      if (unheard.saidAt === undefined || now - unheard.saidAt < ageMs) continue;
      unheard.saidAt = undefined;
      queue.waiting += 1;
    }
    this.#sayNext(to, queue);
  }

  /** Says the first of those that wait, up to MISSED_MESSAGES_BYTES that no page has yet. */
  #sayNext(to: UserId, queue: Queue): void {
    let bytes = 0;
    for (const unheard of queue.unheard.values()) {
      if (queue.waiting === 0 || bytes >= MISSED_MESSAGES_BYTES) return;
      unheard.frameBytes ??= Buffer.byteLength(encode(unheard.message));
      bytes += unheard.frameBytes;
      if (unheard.saidAt !== undefined) continue;
      unheard.saidAt = this.#clock.now();
      queue.waiting -= 1;
      this.#publish(to, unheard.message);
    }
  }

  #publish(to: UserId, message: RtmMessage): void {
    this.#bus.publish({ kind: 'rtm-message', to, message });
  }

  #tally(from: UserId, more: 1 | -1): void {
    this.#count += more;
    const ofSender = (this.#perSender.get(from) ?? 0) + more;
    if (ofSender === 0) this.#perSender.delete(from);
    else this.#perSender.set(from, ofSender);
  }

  #weigh(queue: Queue, bytes: number): void {
    queue.bytes += bytes;
    this.#bytes += bytes;
  }

  /** Whoever waits for that one learns what came of it, and the next of those that wait for it follow. */
  #goOn(to: UserId, key: string, received: boolean): void {
    this.#settle(to, key, received);
    const queue = this.#queues.get(to);
    if (queue) this.#sayNext(to, queue);
  }

  #settle(to: UserId, key: string, received: boolean): void {
    const queue = this.#queues.get(to);
    const unheard = queue?.unheard.get(key);
    if (!queue || !unheard) return;
    queue.unheard.delete(key);
    if (unheard.saidAt === undefined) queue.waiting -= 1;
    this.#weigh(queue, -unheard.bytes);
    this.#tally(unheard.message.from, -1);
    unheard.until.cancel();
    unheard.settle(received);
    if (queue.unheard.size > 0) return;
    queue.stopWatching();
    queue.repeat.cancel();
    this.#queues.delete(to);
  }
}

/** Of what it says: of bytes as they are written. */
function bytesOf({ body }: RtmMessage): number {
  return utf8Length(body.kind === 'text' ? body.text : `${body.raw}${body.description}`);
}

/** No id of a message has a space. */
function keyOf({ from, message }: Pick<RtmMessage, 'from' | 'message'>): string {
  return `${message} ${from}`;
}
