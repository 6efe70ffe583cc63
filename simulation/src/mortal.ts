import type { Bus, ChannelDelivery, Delivery, Store } from '@ringline/server';
import { StoreFault } from '@ringline/server';
import type { ProcessClock, SeededRandomness } from '@ringline/testkit';

/**
 * A store as one process meets it: it asks in vain once it is dead, and hears no answer to what
 * it asked before; while the store is away every request fails, done or not.
 */
export function mortalStore(store: Store, clock: ProcessClock, isAway: () => boolean): Store {
  return new Proxy(store, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return async (...given: unknown[]) => {
        if (clock.isDead) return never();
        if (isAway()) throw new StoreFault('the store is away', undefined);
        const answer: unknown = await Reflect.apply(member, target, given);
        if (hasDied(clock)) return never();
        // It may have gone away after it did what was asked.
        if (isAway()) throw new StoreFault('the store went away', undefined);
        return answer;
      };
    },
  });
}

function hasDied(clock: ProcessClock): boolean {
  return clock.isDead;
}

function never(): Promise<never> {
  return new Promise(() => undefined);
}

/** The bus as one node meets it: now and then it loses what other nodes say, and to a dead node it brings nothing. */
export class LossyBus implements Bus {
  readonly #bus: Bus;
  readonly #clock: ProcessClock;
  readonly #randomness: SeededRandomness;
  readonly #lossRate: number;
  #isSpeaking = false;

  constructor(bus: Bus, clock: ProcessClock, randomness: SeededRandomness, lossRate: number) {
    this.#bus = bus;
    this.#clock = clock;
    this.#randomness = randomness;
    this.#lossRate = lossRate;
  }

  publish(delivery: Delivery): void {
    if (this.#clock.isDead) return;
    this.#isSpeaking = true;
    this.#bus.publish(delivery);
    this.#isSpeaking = false;
  }

  subscribe(user: string, hear: (delivery: Delivery) => void): () => void {
    return this.#bus.subscribe(user, (delivery) => {
      if (this.#clock.isDead) return;
      if (this.#isSpeaking || !this.#randomness.chance(this.#lossRate)) hear(delivery);
    });
  }

  publishMove(user: string): void {
    if (this.#clock.isDead) return;
    this.#isSpeaking = true;
    this.#bus.publishMove(user);
    this.#isSpeaking = false;
  }

  watch(user: string, hear: () => void): () => void {
    return this.#bus.watch(user, () => {
      if (this.#clock.isDead) return;
      if (this.#isSpeaking || !this.#randomness.chance(this.#lossRate)) hear();
    });
  }

  publishToChannel(channel: string, delivery: ChannelDelivery): void {
    if (this.#clock.isDead) return;
    this.#isSpeaking = true;
    this.#bus.publishToChannel(channel, delivery);
    this.#isSpeaking = false;
  }

  subscribeToChannel(channel: string, hear: (delivery: ChannelDelivery) => void): () => void {
    return this.#bus.subscribeToChannel(channel, (delivery) => {
      if (this.#clock.isDead) return;
      if (this.#isSpeaking || !this.#randomness.chance(this.#lossRate)) hear(delivery);
    });
  }

  onGap(hear: () => void): () => void {
    return this.#bus.onGap(() => {
      if (!this.#clock.isDead) hear();
    });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
