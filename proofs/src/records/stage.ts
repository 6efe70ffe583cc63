import { setTimeout as pass } from 'node:timers/promises';
import type { SeededRandomness } from '@ringline/testkit';
import type { Account, DeviceOptions } from './device.ts';
import { Device } from './device.ts';
import { Inviters } from './inviters.ts';
import { Ledger } from './ledger.ts';
import { MISHAPS, Unlucky } from './mishaps.ts';
import type { Receiver } from './receiver.ts';
import { toItsEnd } from './to-its-end.ts';
import { PLAYS, PLAY_NAMES, Troupe } from './troupe.ts';

/** How large it is. */
export interface Size {
  readonly calls: number;
  readonly troupes: number;
  readonly seed: string;
}

/** Who takes part. */
export interface People {
  readonly users: number;
  readonly devices: number;
}

/** Where people sign in. */
export interface Door {
  account(user: string): Promise<Account>;
  /** Whether customers' servers have been told of everything so far. */
  hasToldAll(): Promise<boolean>;
}

/** What the stage is built of. */
export interface StageParts {
  readonly size: Size;
  readonly door: Door;
  readonly receiver: Receiver;
  readonly randomness: SeededRandomness;
  /** Watches each phone from before it connects. */
  readonly follow?: DeviceOptions['follow'];
  /** More calls than were asked for are made while the trouble lasts. */
  readonly lastsWithTrouble?: boolean;
}

/** Whatever befalls the servers; asks whether enough calls were made. */
export type Trouble = (isOver: () => boolean) => Promise<void>;

/**
 * Nothing more is waited for when nothing has come for so long: the courier's third attempt is at
 * most 24 s behind its second, and the receiver takes that one.
 */
const QUIET_MS = 45_000;
/** So many pairs send bare invitations, one after the other. */
export const INVITERS = 4;
/** Two users with a page each. */
const PAGES = 2;
/** A play makes so many calls at most. */
const MOST_CALLS = Math.max(...Object.values(PLAYS));
/**
 * A play is given up after this, and told as a flaw: people wait for a minute at most, and whatever
 * the servers do meanwhile, a call that nobody looks after ends by itself in less than another; the
 * machine is busy.
 */
const LONGEST_PLAY_MS = 300_000;
/** How often that is looked at. */
const LOOK_MS = 500;

/** The people, and what they do while their servers are in trouble. */
export class Stage {
  readonly ledger = new Ledger();
  readonly devices: Device[] = [];
  /** Calls that plays under way are going to make, and those that were made. */
  #promised = 0;
  #isCalm = false;
  readonly #parts: StageParts;
  readonly #absent: string[] = [];
  readonly #inviters: Inviters[] = [];

  constructor(parts: StageParts) {
    this.#parts = parts;
  }

  /** How many have signed in so far, and with how many devices. */
  get people(): People {
    const users = new Set(this.devices.map(({ user }) => user));
    const pages = PAGES * this.#inviters.length;
    return { users: users.size + pages, devices: this.devices.length + pages };
  }

  /** Everybody signs in and plays until enough calls were made, with the trouble meanwhile; ends with both. */
  async run(trouble: Trouble): Promise<void> {
    const numbers = Array.from({ length: this.#parts.size.troupes }, (_, i) => i);
    const troupes = await Promise.all(numbers.map((i) => this.#troupe(i)));
    const unlucky = await Promise.all(numbers.map((i) => this.#unlucky(i)));
    for (let i = 0; i < INVITERS; i++) this.#inviters.push(await this.#logIn(i));
    const invited = Promise.all(this.#inviters.map((pair) => this.#inviteAgain(pair)));
    const mishaps = Promise.all(unlucky.map((pair, i) => this.#sufferAgain(pair, i)));
    const plays = Promise.all(troupes.map((troupe, i) => this.#playAgain(troupe, i)));
    const over = { yet: false };
    const played = plays.finally(() => (over.yet = true));
    const calm = trouble(() => over.yet).finally(() => (this.#isCalm = true));
    await Promise.all([played, mishaps, invited, calm]);
  }

  /** Those who were away sign in. Waits until nothing is under way any more, or nothing comes. */
  async arrive(): Promise<void> {
    await Promise.all(this.#absent.map((user) => this.#device(user)));
    let quiet = { since: Date.now(), at: this.#come };
    while (Date.now() - quiet.since < QUIET_MS && !(await this.#hasArrived())) {
      await pass(LOOK_MS);
      if (this.#come > quiet.at) quiet = { since: Date.now(), at: this.#come };
    }
  }

  /** Everybody signs out. */
  async leave(): Promise<void> {
    for (const device of this.devices) device.leave();
    await Promise.all(this.#inviters.map((pair) => pair.logOut()));
  }

  /** The network is back everywhere. */
  networkChanged(): void {
    for (const each of [...this.devices, ...this.#inviters]) each.networkChanged();
  }

  /** How much has come so far, to devices and to the receiver. */
  get #come(): number {
    const handed = this.devices.reduce((sum, { messages }) => sum + messages.length, 0);
    return handed + this.#parts.receiver.taken;
  }

  async #troupe(number: number): Promise<Troupe> {
    const device = (name: string, options?: DeviceOptions) =>
      this.#device(`${name}-${number}`, options);
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
      await this.#parts.door.account(`frank-${number}`),
      await this.#parts.door.account(`grace-${number}`),
    ] as const;
    const random = this.#parts.randomness.fork(`inviters ${number}`);
    return Inviters.logIn(accounts, random, this.ledger);
  }

  async #inviteAgain(pair: Inviters): Promise<void> {
    while (this.#left > 0) await pair.invite();
  }

  async #device(user: string, options?: DeviceOptions): Promise<Device> {
    const { door, follow } = this.#parts;
    const account = await door.account(user);
    const device = new Device(account, `device-${this.devices.length}`, {
      ...options,
      ...(follow && { follow }),
    });
    this.devices.push(device);
    await device.client.connect();
    return device;
  }

  /** Calls of which nobody knows whether they were made are made up for. */
  get #left(): number {
    const { size, lastsWithTrouble } = this.#parts;
    const left = size.calls + this.ledger.unsureCalls.length - this.#promised;
    return lastsWithTrouble && !this.#isCalm ? Math.max(left, MOST_CALLS) : left;
  }

  async #playAgain(troupe: Troupe, number: number): Promise<void> {
    const random = this.#parts.randomness.fork(`plays ${number}`);
    while (this.#left > 0) {
      const what = random.pick(PLAY_NAMES.filter((name) => PLAYS[name] <= this.#left));
      this.#promised += PLAYS[what];
      const made = await this.#ended(`${what} of troupe ${number}`, troupe.play(what));
      if (made === undefined) return;
      // Two calls that met were one.
      this.#promised += made - PLAYS[what];
    }
  }

  /** One mishap after the other: those of the other pairs are others at the same time. */
  async #sufferAgain(pair: Unlucky, number: number): Promise<void> {
    for (let i = number; this.#left > 0; i++) {
      const mishap = MISHAPS[i % MISHAPS.length];
      this.#promised++;
      if (!mishap) continue;
      const suffered = pair.suffer(mishap).then(() => true);
      if (!(await this.#ended(`${mishap} of pair ${number}`, suffered))) return;
    }
  }

  /** What came of it; undefined when it has no end, and then its people do nothing more. */
  async #ended<Result extends {}>(
    what: string,
    play: Promise<Result>,
  ): Promise<Result | undefined> {
    const result = await toItsEnd(play, LONGEST_PLAY_MS);
    if (result === undefined) this.ledger.unended.push(`it has no end: ${what}`);
    return result;
  }

  async #hasArrived(): Promise<boolean> {
    if (!(await this.#parts.door.hasToldAll())) return false;
    return this.devices.every(({ user, messages }) => messages.length >= this.#dueTo(user));
  }

  /** How many items a user's inbox has at least. */
  #dueTo(user: string): number {
    const { calls, messages } = this.ledger;
    const own = [...messages.values()].filter(({ from, to }) => from === user || to === user);
    return [...calls.values()].filter((users) => users.includes(user)).length + own.length;
  }
}
