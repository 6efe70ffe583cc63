import { setTimeout as pass } from 'node:timers/promises';
import type { SeededRandomness } from '@ringline/testkit';
import type { ServerProcess } from '../server-process.ts';
import type { Account } from './device.ts';
import { Device } from './device.ts';
import { Inviters } from './inviters.ts';
import { Ledger } from './ledger.ts';
import { MISHAPS, Unlucky } from './mishaps.ts';
import type { Mood, Receiver } from './receiver.ts';
import { PLAYS, PLAY_NAMES, Troupe } from './troupe.ts';

/** How large and how rough it is. */
export interface Size {
  readonly calls: number;
  readonly troupes: number;
  /** The server is killed so often at least. */
  readonly kills: number;
  /** So many calls are made between two kills, at random: on a slow machine it lives as much, not as long. */
  readonly between: { readonly min: number; readonly max: number };
  readonly seed: string;
}

/** What the stage is built of. */
export interface StageParts {
  readonly size: Size;
  readonly server: ServerProcess;
  readonly receiver: Receiver;
  readonly randomness: SeededRandomness;
  readonly apiKey: string;
}

/**
 * Nothing more is waited for when nothing has come for so long: the courier's third attempt is at
 * most 24 s behind its second, and the receiver takes that one.
 */
const QUIET_MS = 45_000;
/** So many pairs send bare invitations, one after the other. */
const INVITERS = 4;
/** How often that is looked at. */
const LOOK_MS = 500;
/** And whether enough calls were made; then it is killed within so many milliseconds, in the midst of whatever goes on. */
const COUNT_MS = 20;
const SUDDEN_MS = 500;
const MOODS: readonly Mood[] = ['well', 'failing', 'stalling', 'dead', 'well'];

/** The people, the server that is killed, and the receiver. */
export class Stage {
  readonly ledger = new Ledger();
  readonly devices: Device[] = [];
  kills = 0;
  /** Calls that plays under way are going to make, and those that were made. */
  #promised = 0;
  readonly #parts: StageParts;
  readonly #absent: string[] = [];
  readonly #inviters: Inviters[] = [];

  constructor(parts: StageParts) {
    this.#parts = parts;
  }

  /** Everybody plays until enough calls were made; the server is killed meanwhile, and until it was killed often enough. */
  async run(say: (text: string) => void): Promise<void> {
    const numbers = Array.from({ length: this.#parts.size.troupes }, (_, i) => i);
    const troupes = await Promise.all(numbers.map((i) => this.#troupe(i)));
    const unlucky = await Promise.all(numbers.map((i) => this.#unlucky(i)));
    for (let i = 0; i < INVITERS; i++) this.#inviters.push(await this.#logIn(i));
    const invited = Promise.all(this.#inviters.map((pair) => this.#inviteAgain(pair)));
    const mishaps = Promise.all(unlucky.map((pair, i) => this.#sufferAgain(pair, i)));
    const plays = Promise.all(troupes.map((troupe, i) => this.#playAgain(troupe, i)));
    const over = { yet: false };
    const played = plays.finally(() => (over.yet = true));
    await Promise.all([played, mishaps, invited, this.#killAgain(over, say)]);
  }

  /** Those who were away sign in. Waits until nothing is under way any more, or nothing comes. */
  async arrive(): Promise<void> {
    await Promise.all(this.#absent.map((user) => this.#device(user)));
    let quiet = { since: Date.now(), at: this.#come };
    while (Date.now() - quiet.since < QUIET_MS && !(await this.#hasArrived())) {
      await pass(LOOK_MS);
      if (this.#come > quiet.at) quiet = { since: Date.now(), at: this.#come };
    }
    for (const { client } of this.devices) client.disconnect();
    await Promise.all(this.#inviters.map((pair) => pair.logOut()));
  }

  /** How much has come so far, to devices and to the receiver. */
  get #come(): number {
    const handed = this.devices.reduce((sum, { messages }) => sum + messages.length, 0);
    return handed + this.#parts.receiver.taken;
  }

  async #troupe(number: number): Promise<Troupe> {
    const device = (name: string, options?: object) => this.#device(`${name}-${number}`, options);
    const alice = await Promise.all([device('alice'), device('alice')]);
    const bob = await Promise.all([device('bob'), device('bob')]);
    const carol = await device('carol', { callWaiting: true });
    const nobody = `nobody-${number}`;
    this.#absent.push(nobody);
    const random = this.#parts.randomness.fork(`troupe ${number}`);
    return new Troupe({ alice, bob, carol, nobody }, random, this.ledger);
  }

  async #unlucky(number: number): Promise<Unlucky> {
    const dave = await this.#device(`dave-${number}`);
    const eve = await this.#device(`eve-${number}`);
    const random = this.#parts.randomness.fork(`unlucky ${number}`);
    return new Unlucky([dave, eve], random, this.ledger, () => this.#left === 0);
  }

  async #logIn(number: number): Promise<Inviters> {
    const accounts = [
      await this.#account(`frank-${number}`),
      await this.#account(`grace-${number}`),
    ] as const;
    const random = this.#parts.randomness.fork(`inviters ${number}`);
    return Inviters.logIn(accounts, random, this.ledger);
  }

  async #inviteAgain(pair: Inviters): Promise<void> {
    while (this.#left > 0) await pair.invite();
  }

  async #device(user: string, options?: { readonly callWaiting?: boolean }): Promise<Device> {
    const account = await this.#account(user);
    const device = new Device(account, `device-${this.devices.length}`, options);
    this.devices.push(device);
    await device.client.connect();
    return device;
  }

  async #account(user: string): Promise<Account> {
    const { url } = this.#parts.server;
    const asked = await fetch(`${url}/dev/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user }),
    });
    const { token } = (await asked.json()) as { token: string };
    return { url, user, token };
  }

  /** Calls of which nobody knows whether they were made are made up for. */
  get #left(): number {
    return this.#parts.size.calls + this.ledger.unsureCalls.length - this.#promised;
  }

  async #playAgain(troupe: Troupe, number: number): Promise<void> {
    const random = this.#parts.randomness.fork(`plays ${number}`);
    while (this.#left > 0) {
      const what = random.pick(PLAY_NAMES.filter((name) => PLAYS[name] <= this.#left));
      this.#promised += PLAYS[what];
      const made = await troupe.play(what);
      // Two calls that met were one.
      this.#promised += made - PLAYS[what];
    }
  }

  /** One mishap after the other: those of the other pairs are others at the same time. */
  async #sufferAgain(pair: Unlucky, number: number): Promise<void> {
    for (let i = number; this.#left > 0; i++) {
      const mishap = MISHAPS[i % MISHAPS.length];
      this.#promised++;
      if (mishap) await pair.suffer(mishap);
    }
  }

  async #killAgain(over: { readonly yet: boolean }, say: (text: string) => void): Promise<void> {
    const { receiver, server, size } = this.#parts;
    const random = this.#parts.randomness.fork('kills');
    while (!over.yet || this.kills < size.kills) {
      const due = this.ledger.calls.size + random.integer(size.between.min, size.between.max);
      while (this.ledger.calls.size < due && !over.yet) await pass(COUNT_MS);
      await pass(random.integer(0, SUDDEN_MS));
      if (receiver.mood !== 'well') receiver.recover();
      await server.kill();
      this.kills++;
      receiver.mood = random.pick(MOODS);
      await server.restart();
      for (const each of [...this.devices, ...this.#inviters]) each.networkChanged();
      if (this.kills % 5 === 0) say(`${this.ledger.calls.size} calls, ${this.kills} kills`);
    }
    receiver.recover();
  }

  async #hasArrived(): Promise<boolean> {
    const { server, apiKey } = this.#parts;
    const answer = await fetch(`${server.url}/v1/webhooks/deliveries?state=waiting&limit=1`, {
      headers: { authorization: `Bearer ${apiKey}` },
    });
    const { items } = (await answer.json()) as { items?: unknown[] };
    if (items?.length !== 0) return false;
    return this.devices.every(({ user, messages }) => messages.length >= this.#dueTo(user));
  }

  /** How many items a user's inbox has at least. */
  #dueTo(user: string): number {
    const { calls, messages } = this.ledger;
    const own = [...messages.values()].filter(({ from, to }) => from === user || to === user);
    return [...calls.values()].filter((users) => users.includes(user)).length + own.length;
  }
}
