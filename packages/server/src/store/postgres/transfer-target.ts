import { StoreFault } from '../store.ts';
import type { TransferTarget } from '../transfer.ts';
import { TRANSFER_TABLES } from '../transfer-tables.ts';
import type { ColumnKind, TransferRow, TransferTable } from '../transfer-tables.ts';
import { Client } from './driver.ts';
import { migrate } from './schema.ts';
import { held } from './text.ts';

const TYPES: Readonly<Record<ColumnKind, string>> = {
  key: 'text',
  text: 'text',
  number: 'bigint',
  flag: 'boolean',
  keys: 'text[]',
};

/** Begins to fill a database, which nobody else writes meanwhile; throws StoreFault unless it is empty. */
export async function openTransferTarget(url: string): Promise<PostgresTransferTarget> {
  await migrate(url);
  const client = await Client.connect({ url, statementTimeoutMs: 0 });
  try {
    const tables = TRANSFER_TABLES.map(({ name }) => name);
    await client.exec(`begin; set local lock_timeout = '10s';
      lock table ${tables.join(', ')} in share row exclusive mode`);
    for (const table of tables) await refuseFull(client, table);
    return new PostgresTransferTarget(client);
  } catch (error) {
    await client.close();
    throw error;
  }
}

async function refuseFull(client: Client, table: string): Promise<void> {
  const text = `select from ${table} limit 1`;
  const rows = await client.rows({ name: `transfer_first_${table}`, text });
  if (rows.length === 0) return;
  const advice = 'give a new database or schema (docs/transfer-store.md)';
  throw new StoreFault(
    `the target is not empty, its table ${table} has rows: ${advice}`,
    undefined,
  );
}

/** An empty database that is filled in one transaction: whatever breaks, it is empty again. */
export class PostgresTransferTarget implements TransferTarget {
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  async write(table: TransferTable, rows: readonly TransferRow[]): Promise<void> {
    const columns = Object.entries(table.columns);
    const names = columns.map(([column]) => nameOf(column)).join(', ');
    const shape = columns.map(([column, kind]) => `${nameOf(column)} ${TYPES[kind]}`).join(', ');
    const text = `insert into ${table.name} (${names})
      select ${names} from json_to_recordset($1) as r (${shape})`;
    const values = rows.map((row) => rowOf(table, row));
    await this.#client.run({ name: `transfer_${table.name}`, text }, [JSON.stringify(values)]);
  }

  async count({ name }: TransferTable): Promise<number> {
    const text = `select count(*) from ${name}`;
    const [row] = await this.#client.rows<{ count: number }>({
      name: `transfer_count_${name}`,
      text,
    });
    return row?.count ?? 0;
  }

  async countFrom({ name, counts }: TransferTable, last: number): Promise<void> {
    if (counts === undefined || last === 0) return;
    const text = `select setval(pg_get_serial_sequence('${name}', '${counts}'), $1)`;
    await this.#client.rows({ name: `transfer_from_${name}`, text }, [last]);
  }

  async finish(): Promise<void> {
    await this.#client.exec(`analyze ${TRANSFER_TABLES.map(({ name }) => name).join(', ')}`);
    await this.#client.exec('commit');
  }

  async close(): Promise<void> {
    await this.#client.close();
  }
}

/** `user` is a word of SQL. */
function nameOf(column: string): string {
  return column === 'user' ? 'user_id' : column;
}

function rowOf({ name, columns }: TransferTable, row: TransferRow): object {
  const written: [string, unknown][] = Object.entries(columns).map(([column, kind]) => {
    return [nameOf(column), valueOf(kind, row[column] ?? null)];
  });
  return { ...Object.fromEntries(written), ...(name === 'messages' && pairOf(row)) };
}

function valueOf(kind: ColumnKind, value: TransferRow[string]): unknown {
  if (value === null) return null;
  if (kind === 'key') return held(String(value));
  if (kind === 'keys') return (value as readonly string[]).map(held);
  return value;
}

/** The two of a message as PostgreSQL orders them: bytewise, as their columns hold them. */
function pairOf({ user_a: one, user_b: other }: TransferRow): object {
  const [a, b] = [one, other]
    .map((user) => Buffer.from(held(String(user))))
    .toSorted((left, right) => left.compare(right));
  return { user_a: a?.toString(), user_b: b?.toString() };
}
