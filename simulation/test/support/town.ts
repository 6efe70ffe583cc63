import type { Call } from '@ringline/client';
import { FakeMedia, SeededRandomness, VirtualClock } from '@ringline/testkit';
import { Cluster } from '../../src/cluster.ts';
import { SimulatedDevice } from '../../src/device.ts';

export const PAIRS = 12;

/** Pairs of users over three nodes, of whom all talk but the last pair, which rings. */
export class Town {
  readonly clock = new VirtualClock({ turns: 1 });
  readonly cluster: Cluster;
  readonly devices: SimulatedDevice[] = [];
  readonly calls: Call[] = [];
  /** What nobody should notice. */
  readonly noticed: string[] = [];
  rang = 0;

  constructor(seed: string) {
    const randomness = new SeededRandomness(seed);
    const media = new FakeMedia(this.clock);
    this.cluster = new Cluster(this.clock, randomness.fork('cluster'), media, {
      nodes: 3,
      storeDelayMs: 10,
      busLoss: 0,
      skewMs: 3_000,
      hasStoreClock: true,
      doubled: 0,
      preconnect: 'off',
      hasRingback: false,
      retention: {},
      callRetention: {},
    });
    const world = { clock: this.clock, cluster: this.cluster, media, randomness };
    for (let n = 0; n < PAIRS; n++) {
      for (const role of ['caller', 'callee']) {
        const of = { user: `${role}${n}`, name: `${role}${n}-1` };
        this.devices.push(new SimulatedDevice(of, world, (_, call) => this.#ring(call)));
      }
    }
  }

  async start(): Promise<void> {
    for (const index of this.cluster.indexes) {
      await this.clock.untilSettled(this.cluster.start(index));
    }
    for (const device of this.devices) device.load();
    await this.clock.advanceAsync(1_000);
    for (let n = 0; n < PAIRS; n++) {
      const calling = this.devices[2 * n]?.client?.call(`callee${n}`, { media: 'audio' });
      if (calling) this.calls.push(await this.clock.untilSettled(calling));
    }
    await this.clock.advanceAsync(2_000);
    this.#listen();
    await this.clock.advanceAsync(2_000);
    this.noticed.length = 0;
  }

  #listen(): void {
    for (const { client, name } of this.devices) {
      client?.on('connectionChanged', ({ state }) => this.noticed.push(`${name} is ${state}`));
      client?.on('presenceChanged', ({ user, online }) =>
        this.noticed.push(`${name} sees ${user} ${online ? 'come' : 'go'}`),
      );
      const others = this.devices.map(({ user }) => user);
      client?.presence.watch(others).catch(() => undefined);
      for (const call of client?.calls ?? []) {
        call.on('reconnecting', () => this.noticed.push(`${name} sees its peer lost`));
        call.on('ended', () => this.noticed.push(`the call of ${name} ended`));
      }
    }
  }

  #ring(call: Call): void {
    this.rang++;
    if (this.rang < PAIRS) void call.accept().catch(() => undefined);
  }
}
