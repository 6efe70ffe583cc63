import type { Bus, ChannelDelivery, Delivery, Log } from '@ringline/server';
import { InProcessBus } from '@ringline/server';
import type { ProcessClock, SeededRandomness, VirtualClock } from '@ringline/testkit';

/** The bus of a whole cluster: it loses what nodes say to each other, now and then, and all of it while a node is cut off. */
export class ClusterBus {
  readonly #bus: Bus;
  readonly #clock: VirtualClock;
  readonly #lossRate: number;
  /** Until when each node is cut off. */
  readonly #cutUntil = new Map<number, number>();
  /** Whoever says something at the moment. */
  #speaker: number | undefined;

  constructor(clock: VirtualClock, log: Log, lossRate: number) {
    this.#bus = new InProcessBus(log);
    this.#clock = clock;
    this.#lossRate = lossRate;
  }

  /** The bus as one node meets it. */
  of(node: number, clock: ProcessClock, randomness: SeededRandomness): Bus {
    const say = (act: () => void) => {
      if (!clock.isDead) this.#say(node, act);
    };
    const hears = () =>
      !clock.isDead &&
      (this.#speaker === node ||
        !(this.#isCut(node) || this.#isCut(this.#speaker) || randomness.chance(this.#lossRate)));
    return new NodeBus(this.#bus, { say, hears, isAlive: () => !clock.isDead });
  }

  /** The node hears nobody for so long, and nobody hears it. Then both are told of the gap. */
  cutOff(node: number, ms: number): void {
    const until = Math.max(this.#cutUntil.get(node) ?? 0, this.#clock.now() + ms);
    this.#cutUntil.set(node, until);
    this.#clock.after(ms, () => this.#bus.publishGap());
  }

  /** Every node hears the others again. */
  mend(): void {
    this.#cutUntil.clear();
    this.#bus.publishGap();
  }

  #say(node: number, act: () => void): void {
    const before = this.#speaker;
    this.#speaker = node;
    try {
      act();
    } finally {
      this.#speaker = before;
    }
  }

  #isCut(node: number | undefined): boolean {
    return node !== undefined && this.#clock.now() < (this.#cutUntil.get(node) ?? 0);
  }
}

/** Whether a node can speak and hear. */
interface Ears {
  /** Does it as this node, if it lives. */
  say(act: () => void): void;
  /** Whether it hears what is being said. */
  hears(): boolean;
  isAlive(): boolean;
}

class NodeBus implements Bus {
  readonly #bus: Bus;
  readonly #ears: Ears;

  constructor(bus: Bus, ears: Ears) {
    this.#bus = bus;
    this.#ears = ears;
  }

  publish(delivery: Delivery): void {
    this.#ears.say(() => this.#bus.publish(delivery));
  }

  subscribe(user: string, hear: (delivery: Delivery) => void): () => void {
    return this.#bus.subscribe(user, this.#ifHeard(hear));
  }

  publishMove(user: string): void {
    this.#ears.say(() => this.#bus.publishMove(user));
  }

  watch(user: string, hear: () => void): () => void {
    return this.#bus.watch(user, this.#ifHeard(hear));
  }

  publishToChannel(channel: string, delivery: ChannelDelivery): void {
    this.#ears.say(() => this.#bus.publishToChannel(channel, delivery));
  }

  subscribeToChannel(channel: string, hear: (delivery: ChannelDelivery) => void): () => void {
    return this.#bus.subscribeToChannel(channel, this.#ifHeard(hear));
  }

  listening(): Promise<void> {
    return this.#bus.listening();
  }

  onGap(hear: () => void): () => void {
    return this.#bus.onGap(() => {
      if (this.#ears.isAlive()) hear();
    });
  }

  publishGap(): void {
    this.#ears.say(() => this.#bus.publishGap());
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #ifHeard<Said extends unknown[]>(hear: (...said: Said) => void): (...said: Said) => void {
    return (...said) => {
      if (this.#ears.hears()) hear(...said);
    };
  }
}
