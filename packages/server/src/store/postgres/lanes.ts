import { StoreFault } from '../store.ts';
import { Client, ConnectionFault, isPassing } from './driver.ts';
import type { DriverOptions, Session, Statement, Value } from './driver.ts';

/**
 * A few connections, each with one statement under way at most; work waits until one is free. One that
 * breaks is made anew by the next work, so that the store goes on once PostgreSQL is back.
 */
export class Lanes {
  readonly #options: DriverOptions;
  #waiting: Waiting[] = [];
  readonly #free: Lane[];
  readonly #count: number;
  #isClosed = false;

  constructor(count: number, options: DriverOptions) {
    this.#options = options;
    this.#count = count;
    this.#free = Array.from({ length: count }, () => ({ client: undefined }));
  }

  /** Whether work would begin, or be refused, at once. */
  get isFree(): boolean {
    return this.#free.length > 0 || this.#isClosed;
  }

  /** Runs the work on a connection of its own. */
  async use<T>(work: (session: Session) => Promise<T>): Promise<T> {
    if (this.#isClosed) throw new StoreFault('the store is closed', undefined);
    const lane = await this.#take();
    try {
      return await work(await this.#connected(lane));
    } finally {
      this.#giveBack(lane);
    }
  }

  /** Runs the work in a transaction: all of it is durable when this resolves, none of it when this rejects. */
  transaction<T>(work: (session: Session) => Promise<T>, begin = 'begin'): Promise<T> {
    return this.use(async (session) => {
      await session.exec(begin);
      try {
        const result = await work(session);
        await session.exec('commit');
        return result;
      } catch (error) {
        // A connection that is broken is not used again, and its transaction undone by the server.
        await session.exec('rollback').catch(() => undefined);
        throw error;
      }
    });
  }

  /** Work that only reads: on a connection that broke meanwhile, as in a restart, it is done again once. */
  async reading<T>(work: (session: Session) => Promise<T>): Promise<T> {
    try {
      return await this.use(work);
    } catch (error) {
      if (!(error instanceof ConnectionFault) && !isPassing(error)) throw error;
      return this.use(work);
    }
  }

  /** The rows of a statement that only reads. */
  read<Row>(statement: Statement, values: readonly Value[] = []): Promise<readonly Row[]> {
    return this.reading((session) => session.rows<Row>(statement, values));
  }

  /** Takes no further work, waits for what there is, and closes the connections. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const lanes = await Promise.all(Array.from({ length: this.#count }, () => this.#take()));
    await Promise.all(lanes.flatMap(({ client }) => client?.close() ?? []));
  }

  #take(): Promise<Lane> {
    const lane = this.#free.pop();
    if (lane) return Promise.resolve(lane);
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  #giveBack(lane: Lane): void {
    const next = this.#waiting.shift();
    if (next) {
      next.resolve(lane);
      return;
    }
    this.#free.push(lane);
  }

  async #connected(lane: Lane): Promise<Client> {
    if (lane.client && !lane.client.isBroken) return lane.client;
    void lane.client?.close();
    lane.client = undefined;
    try {
      return (lane.client = await Client.connect(this.#options));
    } catch (error) {
      // Whoever waits would meet the same, each after its own time-out.
      const waiting = this.#waiting;
      this.#waiting = [];
      for (const { reject } of waiting) reject(error);
      throw error;
    }
  }
}

interface Waiting {
  readonly resolve: (lane: Lane) => void;
  readonly reject: (error: unknown) => void;
}

/** A place for one connection. */
interface Lane {
  client: Client | undefined;
}
