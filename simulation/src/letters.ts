import type { RinglineClient, Sent, UserId } from '@ringline/client';
import type { Retention, Store } from '@ringline/server';
import type { VirtualClock } from '@ringline/testkit';
import type { SimulatedDevice } from './device.ts';

interface Letter {
  readonly from: UserId;
  readonly to: UserId;
  readonly text: string;
  /** What it was answered with, each time. */
  readonly answers: Sent[];
}

/** Longer than a client waits for an answer: then its user sends a message again, if there was none. */
const PATIENCE_MS = 16_000;
/** Far more than one user can have in its inbox after a run. */
const ALL = 10_000;

/** Messages that people send again under their keys, from whichever page is there, until they are answered. */
export class Letters {
  /** How often one was sent again. */
  again = 0;
  readonly #clock: VirtualClock;
  readonly #devices: () => readonly SimulatedDevice[];
  readonly #written: Letter[] = [];

  constructor(clock: VirtualClock, devices: () => readonly SimulatedDevice[]) {
    this.#clock = clock;
    this.#devices = devices;
  }

  /** Sends a text that no other message has, by this page at first. */
  write({ user: from, client }: SimulatedDevice, to: UserId, text: string): Promise<unknown> {
    const letter: Letter = { from, to, text, answers: [] };
    this.#written.push(letter);
    return this.#send(letter, client);
  }

  /** What lies there twice, or not where it must; where something is removed, keys go with it. */
  async flaws(store: Store, retention: Retention): Promise<readonly string[]> {
    if (Object.keys(retention).length > 0) return [];
    const users = [...new Set(this.#written.flatMap(({ from, to }) => [from, to]))];
    const inboxes = await Promise.all(users.map((user) => store.inbox(user, 0, ALL)));
    return this.#written.flatMap(({ from, to, text, answers }) => {
      const places = inboxes
        .flat()
        .filter(({ body }) => body.kind === 'text' && body.text === text);
      const ids = new Set([...places, ...answers].map(({ id }) => id));
      const isThereOnce = ids.size === 1 && places.length === 2;
      if (isThereOnce || ids.size === 0) return [];
      const words = text.slice(0, 20).trim();
      return [
        `“${words}” of ${from} to ${to} lies in ${places.length} places as ${[...ids].join()}`,
      ];
    });
  }

  async #send(letter: Letter, client: RinglineClient | undefined): Promise<void> {
    this.#clock.after(PATIENCE_MS, () => this.#sendAgain(letter));
    const sent = await client?.send(letter.to, letter.text, { key: letter.text.slice(0, 20) });
    if (sent) letter.answers.push(sent);
  }

  #sendAgain(letter: Letter): void {
    if (letter.answers.length > 0) return;
    const there = this.#devices().find(({ user, client }) => user === letter.from && client);
    if (there) this.again++;
    // Refused, or without an answer: there is another time.
    this.#send(letter, there?.client).catch(() => undefined);
  }
}
