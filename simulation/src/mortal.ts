import type { Bus, Delivery, Store } from '@ringline/server';
import type { ProcessClock, SeededRandomness } from '@ringline/testkit';

/** A process asks in vain once it is dead, and hears no answer to what it asked before. */
export function mortalStore(store: Store, clock: ProcessClock): Store {
  return new Proxy(store, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return async (...given: unknown[]) => {
        if (clock.isDead) return never();
        const answer: unknown = await Reflect.apply(member, target, given);
        return hasDied(clock) ? never() : answer;
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

  close(): Promise<void> {
    return Promise.resolve();
  }
}
