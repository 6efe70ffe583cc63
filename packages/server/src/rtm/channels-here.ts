import { RTM_OFFLINE_AFTER_MS } from '@ringline/protocol';
import type { ChannelHereParts, ChannelListener } from './channel-here.ts';
import { ChannelHere, noteIn } from './channel-here.ts';
import { MemberRounds } from './member-rounds.ts';
import { SaidLately } from './said-lately.ts';

/** A channel whose last page here is away: what is said in it is kept until it cannot come back any more. */
interface Lingering {
  readonly said: SaidLately;
  readonly stop: () => void;
}

/** The channels in which pages of this node are, or were until a moment ago: it listens for just those. */
export class ChannelsHere {
  readonly #parts: ChannelHereParts;
  readonly #channels = new Map<string, ChannelHere>();
  readonly #lingering = new Map<string, Lingering>();
  readonly #rounds: MemberRounds;
  #isStopped = false;

  constructor(parts: ChannelHereParts) {
    this.#parts = parts;
    this.#rounds = new MemberRounds({ ...parts, channels: () => [...this.#channels.values()] });
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

  /** Reads again who is in each channel, beginning within so many milliseconds. */
  lookAgain(afterMs: () => number): void {
    this.#rounds.lookAgain(afterMs());
  }

  /** The page hears it no more; does nothing a second time. */
  remove(channel: string, listener: ChannelListener): void {
    const here = this.#channels.get(channel);
    if (!here?.listeners.delete(listener) || here.listeners.size > 0) return;
    here.stop();
    this.#channels.delete(channel);
    if (this.#channels.size === 0) this.#rounds.stop();
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
    this.#rounds.start();
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
