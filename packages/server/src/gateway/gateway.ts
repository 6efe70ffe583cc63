import type { CloseName } from '@ringline/protocol';
import type { LeaseWatch } from '../registrar/lease.ts';
import { Connection } from './connection.ts';
import { CutOff } from './cut-off.ts';
import type { CutOffParts } from './cut-off.ts';
import type { Services } from './services.ts';
import type { Socket, SocketEvents } from './socket.ts';

/** Devices of a node that drains come back elsewhere spread over this unless told otherwise: a few hundred hellos a second of a small node. */
export const DRAIN_SPREAD_MS = 2_000;
/** Those that have not gone so long after the last was asked are let go: to say hello elsewhere takes no longer. */
export const DRAIN_MARGIN_MS = 1_000;

/** All sockets of one node. */
export class Gateway {
  readonly #services: Services;
  readonly #connections = new Set<Connection>();
  readonly #spreadMs: number;
  readonly #cutOff: CutOff;
  #emptied: (() => void) | undefined;

  constructor(services: Services, spreadMs = DRAIN_SPREAD_MS) {
    const { clock, log } = services;
    this.#services = services;
    this.#spreadMs = spreadMs;
    const ask: CutOffParts['ask'] = (connections, ms) => this.#ask(connections, ms);
    this.#cutOff = new CutOff({ clock, log, connections: this.#connections, ask });
  }

  /** What becomes of its devices while its node has no lease. */
  get leaseWatch(): LeaseWatch {
    return this.#cutOff;
  }

  /** Takes a new socket; its first message must be hello. */
  accept(socket: Socket): SocketEvents {
    const connection = new Connection(socket, this.#services, (code) => {
      this.#connections.delete(connection);
      this.#cutOff.closed(connection, code);
      if (this.#connections.size === 0) this.#emptied?.();
    });
    this.#connections.add(connection);
    return connection;
  }

  /** Asks every device to reconnect elsewhere, and resolves when they have, or their time is up. */
  async drain(): Promise<void> {
    this.#ask([...this.#connections]);
    if (this.#connections.size > 0) await this.#untilEmpty(this.#spreadMs + DRAIN_MARGIN_MS);
    this.closeAll('leaving');
  }

  /** Closes every socket with one code. */
  closeAll(name: CloseName): void {
    for (const connection of this.#connections) connection.close(name);
  }

  /** One in each part of the time, and at random within it: evenly, and not all nodes' at the same moments. */
  #ask(connections: readonly Connection[], spreadMs = this.#spreadMs): void {
    const partMs = spreadMs / Math.max(1, connections.length);
    for (const [i, connection] of connections.entries()) {
      connection.askToLeave(Math.floor((i + this.#chance()) * partMs));
    }
  }

  #untilEmpty(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.#services.clock.after(timeoutMs, resolve);
      this.#emptied = () => {
        timer.cancel();
        resolve();
      };
    });
  }

  #chance(): number {
    return (this.#services.randomness.bytes(1)[0] ?? 0) / 256;
  }
}
