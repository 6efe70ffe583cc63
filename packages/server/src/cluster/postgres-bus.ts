import { Client } from 'pg';
import type { Notification, QueryConfig, QueryResult } from 'pg';
import type { Clock, Timer } from '../clock.ts';
import { randomName } from '../randomness.ts';
import { NotificationReader, NotificationWriter, lineOf } from './notifications.ts';
import type { Topic } from './topics.ts';
import { WireBus } from './wire-bus.ts';
import type { WireBusParts } from './wire-bus.ts';
import { MAX_WAITING_BYTES, WIRE_PROBE_MS, WIRE_TIMEOUT_MS } from './wire.ts';
import type { Wire, WireConnection, WireEvents } from './wire.ts';

/** One statement says so much at most, so that none lasts longer than a few milliseconds. */
export const MAX_FLUSH_BYTES = 512 * 1024;

/** Ringlines in other schemas of the same database are other Ringlines. A channel's name has 63 bytes at most, a schema's too. */
const CHANNEL = `select 'ringline_' || md5(coalesce(current_schema(), '')) as channel`;

/** A server that takes no writing any more still passes on what those nodes say that are left with it: all must leave. */
const STANDING = `current_setting('transaction_read_only') = 'on' as read_only`;
const PROBE = `select ${STANDING}`;
const NOTIFY = {
  name: 'ringline-notify',
  text: `select pg_notify($1, payload), ${STANDING} from unnest($2::text[]) as payload`,
};

interface Standing {
  readonly read_only: boolean;
}

function isReadOnly({ rows: [first] }: QueryResult<Standing>): boolean {
  return first?.read_only === true;
}

const READ_ONLY =
  'PostgreSQL takes no writing: see that DATABASE_URL leads to the server that does, and not to a standby';

/** A bus over LISTEN and NOTIFY, on one connection of its own; it must not be one of a pooler that shares it by transaction. */
export function postgresBus(databaseUrl: string, parts: WireBusParts): WireBus {
  return new WireBus(new PostgresWire(databaseUrl, parts), parts);
}

type PostgresWireParts = Pick<WireBusParts, 'clock' | 'randomness'>;

class PostgresWire implements Wire {
  readonly name = 'PostgreSQL';
  readonly #url: string;
  readonly #parts: PostgresWireParts;

  constructor(url: string, parts: PostgresWireParts) {
    this.#url = url;
    this.#parts = parts;
  }

  async connect(events: WireEvents): Promise<WireConnection> {
    const client = new Client({
      connectionString: this.#url,
      application_name: 'ringline bus',
      connectionTimeoutMillis: WIRE_TIMEOUT_MS,
      query_timeout: WIRE_TIMEOUT_MS,
      keepAlive: true,
    });
    // A name of its own for each connection: what the one before has said is what another node said.
    const node = randomName(this.#parts.randomness);
    const connection = new PostgresConnection(client, { node, clock: this.#parts.clock, events });
    try {
      await connection.begin();
    } catch (error) {
      await connection.close();
      throw error;
    }
    return connection;
  }
}

interface PostgresConnectionParts {
  readonly node: string;
  readonly clock: Clock;
  readonly events: WireEvents;
}

/** Every node hears everything and keeps what somebody on it listens to: docs/why/notify-on-one-channel.md. */
class PostgresConnection implements WireConnection {
  readonly #client: Client;
  readonly #clock: Clock;
  readonly #events: WireEvents;
  readonly #reader: NotificationReader;
  readonly #writer: NotificationWriter;
  #channel = '';
  #lines: string[] = [];
  #waitingBytes = 0;
  #flushing: Promise<void> | undefined;
  #probe: Timer | undefined;
  #isOver = false;

  constructor(client: Client, { node, clock, events }: PostgresConnectionParts) {
    this.#client = client;
    this.#clock = clock;
    this.#events = events;
    this.#reader = new NotificationReader(node);
    this.#writer = new NotificationWriter(node);
    client.on('notification', (notification) => this.#hear(notification));
    client.on('error', (error) => this.#lose(error));
    client.on('end', () => this.#lose(new Error('PostgreSQL closed the connection')));
  }

  async begin(): Promise<void> {
    await this.#client.connect();
    if (isReadOnly(await this.#client.query<Standing>(PROBE))) throw new Error(READ_ONLY);
    const { rows } = await this.#client.query<{ channel: string }>(CHANNEL);
    this.#channel = rows[0]?.channel ?? '';
    await this.#client.query(`listen ${this.#client.escapeIdentifier(this.#channel)}`);
    this.#probeLater();
  }

  send(topic: Topic, text: string): boolean {
    if (this.#isOver) return false;
    const line = lineOf({ topic, text });
    if (this.#waitingBytes + line.length > MAX_WAITING_BYTES) return false;
    this.#waitingBytes += line.length;
    // What is said in one turn of the event loop goes in one statement, and so does what is said while one is under way.
    if (this.#lines.push(line) === 1 && !this.#flushing) setImmediate(() => this.#flush());
    return true;
  }

  listen(): void {}

  unlisten(): void {}

  /** It has heard everything since it was handed over. */
  listening(): Promise<void> {
    return Promise.resolve();
  }

  async close(): Promise<void> {
    this.#probe?.cancel();
    // What is still to be said goes first; a server that hangs is waited for no longer than for any answer.
    this.#flush();
    while (this.#flushing && !this.#isOver) await this.#flushing;
    this.#isOver = true;
    await this.#end();
  }

  #end(): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.#clock.after(WIRE_TIMEOUT_MS, resolve);
      const ended = () => {
        timer.cancel();
        resolve();
      };
      this.#client.end().then(ended, ended);
    });
  }

  #hear({ payload = '' }: Notification): void {
    for (const { topic, text } of this.#reader.read(payload)) this.#events.heard(topic, text);
  }

  #flush(): void {
    if (this.#isOver || this.#flushing || this.#lines.length === 0) return;
    const [lines, bytes] = this.#take();
    const values = [this.#channel, this.#writer.write(lines)];
    this.#ask({ ...NOTIFY, values }, () => {
      this.#waitingBytes -= bytes;
    });
  }

  /** One query at a time; what was said meanwhile follows it. */
  #ask(query: QueryConfig, answered: () => void = () => {}): void {
    this.#flushing = this.#client.query<Standing>(query).then(
      (answer) => {
        this.#flushing = undefined;
        if (isReadOnly(answer)) return this.#lose(new Error(READ_ONLY));
        answered();
        this.#flush();
      },
      (error: unknown) => this.#lose(error),
    );
  }

  /** The oldest lines, as many as one statement says; one at least. */
  #take(): [readonly string[], number] {
    let bytes = 0;
    const end = this.#lines.findIndex((line, index) => {
      if (index > 0 && bytes + line.length > MAX_FLUSH_BYTES) return true;
      bytes += line.length;
      return false;
    });
    return [this.#lines.splice(0, end < 0 ? this.#lines.length : end), bytes];
  }

  #probeLater(): void {
    this.#probe = this.#clock.after(WIRE_PROBE_MS, () => {
      this.#probeLater();
      // A statement that is under way says as much of the connection.
      if (!this.#flushing) this.#ask({ text: PROBE });
    });
  }

  #lose(why: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#probe?.cancel();
    this.#lines = [];
    this.#events.lost(why);
  }
}
