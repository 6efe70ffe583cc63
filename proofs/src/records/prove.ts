import { rmSync, writeFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { SeededRandomness } from '@ringline/testkit';
import { ServerProcess } from '../server-process.ts';
import { Receiver, endpointsOf, hasToldAll } from './receiver.ts';
import type { Roughness } from './kills.ts';
import { Kills } from './kills.ts';
import type { Door, Size } from './stage.ts';
import { Stage } from './stage.ts';
import type { Stored, Tally } from './tally.ts';
import { tally } from './tally.ts';

/** What came of it. */
export interface Proof extends Tally {
  readonly kills: number;
  /** What `ringline verify` printed, and its exit code. */
  readonly verdict: { readonly printed: string; readonly code: number | null };
  readonly repeated: number;
}

const SECRET = `whsec_${Buffer.from('a secret of the proof of records').toString('base64')}`;
const API_KEY = 'the-operators-key-of-the-proof-of-records';

/**
 * Makes calls of all kinds while the server is killed at random moments and the receiver is
 * unwell, and then compares: every call has exactly one record, and every message is there exactly
 * once, in the store, on each device of both users as the SDK hands them to the app, and at the
 * receiver after it has dropped repeated ids. Nothing is sent again on request: what the receiver
 * did not take comes by the courier's own schedule.
 */
export async function proveRecords(
  size: Size & Roughness,
  say: (text: string) => void,
): Promise<Proof> {
  const randomness = new SeededRandomness(size.seed);
  const receiver = await Receiver.start(SECRET, randomness.fork('receiver'));
  const folder = mkdtempSync(join(tmpdir(), 'ringline-proof-hooks-'));
  const server = await ServerProcess.start(settingsOf(folder, receiver));
  try {
    const stage = new Stage({ size, door: doorOf(server), receiver, randomness });
    const killing = { size, server, receiver, randomness: randomness.fork('kills') };
    const kills = new Kills(killing);
    await stage.run(kills.during(stage, say));
    say('all calls are made; waiting for what is still under way');
    await stage.arrive();
    await stage.leave();
    await server.shutDown();
    const verdict = await server.command('verify');
    const stored = storedIn(server.dataFile);
    const { ledger, devices } = stage;
    const found = tally({ ledger, devices, receiver, stored });
    return { ...found, kills: kills.count, verdict, repeated: receiver.repeated };
  } finally {
    receiver.stop();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function doorOf(server: ServerProcess): Door {
  return {
    account: async (user) => {
      const { url } = server;
      const asked = await fetch(`${url}/dev/token`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ user }),
      });
      const { token } = (await asked.json()) as { token: string };
      return { url, user, token };
    },
    hasToldAll: () => hasToldAll(server.url, API_KEY),
  };
}

function settingsOf(folder: string, receiver: Receiver) {
  const file = join(folder, 'webhooks.json');
  writeFileSync(file, JSON.stringify(endpointsOf(receiver, SECRET)));
  return { WEBHOOKS_FILE: file, API_KEYS: API_KEY, VOICE: 'off', LOG_LEVEL: 'error' };
}

function storedIn(file: string): Stored {
  const database = new DatabaseSync(file);
  const all = (query: string) => database.prepare(query).all();
  const records = all("SELECT call, caller, callee, body ->> 'reason' AS reason FROM records");
  const messages = all(
    `SELECT id, sender AS "from", recipient AS "to", body ->> 'text' AS text FROM messages
     WHERE body ->> 'kind' = 'text'`,
  );
  database.close();
  return { records, messages } as unknown as Stored;
}
