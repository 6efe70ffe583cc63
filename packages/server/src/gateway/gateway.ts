import type { CloseName } from '@ringline/protocol';
import { Connection } from './connection.ts';
import type { Services } from './services.ts';
import type { Socket, SocketEvents } from './socket.ts';

/** Devices of a node that drains come back elsewhere spread over this, not all at once. */
export const DRAIN_SPREAD_MS = 2_000;
/** Devices that have not gone by then are let go. */
export const DRAIN_TIMEOUT_MS = 3_000;

/** All sockets of one node. */
export class Gateway {
  readonly #services: Services;
  readonly #connections = new Set<Connection>();
  #emptied: (() => void) | undefined;

  constructor(services: Services) {
    this.#services = services;
  }

  /** Takes a new socket; its first message must be hello. */
  accept(socket: Socket): SocketEvents {
    const connection = new Connection(socket, this.#services, () => {
      this.#connections.delete(connection);
      if (this.#connections.size === 0) this.#emptied?.();
    });
    this.#connections.add(connection);
    return connection;
  }

  /** Asks every device to reconnect elsewhere, and resolves when they have, or their time is up. */
  async drain(): Promise<void> {
    for (const connection of this.#connections) {
      connection.askToLeave(Math.floor(this.#chance() * DRAIN_SPREAD_MS));
    }
    if (this.#connections.size > 0) await this.#untilEmpty();
    this.closeAll('leaving');
  }

  /** Closes every socket with one code. */
  closeAll(name: CloseName): void {
    for (const connection of this.#connections) connection.close(name);
  }

  #untilEmpty(): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.#services.clock.after(DRAIN_TIMEOUT_MS, resolve);
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
