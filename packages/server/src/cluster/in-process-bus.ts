import type { UserId } from '@ringline/protocol';
import type { Log } from '../observe/log.ts';
import type { Bus, ChannelDelivery, Delivery } from './bus.ts';
import { Listeners } from './listeners.ts';

/** Gaps concern everybody. */
const ALL = 'all';

/** A bus within one process: of one node, or of a whole simulated cluster. */
export class InProcessBus implements Bus {
  readonly #deliveries: Listeners<Delivery>;
  readonly #moves: Listeners<UserId>;
  readonly #channels: Listeners<ChannelDelivery>;
  readonly #gaps: Listeners<undefined>;

  constructor(log: Log) {
    this.#deliveries = new Listeners(log, 'user');
    this.#moves = new Listeners(log, 'user');
    this.#channels = new Listeners(log, 'channel');
    this.#gaps = new Listeners(log, 'gap');
  }

  publish(delivery: Delivery): void {
    this.#deliveries.tell(delivery.to, delivery);
  }

  subscribe(user: UserId, hear: (delivery: Delivery) => void): () => void {
    return this.#deliveries.add(user, hear);
  }

  publishMove(user: UserId): void {
    this.#moves.tell(user, user);
  }

  watch(user: UserId, hear: () => void): () => void {
    return this.#moves.add(user, hear);
  }

  publishToChannel(channel: string, delivery: ChannelDelivery): void {
    this.#channels.tell(channel, delivery);
  }

  subscribeToChannel(channel: string, hear: (delivery: ChannelDelivery) => void): () => void {
    return this.#channels.add(channel, hear);
  }

  listening(): Promise<void> {
    return Promise.resolve();
  }

  onGap(hear: () => void): () => void {
    return this.#gaps.add(ALL, hear);
  }

  publishGap(): void {
    this.#gaps.tell(ALL, undefined);
  }

  close(): Promise<void> {
    this.#deliveries.clear();
    this.#moves.clear();
    this.#channels.clear();
    this.#gaps.clear();
    return Promise.resolve();
  }
}
