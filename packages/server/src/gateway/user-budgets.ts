import type { UserId } from '@ringline/protocol';
import {
  HELLO_BURST,
  HELLOS_PER_SECOND,
  REST_BURST,
  REST_REQUESTS_PER_SECOND,
  USER_BURST,
  USER_COMMANDS_PER_SECOND,
} from '@ringline/protocol';
import type { Clock, Timer } from '../clock.ts';
import type { Bus, Delivery, Spent } from '../cluster/bus.ts';
import { RTM_RATES } from '../rtm/rates.ts';
import type { RtmAct } from '../rtm/rates.ts';
import { TokenBucket } from './token-bucket.ts';

/** What users spend is told to other nodes this often: rates are counted in seconds. */
export const SPENT_TELL_MS = 100;
/** From when so much of a budget is gone: who asks a little costs no word. */
export const TOLD_BELOW = 0.5;

/** What they are made of. */
export interface UserBudgetParts {
  readonly bus: Pick<Bus, 'publish' | 'subscribe'>;
  readonly clock: Clock;
  /** By which this node knows its own word. */
  readonly incarnation: string;
}

/** What a budget is for: an act, and of some acts of RTM in which channel. */
type Purpose = Pick<Spent, 'act' | 'channel'>;

interface Budget {
  readonly user: UserId;
  readonly purpose: Purpose;
  readonly bucket: TokenBucket;
  /** What was taken here since it was full, and other nodes have not been told. */
  untold: number;
}

/**
 * How much each user may ask, over all devices and connections. Nodes tell each other what a lively user
 * spends: so a user has one rate in the long run, and at each node one burst at most.
 */
export class UserBudgets {
  readonly #parts: UserBudgetParts;
  readonly #budgets = new Map<string, Budget>();
  /** Whose spending at other nodes is heard; each stops it. */
  readonly #heard = new Map<UserId, () => void>();
  readonly #untold = new Set<Budget>();
  #teller: Timer | undefined;

  constructor(parts: UserBudgetParts) {
    this.#parts = parts;
  }

  /** 0, or the milliseconds until this user may say hello again; a leaked old token does not use up the user's own. */
  hello(user: UserId, expired: boolean): number {
    return this.#take(user, { act: expired ? 'expired-hello' : 'hello' });
  }

  /** 0, or the milliseconds until this user may ask over REST again. */
  rest(user: UserId): number {
    return this.#take(user, { act: 'rest' });
  }

  /** 0, or the milliseconds until this user may invite or send again. */
  command(user: UserId): number {
    return this.#take(user, { act: 'command' });
  }

  /** 0, or the milliseconds until this user may do so again, with RTM; some acts are counted by channel. */
  rtm(act: RtmAct, user: UserId, channel?: string): number {
    return this.#take(user, { act, ...(channel !== undefined && { channel }) });
  }

  /** Budgets that are not full again: what quiet users still cost. */
  get remembered(): number {
    return this.#budgets.size;
  }

  /** Users whose spending elsewhere is heard. */
  get listening(): number {
    return this.#heard.size;
  }

  /** Forgets users who have been quiet. */
  sweep(): void {
    const now = this.#parts.clock.now();
    const lively = new Set<UserId>();
    for (const [key, { bucket, user }] of this.#budgets) {
      if (bucket.isFull(now)) this.#budgets.delete(key);
      else lively.add(user);
    }
    for (const [user, stop] of this.#heard) {
      if (lively.has(user)) continue;
      stop();
      this.#heard.delete(user);
    }
  }

  /** Nothing is told or heard any more. */
  stop(): void {
    this.#teller?.cancel();
    for (const stop of this.#heard.values()) stop();
    this.#heard.clear();
  }

  #take(user: UserId, purpose: Purpose): number {
    const now = this.#parts.clock.now();
    const budget = this.#budgetOf(user, purpose, now);
    if (budget.bucket.isFull(now)) budget.untold = 0;
    const wait = budget.bucket.take(now);
    if (wait === 0) budget.untold++;
    if (wait === 0 && budget.bucket.left(now) < ALLOWANCES[purpose.act].burst * TOLD_BELOW) {
      this.#tellOf(budget);
    }
    return wait;
  }

  #budgetOf(user: UserId, purpose: Purpose, now: number): Budget {
    const key = JSON.stringify([purpose.act, user, purpose.channel]);
    let budget = this.#budgets.get(key);
    if (budget === undefined) {
      const { burst, perSecond } = ALLOWANCES[purpose.act];
      budget = { user, purpose, bucket: new TokenBucket(burst, perSecond, now), untold: 0 };
      this.#budgets.set(key, budget);
    }
    return budget;
  }

  #tellOf(budget: Budget): void {
    const { bus, clock } = this.#parts;
    const { user } = budget;
    this.#untold.add(budget);
    if (!this.#heard.has(user)) {
      this.#heard.set(
        user,
        bus.subscribe(user, (delivery) => this.#hear(delivery)),
      );
    }
    this.#teller ??= clock.after(SPENT_TELL_MS, () => this.#tell());
  }

  #tell(): void {
    const { bus, incarnation: by } = this.#parts;
    this.#teller = undefined;
    const told = [...this.#untold];
    this.#untold.clear();
    for (const budget of told) {
      const { user: to, purpose, untold: count } = budget;
      budget.untold = 0;
      bus.publish({ kind: 'spent', to, by, ...purpose, count });
    }
  }

  #hear(delivery: Delivery): void {
    const { clock, incarnation } = this.#parts;
    if (delivery.kind !== 'spent' || delivery.by === incarnation) return;
    const { to, act, channel, count } = delivery;
    // What only a newer release counts.
    if (!Object.hasOwn(ALLOWANCES, act)) return;
    const now = clock.now();
    const purpose = { act, ...(channel !== undefined && { channel }) };
    this.#budgetOf(to, purpose, now).bucket.spend(now, count);
  }
}

interface Allowance {
  readonly burst: number;
  readonly perSecond: number;
}

const ALLOWANCES: Readonly<Record<Spent['act'], Allowance>> = {
  hello: { burst: HELLO_BURST, perSecond: HELLOS_PER_SECOND },
  'expired-hello': { burst: HELLO_BURST, perSecond: HELLOS_PER_SECOND },
  command: { burst: USER_BURST, perSecond: USER_COMMANDS_PER_SECOND },
  rest: { burst: REST_BURST, perSecond: REST_REQUESTS_PER_SECOND },
  ...rtmAllowances(),
};

function rtmAllowances(): Readonly<Record<RtmAct, Allowance>> {
  const entries = Object.entries(RTM_RATES).map(([act, { times, perMs }]) => {
    return [act, { burst: times, perSecond: times / (perMs / 1000) }] as const;
  });
  return Object.fromEntries(entries) as Record<RtmAct, Allowance>;
}
