import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { VirtualClock } from '@ringline/testkit';
import { MemoryStore } from '../../src/store/memory/store.ts';
import { openSqliteStore } from '../../src/store/sqlite/store.ts';
import type { Store } from '../../src/store/store.ts';
import { newFile } from '../store/sqlite-files.ts';
import { CALL, CALL2, established } from '../support/calls.ts';
import { Receiver, endpointAt } from '../support/receiver.ts';
import { TestCluster } from '../support/test-cluster.ts';
import { flawsOf } from './flaws-of.ts';

/** Two calls that Alice missed; she has seen the first. */
export const MISSED = 'call-missed-000000001';
export const UNSEEN = 'call-missed-000000002';

/** Every store that there is. */
export const STORES: readonly (readonly [string, () => Store])[] = [
  ['memory', () => new MemoryStore()],
  ['SQLite', () => openSqliteStore(newFile())],
];

/**
 * A call that is over, two that Alice missed, one that is open, a message that Bob has read, and what
 * an endpoint waits for.
 */
export async function lived(store: Store): Promise<void> {
  const clock = new VirtualClock();
  const outbound = new Receiver(clock);
  outbound.react = () => 'is away';
  const configured = [endpointAt('https://backend.example.com/')];
  const webhooks = { outbound, configured, keepMs: 86_400_000 };
  const cluster = new TestCluster({ clock, store, webhooks });
  const node = await cluster.node();
  const { alice, bob } = await established(cluster, node);
  alice.ask({ type: 'send', to: 'bob', body: { kind: 'text', text: 'hello' } });
  await cluster.settle();
  bob.say({ type: 'acknowledge', cursor: 1 });
  bob.ask({ type: 'read', peer: 'alice', cursor: 1 });
  await clock.advanceAsync(9_000);
  bob.ask({ type: 'end', call: CALL });
  await cluster.settle();
  for (const call of [MISSED, UNSEEN]) {
    bob.invite(call, 'alice');
    await cluster.settle();
    bob.ask({ type: 'cancel', call });
    await cluster.settle();
  }
  alice.ask({ type: 'see-calls', call: MISSED });
  alice.invite(CALL2, 'bob');
  await cluster.settle();
  await node.stop();
}

let written: Promise<Buffer> | undefined;

/** What a file holds in which a life has been written; that is done once. */
async function writtenLife(): Promise<Buffer> {
  const file = newFile();
  const store = openSqliteStore(file);
  await lived(store);
  await store.close();
  return readFileSync(file);
}

/**
 * What verify says of a file in which a life has been written, and then this was changed behind
 * everybody's back. Random ids are told as `<id>`.
 */
export async function spoiled(...statements: readonly string[]): Promise<readonly string[]> {
  const file = newFile();
  mkdirSync(dirname(file));
  writeFileSync(file, await (written ??= writtenLife()));
  const database = new DatabaseSync(file);
  for (const statement of statements) database.exec(statement);
  database.close();
  const opened = openSqliteStore(file);
  const flaws = await flawsOf(opened);
  await opened.close();
  return flaws.map((flaw) => flaw.replaceAll(/\b(?!call-)[\w-]{22}(?![\w-])/g, '<id>'));
}
