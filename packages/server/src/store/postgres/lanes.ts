import { StoreFault } from '../store.ts';
import { Client, ConnectionFault, IDLE_TRANSACTION_MS, TurnedAway, isPassing } from './driver.ts';
import type { Backend, ClientWatch, DriverOptions, Session, Statement, Value } from './driver.ts';

/** Work that has no connection after so long is refused: the devices that asked have given up, or ask again. */
export const LANE_TIMEOUT_MS = 10_000;

/** A connection that could not be made, as where the database has all that it takes, is tried again after this. */
const LANE_REST_MS = 1_000;

/** What lanes are made of. */
export interface LanesOptions extends DriverOptions, ClientWatch {
  /** A connection was made. */
  readonly connected?: () => void;
  /** How long one that could not be made rests while others stand; LANE_REST_MS when absent. */
  readonly restMs?: number;
}

/**
 * A few connections, each with one statement under way at most; work waits until one is free. One that
 * breaks is made anew by the next work, so that the store goes on once PostgreSQL is back. One that cannot be
 * made is tried last: work goes by those that stand.
 */
export class Lanes {
  readonly #options: LanesOptions;
  #waiting: Waiting[] = [];
  readonly #all: readonly Lane[];
  readonly #free: Lane[];
  #isClosed = false;

  constructor(count: number, options: LanesOptions) {
    this.#options = { idleTransactionMs: IDLE_TRANSACTION_MS, ...options };
    this.#all = Array.from({ length: count }, () => ({ ...UNUSED }));
    this.#free = [...this.#all];
  }

  /** Whether work would begin, or be refused, at once. */
  get isFree(): boolean {
    return this.#isClosed || this.#next !== undefined;
  }

  /**
   * Runs the work on a connection of its own; throws StoreFault where it has not begun by `beginsBy` (`performance.now`),
   * in LANE_TIMEOUT_MS when absent, however many connections are tried for it.
   */
  async use<T>(work: (session: Session) => Promise<T>, beginsBy = inTime()): Promise<T> {
    if (this.#isClosed) throw new StoreFault('the store is closed', undefined);
    for (let isFirst = false; ; isFirst = true) {
      const lane = await this.#take(beginsBy, isFirst);
      try {
        const client = await this.#connected(lane);
        if (beginsBy <= performance.now()) throw new StoreFault(TOO_BUSY, undefined);
        if (client) return await work(client);
      } finally {
        this.#giveBack(lane);
      }
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
        // One that is broken is closed, by which the server undoes it; behind a statement that hangs this would hang too.
        if (!session.isBroken) await session.exec('rollback').catch(() => undefined);
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

  /**
   * Begins nothing more on the connections that stand: those for what comes are made anew, wherever the URL leads then. They
   * are closed at once, or when what is under way is over, and not when the next work comes, which may be days later.
   */
  leave(): void {
    for (const { client } of this.#all) client?.leave();
    for (const { client } of this.#free) void client?.close();
  }

  /** Takes no further work, waits for what there is, and closes the connections. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const lanes = await Promise.all(this.#all.map(() => this.#take(inTime())));
    await Promise.all(lanes.flatMap(({ client }) => client?.close() ?? []));
  }

  /** The one that work would take at once. */
  get #next(): Lane | undefined {
    const lane = this.#free.at(-1);
    const isResting = this.#standsAny && (lane?.restsUntil ?? 0) > performance.now();
    return isResting && !this.#isClosed ? undefined : lane;
  }

  /** `isFirst` of work that was to have one already, and comes before all that waits. */
  #take(beginsBy: number, isFirst = false): Promise<Lane> {
    const lane = this.#next;
    if (lane) {
      this.#free.pop();
      return Promise.resolve(lane);
    }
    return new Promise((resolve, reject) => {
      const refuse = () => {
        this.#waiting = this.#waiting.filter((each) => each !== waiting);
        reject(new StoreFault(TOO_BUSY, undefined));
      };
      const timer = setTimeout(refuse, Math.ceil(beginsBy - performance.now()));
      const settle = (act: () => void) => {
        clearTimeout(timer);
        act();
      };
      const waiting: Waiting = {
        resolve: (free) => settle(() => resolve(free)),
        reject: (error) => settle(() => reject(error)),
      };
      if (isFirst) this.#waiting.unshift(waiting);
      else this.#waiting.push(waiting);
    });
  }

  get #standsAny(): boolean {
    return this.#all.some(stands);
  }

  /** One that stands is taken first, and of those the one that was used last: it is the surest to stand. */
  #giveBack(lane: Lane): void {
    if (lane.client?.isBroken) void lane.client.close();
    // Whoever waits would meet what this one has met; as long as others stand it waits for them.
    const next = stands(lane) || !this.#standsAny ? this.#waiting.shift() : undefined;
    if (next) next.resolve(lane);
    else if (stands(lane)) this.#free.push(lane);
    else this.#free.unshift(lane);
  }

  /** Undefined when it cannot be connected and others stand: the work goes by one of those. */
  async #connected(lane: Lane): Promise<Client | undefined> {
    if (lane.client && !lane.client.isBroken) return lane.client;
    if (lane.client) lane.former = lane.client.backend;
    void lane.client?.close();
    lane.client = undefined;
    try {
      lane.client = await this.#connect(lane);
    } catch (error) {
      if (this.#standsAny) return undefined;
      // Whoever waits would meet the same, each after its own time-out.
      for (const { reject } of this.#waiting.splice(0)) reject(error);
      throw error;
    }
    this.#options.connected?.();
    return lane.client;
  }

  /** A server that turned it away is asked again after a rest, also where no other stands: it would be asked by each work. */
  async #connect(lane: Lane): Promise<Client> {
    if (lane.turnedAway && lane.restsUntil > performance.now()) throw lane.turnedAway;
    lane.turnedAway = undefined;
    try {
      return await Client.connect(this.#options, this.#options, lane.former);
    } catch (error) {
      lane.restsUntil = performance.now() + (this.#options.restMs ?? LANE_REST_MS);
      if (error instanceof TurnedAway) lane.turnedAway = error;
      throw error;
    }
  }
}

/** When work that is asked for now begins at the latest. */
function inTime(): number {
  return performance.now() + LANE_TIMEOUT_MS;
}

function stands({ client }: Lane): boolean {
  return client !== undefined && !client.isBroken;
}

/** Why work is refused that has waited for too long. */
export const TOO_BUSY = 'PostgreSQL: no connection was free in time: see what keeps it busy';

interface Waiting {
  readonly resolve: (lane: Lane) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * A place for one connection. One that was given up is followed by another only when its server no longer waits with its
 * commit for a standby: so each place leaves one behind at most (docs/why/which-postgresql-is-used.md).
 */
interface Lane {
  client: Client | undefined;
  /** What served the connection that was here before. */
  former: Backend | undefined;
  /** It could not be made: while others stand it is not tried before. */
  restsUntil: number;
  /** Why, where a server is there. */
  turnedAway: TurnedAway | undefined;
}

const UNUSED: Lane = {
  client: undefined,
  former: undefined,
  restsUntil: 0,
  turnedAway: undefined,
};
