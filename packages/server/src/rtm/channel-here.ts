import type { Actor } from '@ringline/call';
import type { UserId } from '@ringline/protocol';
import { MAX_TOLD_MEMBERS, encode } from '@ringline/protocol';
import type { Clock, Timer } from '../clock.ts';
import type { Bus, ChannelDelivery } from '../cluster/bus.ts';
import type { Log } from '../observe/log.ts';
import type { ChannelMembers } from '../store/rtm.ts';
import type { Store } from '../store/store.ts';
import type { SaidLately } from './said-lately.ts';

/** Who joins or leaves within this is read and told together: too short to be noticed. */
export const MEMBERS_BATCH_MS = 100;

/** A page that is in a channel. */
export interface ChannelListener {
  readonly actor: Actor;
  /** One frame of what is said in the channel. */
  tell(frame: string): void;
}

/** What listening is made of. */
export interface ChannelHereParts {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly log: Log;
  readonly store: Pick<Store, 'members'>;
}

/** Reads the members of one channel. */
export type ReadMembers = () => Promise<ChannelMembers | undefined>;

/** What the pages here know of a channel's members. */
interface Told {
  /** Undefined above MAX_TOLD_MEMBERS. */
  readonly members: ReadonlySet<UserId> | undefined;
  /** Undefined before it was told. */
  readonly count: number | undefined;
}

/** Keeps one message, and gives its frame. */
export function noteIn(
  said: SaidLately,
  { by, message }: Extract<ChannelDelivery, { kind: 'channel-message' }>,
  at: number,
): string {
  const frame = encode(message);
  said.note({ at, by, frame });
  return frame;
}

/** One channel: what is said in it is passed on, and who is in it is read again whenever that may have changed. */
export class ChannelHere {
  readonly listeners = new Set<ChannelListener>();
  readonly channel: string;
  readonly said: SaidLately;
  /** Resolves once the members were read for the first time, or could not be. */
  readonly known: Promise<void>;
  readonly #parts: ChannelHereParts;
  readonly #stopHearing: () => void;
  #told: Told | undefined;
  #timer: Timer | undefined;
  #looksAt = Infinity;
  /** While they are read: whether they are to be read once more. */
  #looking: { again: boolean } | undefined;
  /** The last reading failed, which has been said. */
  #isFailing = false;
  #isStopped = false;

  constructor(channel: string, parts: ChannelHereParts, said: SaidLately) {
    this.channel = channel;
    this.#parts = parts;
    this.said = said;
    this.#stopHearing = parts.bus.subscribeToChannel(channel, (delivery) => this.#hear(delivery));
    this.known = this.look();
  }

  stop(): void {
    this.#isStopped = true;
    this.#stopHearing();
    this.#timer?.cancel();
  }

  #hear(delivery: ChannelDelivery): void {
    switch (delivery.kind) {
      case 'channel-message':
        return this.#pass(noteIn(this.said, delivery, this.#parts.clock.now()), delivery.by);
      case 'channel-attributes':
        return this.#pass(encode(delivery.message));
      case 'members-moved':
        return this.lookWithin(MEMBERS_BATCH_MS);
    }
  }

  #pass(frame: string, by?: Actor): void {
    for (const listener of this.listeners) {
      const { user, device } = listener.actor;
      if (user !== by?.user || device !== by.device) listener.tell(frame);
    }
  }

  /** Reads again who is in it, after so long at most. */
  lookWithin(ms: number): void {
    if (this.#looking) {
      this.#looking.again = true;
      return;
    }
    const { clock } = this.#parts;
    const at = clock.now() + ms;
    if (at >= this.#looksAt) return;
    this.#timer?.cancel();
    this.#looksAt = at;
    this.#timer = clock.after(ms, () => void this.look());
  }

  /** Reads who is in it, and tells what is new; while that is done already, it is done once more afterwards. */
  async look(read: ReadMembers = () => this.#read()): Promise<void> {
    if (this.#looking) {
      this.#looking.again = true;
      return;
    }
    const { bus, clock, log } = this.#parts;
    this.said.prune(clock.now());
    const looking = (this.#looking = { again: this.#told === undefined });
    this.#timer?.cancel();
    this.#looksAt = Infinity;
    try {
      await bus.listening();
      const found = await read();
      this.#isFailing = false;
      if (found && !this.#isStopped) this.#note(found);
    } catch (error) {
      const fields = { err: error, channel: this.channel };
      if (!this.#isFailing) {
        log.error(fields, 'members could not be read; the next round looks again');
      }
      this.#isFailing = true;
    }
    this.#looking = undefined;
    if (looking.again && !this.#isStopped) this.lookWithin(MEMBERS_BATCH_MS);
  }

  async #read(): Promise<ChannelMembers | undefined> {
    const [found] = await this.#parts.store.members([this.channel], MAX_TOLD_MEMBERS);
    return found;
  }

  #note({ members, count }: ChannelMembers): void {
    const before = this.#told;
    const now = count > MAX_TOLD_MEMBERS ? undefined : new Set(members);
    // The first count is told with the next look, after the answer to who joined.
    this.#told = { members: now, count: before && count };
    if (!before) return;
    const areTold = before.members && now;
    const joined = areTold ? without(now, before.members) : [];
    const left = areTold ? without(before.members, now) : [];
    if (joined.length + left.length === 0 && count === before.count) return;
    const channel = this.channel;
    this.#pass(encode({ type: 'rtm-members-changed', channel, joined, left, count }));
  }
}

function without(
  these: ReadonlySet<UserId>,
  those: ReadonlySet<UserId> | undefined,
): readonly UserId[] {
  return [...these].filter((user) => !those?.has(user));
}
