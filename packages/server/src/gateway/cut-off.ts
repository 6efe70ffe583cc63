import { BACK_SOON_CLOSE, CLOSE } from '@ringline/protocol';
import type { Clock } from '../clock.ts';
import type { Log } from '../observe/log.ts';
import { RETRY_LEASE_MS, STEADY_GAP_MS } from '../registrar/lease.ts';
import type { LeaseWatch } from '../registrar/lease.ts';
import type { Connection } from './connection.ts';

/** So many devices find out whether another server takes them: some are phones that have just lost their network. */
export const ASKED_FIRST = 5;

/** What it needs of the gateway. */
export interface CutOffParts {
  readonly clock: Clock;
  readonly log: Log;
  /** Those that are open. */
  readonly connections: ReadonlySet<Connection>;
  /** Asks each of them to go elsewhere, spread over that time or over that of a drain. */
  readonly ask: (connections: readonly Connection[], spreadMs?: number) => void;
}

/**
 * What becomes of the devices of a node that has lost its lease. A few are asked to go elsewhere: while
 * no server has a store they stay, as all others do. Once one has found another server, and this one has
 * no lease yet though others had the time to get theirs, all are asked.
 */
export class CutOff implements LeaseWatch {
  readonly #parts: CutOffParts;
  /** Those who were asked first, and are here. */
  readonly #first = new Set<Connection>();
  /** Since when it is known that another server takes devices. */
  #elsewhereSince = Infinity;
  #allAreAsked = false;

  constructor(parts: CutOffParts) {
    this.#parts = parts;
  }

  /** The store may have come back for all a moment ago: only who is late for that was cut off alone. */
  failed(beganAt: number): void {
    if (this.#allAreAsked) return;
    if (beganAt - this.#elsewhereSince >= STEADY_GAP_MS) this.#askAll();
    else if (this.#elsewhereSince === Infinity) this.#askFirst();
  }

  renewed(): void {
    this.#first.clear();
    this.#elsewhereSince = Infinity;
    this.#allAreAsked = false;
  }

  /** A connection has closed with that code. */
  closed(connection: Connection, code: number): void {
    // A device that another server has welcomed says so, or that server does over the bus.
    const hasMoved = code === BACK_SOON_CLOSE || code === CLOSE.replaced.code;
    if (!this.#first.delete(connection) || !hasMoved) return;
    this.#elsewhereSince = Math.min(this.#elsewhereSince, this.#parts.clock.now());
  }

  #askFirst(): void {
    const more = this.#inOrder()
      .filter((each) => each.isBound && !this.#first.has(each))
      .slice(0, ASKED_FIRST - this.#first.size);
    for (const each of more) this.#first.add(each);
    this.#parts.ask(more, RETRY_LEASE_MS);
  }

  #askAll(): void {
    this.#allAreAsked = true;
    const all = this.#inOrder();
    this.#parts.log.warn(
      { devices: all.length },
      'another server has a store and this one has none: its devices are asked to go there',
    );
    this.#parts.ask(all);
  }

  /** Those in calls first: they have a grace, and try again every two seconds. */
  #inOrder(): readonly Connection[] {
    const all = [...this.#parts.connections];
    return [...all.filter((each) => each.isInCall()), ...all.filter((each) => !each.isInCall())];
  }
}
