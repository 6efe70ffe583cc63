import { MemoryService } from '../cluster/memory-wire.ts';
import { CountedBus } from '../cluster/counted-bus.ts';
import { MAX_RETRY_MS, WireBus } from '../../src/cluster/wire-bus.ts';
import type { RinglineNode } from '../../src/node.ts';
import { TestCluster } from './test-cluster.ts';
import type { TestClusterOptions } from './test-cluster.ts';

/** Nodes over one store, each with a bus of its own over a service that a test lets fall. */
export class WiredCluster extends TestCluster {
  readonly service = new MemoryService();

  constructor(options: TestClusterOptions = {}) {
    super(options);
  }

  /** A node that has started, on the service. */
  async wired(): Promise<RinglineNode> {
    const { clock, log, randomness } = this;
    const bus = new WireBus(this.service.wire(), {
      clock,
      log,
      metrics: new CountedBus(),
      randomness,
    });
    await bus.start();
    return this.node({ bus });
  }

  /** The service is back, and every node has found it. */
  async comeBack(): Promise<void> {
    this.service.isUp = true;
    await this.clock.advanceAsync(MAX_RETRY_MS);
  }
}
