import type { UserId } from '@ringline/protocol';
import {
  HELLO_BURST,
  HELLOS_PER_SECOND,
  REST_BURST,
  REST_REQUESTS_PER_SECOND,
  USER_BURST,
  USER_COMMANDS_PER_SECOND,
} from '@ringline/protocol';
import type { Clock } from '../clock.ts';
import { RTM_RATES } from '../rtm/rates.ts';
import type { RtmAct } from '../rtm/rates.ts';
import { TokenBucket } from './token-bucket.ts';

/** How much each user may ask of this node, over all devices and connections. */
export class UserBudgets {
  readonly #clock: Clock;
  readonly #hellos = new Map<UserId, TokenBucket>();
  readonly #expiredHellos = new Map<UserId, TokenBucket>();
  readonly #commands = new Map<UserId, TokenBucket>();
  readonly #requests = new Map<UserId, TokenBucket>();
  /** By act, user and channel. */
  readonly #rtm = new Map<string, TokenBucket>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** 0, or the milliseconds until this user may say hello again; a leaked old token does not use up the user's own. */
  hello(user: UserId, expired: boolean): number {
    const hellos = expired ? this.#expiredHellos : this.#hellos;
    return this.#take(hellos, user, HELLO_BURST, HELLOS_PER_SECOND);
  }

  /** 0, or the milliseconds until this user may ask over REST again. */
  rest(user: UserId): number {
    return this.#take(this.#requests, user, REST_BURST, REST_REQUESTS_PER_SECOND);
  }

  /** 0, or the milliseconds until this user may invite or send again. */
  command(user: UserId): number {
    return this.#take(this.#commands, user, USER_BURST, USER_COMMANDS_PER_SECOND);
  }

  /** 0, or the milliseconds until this user may do so again, with RTM; some acts are counted by channel. */
  rtm(act: RtmAct, user: UserId, channel = ''): number {
    const { times, perMs } = RTM_RATES[act];
    return this.#take(
      this.#rtm,
      JSON.stringify([act, user, channel]),
      times,
      times / (perMs / 1000),
    );
  }

  /** Budgets that are not full again: what quiet users still cost. */
  get remembered(): number {
    return this.#all.reduce((sum, buckets) => sum + buckets.size, 0);
  }

  /** Forgets users who have been quiet. */
  sweep(): void {
    const now = this.#clock.now();
    for (const buckets of this.#all) {
      for (const [of, bucket] of buckets) if (bucket.isFull(now)) buckets.delete(of);
    }
  }

  get #all(): readonly Map<string, TokenBucket>[] {
    return [this.#hellos, this.#expiredHellos, this.#commands, this.#requests, this.#rtm];
  }

  #take(buckets: Map<string, TokenBucket>, of: string, burst: number, rate: number): number {
    const now = this.#clock.now();
    let bucket = buckets.get(of);
    if (!bucket) buckets.set(of, (bucket = new TokenBucket(burst, rate, now)));
    return bucket.take(now);
  }
}
