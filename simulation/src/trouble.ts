import type { SeededRandomness, VirtualClock } from '@ringline/testkit';
import type { Cluster } from './cluster.ts';
import type { SimulatedDevice } from './device.ts';

/** What goes wrong: networks, pages, machines and servers; each stroke drawn from the seed. */
export class Trouble {
  /** Servers killed, stopped, and pages killed. */
  kills = 0;
  /** From then on all servers run and find their store. */
  serversTroubledUntil = 0;
  readonly #clock: VirtualClock;
  readonly #randomness: SeededRandomness;
  readonly #cluster: Cluster;
  readonly #devices: readonly SimulatedDevice[];

  constructor(
    clock: VirtualClock,
    randomness: SeededRandomness,
    cluster: Cluster,
    devices: readonly SimulatedDevice[],
  ) {
    this.#clock = clock;
    this.#randomness = randomness;
    this.#cluster = cluster;
    this.#devices = devices;
  }

  /** One stroke. */
  strike(): void {
    const device = this.#randomness.pick(this.#devices);
    const ms = this.#randomness.pick([200, 3_000, 12_000, 45_000]);
    const strokes: readonly (() => void)[] = [
      () => device.cut(ms),
      () => device.cutMedia(ms),
      () => device.drop(),
      () => device.switchNetwork(),
      () => device.stall(ms),
      () => device.sleep(ms),
      () => this.#killPage(device, ms),
      () => this.#killNode(ms),
      () => this.#stopNode(ms),
      () => this.#loseStore(Math.min(ms, 12_000)),
      () => this.#loseStoreOfAll(Math.min(ms, 15_000)),
      () => this.#loseBus(ms),
    ];
    this.#randomness.pick(strokes)();
  }

  /** All servers run and all pages are open from now on. */
  mendEverything(): void {
    this.#cluster.mendNetworks();
    for (const index of this.#cluster.indexes) void this.#cluster.start(index);
    for (const device of this.#devices) device.load();
  }

  #killPage(device: SimulatedDevice, ms: number): void {
    this.kills++;
    device.kill();
    this.#clock.after(ms, () => device.load());
  }

  #killNode(ms: number): void {
    this.kills++;
    this.#noteTrouble(Math.min(ms, 12_000));
    const index = this.#randomness.pick(this.#cluster.indexes);
    this.#cluster.kill(index);
    this.#clock.after(Math.min(ms, 12_000), () => void this.#cluster.start(index));
  }

  #stopNode(ms: number): void {
    this.kills++;
    this.#noteTrouble(ms + 5_000);
    const index = this.#randomness.pick(this.#cluster.indexes);
    const stopped = this.#cluster.stop(index);
    void stopped.then(() => this.#clock.after(ms, () => void this.#cluster.start(index)));
  }

  #loseStore(ms: number): void {
    this.#noteTrouble(ms);
    this.#cluster.loseStore(this.#randomness.pick(this.#cluster.indexes), ms);
  }

  /** Long enough at times for every lease to end. */
  #loseStoreOfAll(ms: number): void {
    this.#noteTrouble(ms);
    for (const index of this.#cluster.indexes) this.#cluster.loseStore(index, ms);
  }

  /** As long as it lasts only heartbeats bring what other nodes say. */
  #loseBus(ms: number): void {
    this.#noteTrouble(ms);
    this.#cluster.loseBus(this.#randomness.pick(this.#cluster.indexes), ms);
  }

  #noteTrouble(ms: number): void {
    const until = this.#clock.now() + ms;
    this.serversTroubledUntil = Math.max(this.serversTroubledUntil, until);
  }
}
