import type { Actor } from '@ringline/call';
import type { UserId } from '@ringline/protocol';
import { MAX_TOLD_MEMBERS, RTM_OFFLINE_AFTER_MS, encode } from '@ringline/protocol';
import type { Clock, Timer } from '../clock.ts';
import type { Bus, ChannelDelivery } from '../cluster/bus.ts';
import type { Log } from '../observe/log.ts';
import type { ChannelMembers } from '../store/rtm.ts';
import type { Store } from '../store/store.ts';
import { SaidLately } from './said-lately.ts';

/** Who joins or leaves within this is read and told together: too short to be noticed. */
export const MEMBERS_BATCH_MS = 100;
/** What the bus lost of them is found within this. */
export const MEMBERS_SWEEP_MS = 30_000;

/** A page that is in a channel. */
export interface ChannelListener {
  readonly actor: Actor;
  /** One frame of what is said in the channel. */
  tell(frame: string): void;
}

/** What listening is made of. */
export interface ChannelsHereParts {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly log: Log;
  readonly store: Pick<Store, 'members'>;
}

/** A channel whose last page here is away: what is said in it is kept until it cannot come back any more. */
interface Lingering {
  readonly said: SaidLately;
  readonly stop: () => void;
}

/** The channels in which pages of this node are, or were until a moment ago: it listens for just those. */
export class ChannelsHere {
  readonly #parts: ChannelsHereParts;
  readonly #channels = new Map<string, ChannelHere>();
  readonly #lingering = new Map<string, Lingering>();
  #isStopped = false;

  constructor(parts: ChannelsHereParts) {
    this.#parts = parts;
  }

  /**
   * From now on the page hears the channel, after what was said there since it was lost, if it was; resolves
   * once it is known who came before, of which it is not told.
   */
  async add(channel: string, listener: ChannelListener, lostAt?: number): Promise<void> {
    const here = this.#channels.get(channel) ?? this.#begin(channel);
    const { said } = here;
    const now = this.#parts.clock.now();
    if (lostAt === undefined) said.join(listener.actor, now);
    else for (const frame of said.since(lostAt, listener.actor, now)) listener.tell(frame);
    here.listeners.add(listener);
    await here.known;
  }

  /** The page's connection is gone, and it may come back: what is said meanwhile is kept for it. */
  lose(channel: string, listener: ChannelListener): void {
    const here = this.#channels.get(channel);
    if (!here?.listeners.has(listener)) return;
    if (here.listeners.size === 1 && !this.#isStopped) this.#linger(channel, here);
    this.remove(channel, listener);
  }

  /** Reads again who is in each channel, each after milliseconds of its own. */
  lookAgain(afterMs: () => number): void {
    for (const here of this.#channels.values()) here.lookWithin(afterMs());
  }

  /** The page hears it no more; does nothing a second time. */
  remove(channel: string, listener: ChannelListener): void {
    const here = this.#channels.get(channel);
    if (!here?.listeners.delete(listener) || here.listeners.size > 0) return;
    here.stop();
    this.#channels.delete(channel);
  }

  /** Nobody comes back to this node: it listens for no channel any more in which no page is. */
  stop(): void {
    this.#isStopped = true;
    for (const { stop } of this.#lingering.values()) stop();
  }

  #begin(channel: string): ChannelHere {
    const lingering = this.#lingering.get(channel);
    const here = new ChannelHere(channel, this.#parts, lingering?.said ?? new SaidLately());
    lingering?.stop();
    this.#channels.set(channel, here);
    return here;
  }

  #linger(channel: string, { said }: ChannelHere): void {
    const { bus, clock } = this.#parts;
    const stopHearing = bus.subscribeToChannel(channel, (delivery) => {
      if (delivery.kind === 'channel-message') noteIn(said, delivery, clock.now());
    });
    const stop = () => {
      stopHearing();
      timer.cancel();
      this.#lingering.delete(channel);
    };
    const timer = clock.after(RTM_OFFLINE_AFTER_MS, stop);
    this.#lingering.set(channel, { said, stop });
  }
}

/** Keeps one message, and gives its frame. */
function noteIn(
  said: SaidLately,
  { by, message }: Extract<ChannelDelivery, { kind: 'channel-message' }>,
  at: number,
): string {
  const frame = encode(message);
  said.note({ at, by, frame });
  return frame;
}

/** What the pages here know of a channel's members. */
interface Told {
  /** Undefined above MAX_TOLD_MEMBERS. */
  readonly members: ReadonlySet<UserId> | undefined;
  /** Undefined before it was told. */
  readonly count: number | undefined;
}

/** One channel: what is said in it is passed on, and who is in it is read again whenever that may have changed. */
class ChannelHere {
  readonly listeners = new Set<ChannelListener>();
  readonly said: SaidLately;
  /** Resolves once the members were read for the first time, or could not be. */
  readonly known: Promise<void>;
  readonly #channel: string;
  readonly #parts: ChannelsHereParts;
  readonly #stopHearing: () => void;
  #told: Told | undefined;
  #timer: Timer | undefined;
  #looksAt = Infinity;
  /** While they are read: whether they are to be read once more. */
  #looking: { again: boolean } | undefined;
  /** The last reading failed, which has been said. */
  #isFailing = false;
  #isStopped = false;

  constructor(channel: string, parts: ChannelsHereParts, said: SaidLately) {
    this.#channel = channel;
    this.#parts = parts;
    this.said = said;
    this.#stopHearing = parts.bus.subscribeToChannel(channel, (delivery) => this.#hear(delivery));
    this.known = this.#look();
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
    this.#timer = clock.after(ms, () => void this.#look());
  }

  async #look(): Promise<void> {
    const { bus, clock, log, store } = this.#parts;
    this.said.prune(clock.now());
    const looking = (this.#looking = { again: this.#told === undefined });
    this.#looksAt = Infinity;
    try {
      await bus.listening();
      const found = await store.members(this.#channel, MAX_TOLD_MEMBERS);
      this.#isFailing = false;
      if (!this.#isStopped) this.#note(found);
    } catch (error) {
      const fields = { err: error, channel: this.#channel };
      if (!this.#isFailing) {
        log.error(fields, 'members could not be read; the next round looks again');
      }
      this.#isFailing = true;
    }
    this.#looking = undefined;
    if (!this.#isStopped) this.lookWithin(looking.again ? MEMBERS_BATCH_MS : MEMBERS_SWEEP_MS);
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
    const channel = this.#channel;
    this.#pass(encode({ type: 'rtm-members-changed', channel, joined, left, count }));
  }
}

function without(
  these: ReadonlySet<UserId>,
  those: ReadonlySet<UserId> | undefined,
): readonly UserId[] {
  return [...these].filter((user) => !those?.has(user));
}
