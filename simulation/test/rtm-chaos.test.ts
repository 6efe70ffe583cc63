import type { SeededRandomness } from '@ringline/testkit';
import { expect, test } from 'vitest';
import type { Local, Page } from './support/rtm-town.ts';
import { Town } from './support/rtm-town.ts';

const SEEDS = Number(process.env['SEEDS'] ?? 25);
const ONLY = process.env['SEED'];
const USERS = ['alice', 'bob', 'carol'] as const;
const ACTS = 60;
/** After the last act everything has passed that may still come: an invitation's life, an absence, a heartbeat. */
const REST_MS = 180_000;

interface Listenable {
  on(name: string, listener: (...args: unknown[]) => void): unknown;
}

/** What an invitation of the app told, on either side, by a name of its own. */
class Ledger {
  readonly told = new Map<object, string[]>();
  readonly locals: Local[] = [];
  readonly trouble: string[] = [];
  /** Those of callees to whom nothing got through when they were told that it failed: the page says so by itself (RTM15). */
  readonly alone = new Set<object>();
  readonly #isLost: (invitation: object) => boolean;

  constructor(isLost: (invitation: object) => boolean) {
    this.#isLost = isLost;
  }

  follow(invitation: object): void {
    if (this.told.has(invitation)) return;
    const told: string[] = [];
    this.told.set(invitation, told);
    const side = 'calleeId' in invitation ? 'Local' : 'Remote';
    for (const name of ['ReceivedByPeer', 'Accepted', 'Refused', 'Canceled', 'Failure']) {
      const listener = (...args: unknown[]) => {
        if (name === 'Failure' && this.#isLost(invitation)) this.alone.add(invitation);
        told.push(name === 'Failure' ? `Failure ${String(args[0])}` : name);
      };
      (invitation as Listenable).on(`${side}Invitation${name}`, listener);
    }
  }
}

class Chaos {
  readonly town: Town;
  readonly pages = new Map<string, Page>();
  readonly ledger = new Ledger((invitation) =>
    [...this.pages.values()].some(({ isLost, remote }) => isLost && isIn(remote, invitation)),
  );
  readonly #chance: SeededRandomness;
  #canKill = true;

  constructor(seed: string) {
    this.town = new Town(seed, { busLoss: 0.05, storeDelayMs: 30, skewMs: 0 });
    this.#chance = this.town.randomness.fork('acts');
  }

  async run(): Promise<void> {
    await this.town.start();
    this.town.received = (invitation) => this.ledger.follow(invitation);
    for (const user of USERS) {
      const dialect = this.#chance.pick(['agora', 'anyrtc'] as const);
      const page = await this.town.page(dialect, user);
      this.pages.set(user, page);
    }
    for (let act = 0; act < ACTS; act++) {
      this.#act();
      await this.town.pass(this.#chance.integer(0, 6_000));
    }
    this.#mend();
    await this.town.pass(REST_MS);
  }

  #page(): Page {
    return this.pages.get(this.#chance.pick(USERS))!;
  }

  #act(): void {
    const page = this.#page();
    const open = page.remote.filter(({ state }) => state === 'INVITATION_RECEIVED');
    const acts = [
      () => this.#invite(page),
      () => this.#invite(page),
      () => open.at(-1)?.accept(),
      () => open.at(-1)?.accept(),
      () => open[0]?.refuse(),
      () => this.ledger.locals.findLast(({ state }) => state === 'RECEIVED_BY_REMOTE')?.cancel(),
      () => page.wires.at(-1)?.drop(),
      () => page.lose(),
      () => page.find(),
      () => page.find(),
      () => this.#kill(),
    ];
    try {
      this.#chance.pick(acts)();
    } catch (error) {
      // A command that crosses another: Agora's dialect throws.
      if (!String(error).includes('INVITATION_API_CALL_ERR'))
        this.ledger.trouble.push(String(error));
    }
  }

  #invite({ client }: Page): void {
    const invitation: Local = client.createLocalInvitation(this.#chance.pick(USERS));
    this.ledger.follow(invitation);
    this.ledger.locals.push(invitation);
    invitation.send();
  }

  #kill(): void {
    if (!this.#canKill) return;
    this.#canKill = false;
    const index = this.#chance.pick(this.town.cluster.indexes);
    this.town.cluster.kill(index);
    this.town.clock.after(5_000, () => {
      void this.town.cluster.start(index).then(() => (this.#canKill = true));
    });
  }

  #mend(): void {
    for (const page of this.pages.values()) page.find();
  }
}

function isIn(these: readonly object[], one: object): boolean {
  return these.includes(one);
}

const seeds = ONLY === undefined ? Array.from({ length: SEEDS }, (_, i) => `${i}`) : [ONLY];

test.each(seeds)(
  '[RTM12][RTM18][RTM20] seed %s: whatever breaks, each side of each invitation is told one end',
  async (seed) => {
    const chaos = new Chaos(seed);
    await chaos.run();
    const { ledger } = chaos;
    const flaws = [...ledger.trouble];
    for (const [invitation, told] of ledger.told) {
      const ends = told.filter((each) => each !== 'ReceivedByPeer');
      const who = 'calleeId' in invitation ? 'local' : 'remote';
      const { id, state } = invitation as Local;
      // A caller of anyRTC's door that cancels in the moment of the acceptance hangs up.
      if (who === 'remote' && ends.join() === 'Accepted,Canceled') ends.pop();
      if (ends.length !== 1) flaws.push(`${who} ${id} ${state}: ${told.join(', ')}`);
    }
    const remotes = [...chaos.pages.values()].flatMap(({ remote }) => remote);
    for (const local of ledger.locals) {
      const { id, state } = local;
      const taken = remotes.filter((each) => each.id === id);
      const theirs = taken.map((each) => each.state);
      // Nobody believes in an acceptance that the caller knows nothing of; Agora's callees hear of no hang-up.
      const hasHungUp = state === 'CANCELED' && !('channelId' in local);
      if (state !== 'ACCEPTED_BY_REMOTE' && !hasHungUp && theirs.includes('ACCEPTED')) {
        flaws.push(`${id}: ${state} to the caller, ACCEPTED to the callee`);
      }
      // Who hears nothing gives up in the end: no caller can wait for that.
      const gaveUp = taken.some((each) => ledger.alone.has(each));
      if (state === 'ACCEPTED_BY_REMOTE' && !theirs.includes('ACCEPTED') && !gaveUp) {
        flaws.push(`${id}: ACCEPTED to the caller, ${theirs.join()} to the callee`);
      }
      if (state === 'REFUSED_BY_REMOTE' && !theirs.includes('REFUSED')) {
        flaws.push(`${id}: refused by ${theirs.join(', ')}`);
      }
    }
    expect(flaws).toEqual([]);
    expect(ledger.told.size).toBeGreaterThan(1);
  },
);
