import type { UserId } from '@ringline/protocol';
import type { Bus, ChannelDelivery, Delivery } from '../../src/cluster/bus.ts';
import { InProcessBus } from '../../src/cluster/in-process-bus.ts';
import type { Log } from '../../src/observe/log.ts';

/**
 * The one bus that tests have, in front of those of several nodes: it hands on to the bus of the node that asks.
 * Whoever listens to it directly hears what nodes publish; what is published to it directly goes out by the first.
 */
export class TappedBus extends InProcessBus {
  readonly #asked: () => void;
  readonly #wires: Bus[] = [];
  #asking: Bus | undefined;

  /** `asked` is called for whatever is asked of a node's bus. */
  constructor(log: Log, asked: () => void) {
    super(log);
    this.#asked = asked;
  }

  /** The bus of one node, over its own wire. */
  as(wire: Bus): Bus {
    this.#wires.push(wire);
    const by = <T>(ask: () => T): T => {
      this.#asked();
      this.#asking = wire;
      try {
        return ask();
      } finally {
        this.#asking = undefined;
      }
    };
    return {
      publish: (delivery) => by(() => this.publish(delivery)),
      subscribe: (user, hear) => by(() => this.subscribe(user, hear)),
      publishMove: (user) => by(() => this.publishMove(user)),
      watch: (user, hear) => by(() => this.watch(user, hear)),
      publishToChannel: (channel, delivery) => by(() => this.publishToChannel(channel, delivery)),
      subscribeToChannel: (channel, hear) => by(() => this.subscribeToChannel(channel, hear)),
      listening: () => wire.listening(),
      onGap: (hear) => wire.onGap(hear),
      publishGap: () => wire.publishGap(),
      close: () => wire.close(),
    };
  }

  override publish(delivery: Delivery): void {
    const wire = this.#take() ?? this.#wires[0];
    super.publish(delivery);
    wire?.publish(delivery);
  }

  override subscribe(user: UserId, hear: (delivery: Delivery) => void): () => void {
    return this.#take()?.subscribe(user, hear) ?? super.subscribe(user, hear);
  }

  override publishMove(user: UserId): void {
    const wire = this.#take() ?? this.#wires[0];
    super.publishMove(user);
    wire?.publishMove(user);
  }

  override watch(user: UserId, hear: () => void): () => void {
    return this.#take()?.watch(user, hear) ?? super.watch(user, hear);
  }

  override publishToChannel(channel: string, delivery: ChannelDelivery): void {
    const wire = this.#take() ?? this.#wires[0];
    super.publishToChannel(channel, delivery);
    wire?.publishToChannel(channel, delivery);
  }

  override subscribeToChannel(
    channel: string,
    hear: (delivery: ChannelDelivery) => void,
  ): () => void {
    return (
      this.#take()?.subscribeToChannel(channel, hear) ?? super.subscribeToChannel(channel, hear)
    );
  }

  /** Who asks, once: what a listener asks in its turn is asked anew. */
  #take(): Bus | undefined {
    const asking = this.#asking;
    this.#asking = undefined;
    return asking;
  }
}
