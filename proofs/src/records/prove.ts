import { rmSync, writeFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pass } from 'node:timers/promises';
import { SeededRandomness } from '@ringline/testkit';
import { ServerProcess } from '../server-process.ts';
import { Device } from './device.ts';
import type { Mood } from './receiver.ts';
import { Receiver } from './receiver.ts';
import type { Stored, Tally } from './tally.ts';
import { tally } from './tally.ts';
import { PLAYS, PLAY_NAMES, Troupe } from './troupe.ts';

/** How large and how rough it is. */
export interface Size {
  readonly calls: number;
  readonly troupes: number;
  /** The server is killed so often at least. */
  readonly kills: number;
  /** It lives so long between two kills, in milliseconds, at random. */
  readonly life: { readonly min: number; readonly max: number };
  readonly seed: string;
}

/** What came of it. */
export interface Proof extends Tally {
  readonly kills: number;
  /** What `ringline verify` printed, and its exit code. */
  readonly verdict: { readonly printed: string; readonly code: number | null };
  readonly repeated: number;
}

const SECRET = `whsec_${Buffer.from('a secret of the proof of records').toString('base64')}`;
const API_KEY = 'the-operators-key-of-the-proof-of-records';
/** Everything has to have arrived within this after the last call. */
const ARRIVAL_MS = 60_000;
const MOODS: readonly Mood[] = ['well', 'failing', 'stalling', 'dead', 'well'];

/**
 * Makes calls of all kinds while the server is killed at random moments and the receiver is
 * unwell, and then compares: every call has exactly one record in the store, in both inboxes as
 * the SDK hands them to the app, and at the receiver after it has dropped repeated ids.
 */
export async function proveRecords(size: Size, say: (text: string) => void): Promise<Proof> {
  const randomness = new SeededRandomness(size.seed);
  const receiver = await Receiver.start(SECRET, randomness.fork('receiver'));
  const folder = mkdtempSync(join(tmpdir(), 'ringline-proof-hooks-'));
  const server = await ServerProcess.start(settingsOf(folder, receiver));
  try {
    const stage = new Stage(size, server, receiver, randomness);
    await stage.run(say);
    say('all calls are made; waiting for what is still under way');
    await stage.arrive();
    await server.shutDown();
    const verdict = await server.command('verify');
    const stored = storedIn(server.dataFile);
    const { made, devices } = stage;
    const { kills } = stage;
    return {
      ...tally({ made, devices, receiver, stored }),
      kills,
      verdict,
      repeated: receiver.repeated,
    };
  } finally {
    receiver.stop();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function settingsOf(folder: string, { url }: Receiver) {
  const endpoints = [
    { id: 'backend', url: `${url}/events`, format: 'standard', secrets: [SECRET] },
    {
      id: 'copy-out',
      url: `${url}/copy`,
      format: 'netease',
      appKey: 'key',
      appSecret: 'secret',
      only200: true,
      forms: ['record'],
    },
  ];
  const file = join(folder, 'webhooks.json');
  writeFileSync(file, JSON.stringify(endpoints));
  return { WEBHOOKS_FILE: file, API_KEYS: API_KEY, VOICE: 'off', LOG_LEVEL: 'error' };
}

function storedIn(file: string): readonly Stored[] {
  const database = new DatabaseSync(file);
  const rows = database.prepare('SELECT call, caller, callee FROM records').all();
  database.close();
  return rows as unknown as readonly Stored[];
}

/** The people, the server that is killed, and the receiver. */
class Stage {
  readonly made = new Set<string>();
  readonly devices: Device[] = [];
  kills = 0;
  /** Calls that plays under way are going to make. */
  #promised = 0;
  readonly #size: Size;
  readonly #server: ServerProcess;
  readonly #receiver: Receiver;
  readonly #randomness: SeededRandomness;

  constructor(size: Size, server: ServerProcess, receiver: Receiver, randomness: SeededRandomness) {
    this.#size = size;
    this.#server = server;
    this.#receiver = receiver;
    this.#randomness = randomness;
  }

  /** Everybody plays until enough calls were made; the server is killed meanwhile, and until it was killed often enough. */
  async run(say: (text: string) => void): Promise<void> {
    const troupes = await Promise.all(
      Array.from({ length: this.#size.troupes }, (_, i) => this.#troupe(i)),
    );
    const playing = Promise.all(troupes.map((troupe, i) => this.#plays(troupe, i)));
    const over = { yet: false };
    const played = playing.finally(() => (over.yet = true));
    await Promise.all([played, this.#killAgain(over, say)]);
  }

  async #troupe(number: number): Promise<Troupe> {
    const names = ['alice', 'bob', 'carol'].map((name) => `${name}-${number}`);
    const devices = await Promise.all(names.map((name) => this.#device(name)));
    const [alice, bob, carol] = devices;
    if (!alice || !bob || !carol) throw new Error('a troupe is three');
    const random = this.#randomness.fork(`troupe ${number}`);
    return new Troupe([alice, bob, carol], random, (call) => void this.made.add(call));
  }

  async #device(user: string): Promise<Device> {
    const asked = await fetch(`${this.#server.url}/dev/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user }),
    });
    const { token } = (await asked.json()) as { token: string };
    const device = new Device(this.#server.url, user, token);
    await device.client.connect();
    this.devices.push(device);
    return device;
  }

  async #plays(troupe: Troupe, number: number): Promise<void> {
    const random = this.#randomness.fork(`plays ${number}`);
    for (;;) {
      const left = this.#size.calls - this.#promised;
      if (left === 0) return;
      const possible = PLAY_NAMES.filter((name) => PLAYS[name] <= left);
      const what = possible[random.integer(0, possible.length - 1)] ?? 'cancelled';
      this.#promised += PLAYS[what];
      await troupe.play(what);
    }
  }

  async #killAgain(over: { readonly yet: boolean }, say: (text: string) => void): Promise<void> {
    const random = this.#randomness.fork('kills');
    const { min, max } = this.#size.life;
    while (!over.yet || this.kills < this.#size.kills) {
      await pass(random.integer(min, max));
      if (this.#receiver.mood !== 'well') this.#receiver.recover();
      await this.#server.kill();
      this.kills++;
      this.#receiver.mood = MOODS[random.integer(0, MOODS.length - 1)] ?? 'well';
      await this.#server.restart();
      for (const device of this.devices) device.networkChanged();
      if (this.kills % 5 === 0) say(`${this.made.size} calls, ${this.kills} kills`);
    }
    this.#receiver.recover();
  }

  /** Waits until nothing is under way any more, or too long; what waits for its time is sent at once. */
  async arrive(): Promise<void> {
    const until = Date.now() + ARRIVAL_MS;
    while (Date.now() < until && !(await this.#hasArrived())) await pass(200);
    for (const { client } of this.devices) client.disconnect();
  }

  async #hasArrived(): Promise<boolean> {
    for (const id of ['backend', 'copy-out']) {
      await this.#operate('POST', `endpoints/${id}/resend`, { state: 'waiting' });
    }
    const { items } = await this.#operate('GET', 'deliveries?state=waiting&limit=1');
    // Every caller is here; whether callees have theirs as well, the tally tells.
    const handed = new Set(this.devices.flatMap(({ records }) => records.map(({ call }) => call)));
    return items?.length === 0 && [...this.made].every((call) => handed.has(call));
  }

  async #operate(method: string, path: string, body?: object): Promise<{ items?: unknown[] }> {
    const answer = await fetch(`${this.#server.url}/v1/webhooks/${path}`, {
      method,
      headers: { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    return (await answer.json()) as { items?: unknown[] };
  }
}
