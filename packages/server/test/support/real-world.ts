import type { VirtualClock } from '@ringline/testkit';
import { SeededRandomness } from '@ringline/testkit';
import { NatsServer, findNats } from '@ringline/testkit/nats';
import { loadConfig } from '../../src/config/load.ts';
import type { Bus } from '../../src/cluster/bus.ts';
import { natsBus } from '../../src/cluster/nats-bus.ts';
import type { Log } from '../../src/observe/log.ts';
import { MemoryLog } from '../observe/memory-log.ts';
import { TappedBus } from './tapped-bus.ts';
import type { Store } from '../../src/store/store.ts';
import { CountedBus } from '../cluster/counted-bus.ts';
import { joined } from '../cluster/two-nodes.ts';
import { afterwards, openStore } from '../store/postgres/databases.ts';

/** Set for the tests that run over PostgreSQL and NATS, two nodes in the place of one. */
export const isReal = process.env['TEST_OVER'] === 'postgres,nats';

type Call = (...args: readonly unknown[]) => unknown;
type Calls = Record<PropertyKey, Call | undefined>;

let server: Promise<NatsServer> | undefined;
let services = 0;

/** A PostgreSQL and a NATS for the nodes of one test; the virtual clock waits for both whenever it settles. */
export class RealWorld {
  /** In a schema of its own, opened when it is first asked. */
  readonly store: Store;
  /** What tests look at and meddle with: everything that nodes do with their buses goes by it. */
  readonly bus: TappedBus;
  readonly #clock: VirtualClock;
  readonly #pending = new Set<Promise<unknown>>();
  readonly #buses: Bus[] = [];
  readonly #prefix = `test${services++}`;
  #opening: Promise<Store> | undefined;
  #asked = 0;
  #settledAt = 0;
  #settled: () => Promise<void> = () => Promise.resolve();

  constructor(clock: VirtualClock, log: Log) {
    this.#clock = clock;
    this.bus = new TappedBus(log, () => this.#asked++);
    this.store = this.#openedWhenAsked();
    clock.alsoSettles(() => this.#rest());
  }

  /** Opens the store, so that the test closes it again when it is over. */
  async open(): Promise<void> {
    await this.#tracked((this.#opening ??= openStore()));
  }

  /** A bus with a connection of its own for one node. */
  wire(): Promise<Bus> {
    return this.#tracked(this.#connected());
  }

  async #connected(): Promise<Bus> {
    server ??= NatsServer.start({ program: findNats() ?? '' });
    const { address } = await server;
    const env = { NATS_URL: `nats://${address}`, NATS_PREFIX: this.#prefix };
    const loaded = loadConfig({ flags: {}, env, readFile: () => '' });
    if (!loaded.ok || !loaded.config.nats) throw new Error('these are no settings of NATS');
    const bus = natsBus(loaded.config.nats, {
      clock: this.#clock,
      log: new MemoryLog(),
      metrics: new CountedBus(),
      randomness: new SeededRandomness('bus'),
    });
    await bus.start();
    afterwards(() => bus.close().catch(() => undefined));
    this.#buses.push(bus);
    this.#settled = await joined(this.#buses);
    return { ...this.bus.as(bus), listening: () => this.#tracked(bus.listening()) };
  }

  /** Time stands still until nothing is under way. */
  async #rest(): Promise<void> {
    while (this.#pending.size > 0 || this.#asked !== this.#settledAt) {
      this.#settledAt = this.#asked;
      await Promise.allSettled(this.#pending);
      await this.#settled();
      for (let turn = 0; turn < 4; turn++) await new Promise((done) => setImmediate(done));
    }
  }

  /** Time stands still until it is settled. */
  #tracked<T>(asked: Promise<T>): Promise<T> {
    const forget = () => void this.#pending.delete(asked);
    this.#pending.add(asked);
    asked.then(forget, forget);
    return asked;
  }

  #openedWhenAsked(): Store {
    const ask = async (name: PropertyKey, args: readonly unknown[]) => {
      const store = (await (this.#opening ??= openStore())) as unknown as Calls;
      return store[name]?.apply(store, [...args]);
    };
    const counted =
      (name: PropertyKey) =>
      (...args: readonly unknown[]) => {
        this.#asked++;
        return this.#tracked(ask(name, args));
      };
    // The store's time is the test's, and what a test puts in the place of a method stays there; its time goes on
    // once a heartbeat is answered, so that none may wait for it.
    const own: Partial<Store> = {
      now: () => Promise.resolve(this.#clock.now()),
      gathersReadings: false,
    };
    return new Proxy(own as Store, {
      get: (kept, name) => (kept as unknown as Calls)[name] ?? counted(name),
    });
  }
}
