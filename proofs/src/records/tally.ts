import type { Device } from './device.ts';
import type { Receiver } from './receiver.ts';

/** Calls that were made, and where their records are. */
export interface Found {
  /** Ids of the calls as their callers know them. */
  readonly made: ReadonlySet<string>;
  readonly devices: readonly Device[];
  readonly receiver: Receiver;
  /** The calls of the records in the store, one for each record. */
  readonly stored: readonly Stored[];
}

export interface Stored {
  readonly call: string;
  readonly caller: string;
  readonly callee: string;
}

/** How many records are missing somewhere, and how many are there twice, with what is to be read of it. */
export interface Tally {
  readonly records: number;
  readonly lost: number;
  readonly doubled: number;
  readonly flaws: readonly string[];
}

/** Compares what was made with the store, with both inboxes as apps had them, and with the receiver. */
export function tally({ made, devices, receiver, stored }: Found): Tally {
  const flaws: string[] = [...receiver.flaws];
  const count = { lost: 0, doubled: receiver.doubled };
  const compare = (where: string, due: ReadonlySet<string>, found: readonly string[]) => {
    const there = new Set(found);
    const missing = [...due].filter((call) => !there.has(call));
    const strange = [...there].filter((call) => !due.has(call));
    count.lost += missing.length;
    count.doubled += found.length - there.size;
    if (missing.length > 0) flaws.push(`${where} lacks ${missing.slice(0, 3).join(', ')} …`);
    if (strange.length > 0)
      flaws.push(`${where} has ${strange.slice(0, 3).join(', ')} …, of which nobody knows`);
    if (found.length > there.size) flaws.push(`${where} has records twice`);
  };
  const records = stored.map(({ call }) => call);
  compare('the store', made, records);
  compare('the receiver', made, [...receiver.records.keys()]);
  compare('the copy-out', made, [...receiver.copied]);
  for (const { user, records: handed, cursors } of devices) {
    const own = stored.filter(({ caller, callee }) => caller === user || callee === user);
    const due = new Set(own.map(({ call }) => call));
    compare(
      `the app of ${user}`,
      due,
      handed.map(({ call }) => call),
    );
    const grows = cursors.every((cursor, i) => i === 0 || cursor > (cursors[i - 1] ?? 0));
    if (!grows) flaws.push(`the app of ${user} had its inbox out of order`);
  }
  return { records: records.length, ...count, flaws };
}
