import { once } from 'node:events';
import { get } from 'node:http';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

/** How a device asks for its connection; everything else is REST and pages. */
const DEVICE = 'GET /v1/connect';
/** A node that has not said by then whether it is ready is not asked to serve; one that is only busy has, and devices wait for ten seconds. */
const READY_TIMEOUT_MS = 8_000;

/**
 * One address in front of several nodes. A device goes to a ready node that has the fewest devices,
 * so that no two devices share one while there are as many nodes; everything else goes to each in turn.
 */
export class Balancer {
  readonly #server: Server;
  readonly #nodes: readonly Node[];
  #turn = 0;
  #newest: Node | undefined;

  private constructor(server: Server, ports: readonly number[]) {
    this.#server = server;
    this.#nodes = ports.map((port) => ({ port, devices: 0 }));
    server.on('connection', (near) => this.#take(near));
  }

  /** Listens on a free port of loopback; the nodes are at these ports of it. */
  static async open(ports: readonly number[]): Promise<Balancer> {
    const server = createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Balancer(server, ports);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** How many devices each node has, in their order. */
  get devices(): readonly number[] {
    return this.#nodes.map(({ devices }) => devices);
  }

  /** The place of the node that got the newest device. */
  get newest(): number | undefined {
    return this.#newest && this.#nodes.indexOf(this.#newest);
  }

  /** Takes no more connections; those that are there live as long as both sides want. */
  close(): void {
    this.#server.close();
  }

  #take(near: Socket): void {
    near.on('error', () => near.destroy());
    near.once('data', (first: Buffer) => {
      near.pause();
      void this.#forward(near, first);
    });
    near.resume();
  }

  async #forward(near: Socket, first: Buffer): Promise<void> {
    const ready = await this.#ready();
    if (near.destroyed) return;
    const isDevice = first.toString('latin1', 0, DEVICE.length) === DEVICE;
    // Sorting keeps the turn among those that have as many.
    const [node] = isDevice ? ready.toSorted((a, b) => a.devices - b.devices) : ready;
    if (node === undefined) return void near.destroy();
    if (isDevice) this.#count(node, near);
    const far = connect(node.port, '127.0.0.1');
    far.write(first);
    pass(near, far);
    pass(far, near);
  }

  /** Those that say that they serve, another one first each time. */
  async #ready(): Promise<readonly Node[]> {
    const from = this.#turn++ % this.#nodes.length;
    const inTurn = [...this.#nodes.slice(from), ...this.#nodes.slice(0, from)];
    const answers = await Promise.all(inTurn.map(({ port }) => isReady(port)));
    return inTurn.filter((_, i) => answers[i]);
  }

  #count(node: Node, near: Socket): void {
    node.devices++;
    this.#newest = node;
    near.once('close', () => node.devices--);
  }
}

interface Node {
  readonly port: number;
  devices: number;
}

function pass(from: Socket, to: Socket): void {
  from.pipe(to);
  from.on('error', () => to.destroy());
  from.on('close', () => to.end());
}

/** Whether the node says that it serves: one that is away or goes does not. */
function isReady(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const options = { host: '127.0.0.1', port, path: '/readyz', timeout: READY_TIMEOUT_MS };
    const asked = get({ ...options, agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    asked.on('timeout', () => asked.destroy());
    asked.on('error', () => resolve(false));
    asked.on('close', () => resolve(false));
  });
}
