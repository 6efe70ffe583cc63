import type { Clock, Presence, Timer, UserId } from '@ringline/client';
import {
  MAX_WATCHED_USERS,
  RTM_OFFLINE_AFTER_MS,
  RTM_UNREACHABLE_AFTER_MS,
} from '@ringline/protocol';
import { flawOfUid } from './checks.ts';
import { QUERY_PEERS, SUBSCRIBED_PEERS, SUBSCRIBE_PEERS } from './failures.ts';
import type { Line } from './line.ts';
import { Rate } from './rate.ts';
import type { Failures } from './rtm-error.ts';
import { MAX_QUERIED_PEERS, MAX_SUBSCRIPTIONS_PER_5_S } from './timing.ts';
import type { PeersOnlineStatusMap, PeersOnlineStatusResult } from './types.ts';
import type { PeerOnlineState } from './words.ts';

/** What presence needs of its door. */
export interface PeersParts {
  readonly clock: Clock;
  /** The server's clock less this page's, in milliseconds. */
  offset(): number;
  changed(status: PeersOnlineStatusMap): void;
}

/** Where peers stand: a peer that is lost is UNREACHABLE after a while, and later OFFLINE; one that left is so at once. */
export class Peers {
  readonly #line: Line;
  readonly #parts: PeersParts;
  readonly #rate: Rate;
  #subscribed: readonly UserId[] = [];
  readonly #told = new Map<UserId, PeerOnlineState>();
  readonly #timers = new Map<UserId, Timer>();
  /** Of these the answer to a subscription tells first. */
  #fresh: readonly UserId[] = [];

  constructor(line: Line, parts: PeersParts) {
    this.#line = line;
    this.#parts = parts;
    this.#rate = new Rate(parts.clock, MAX_SUBSCRIPTIONS_PER_5_S, 5_000);
  }

  async query(ids: unknown): Promise<PeersOnlineStatusResult> {
    const { client } = this.#line.require(QUERY_PEERS);
    const peers = this.#checked(ids, QUERY_PEERS);
    if (peers.length > MAX_QUERIED_PEERS) {
      throw this.#line.error(QUERY_PEERS.invalid, `At most ${MAX_QUERIED_PEERS} at once.`);
    }
    try {
      const found = await client.presence.query(peers);
      return Object.fromEntries(
        found.map((each) => [each.user, this.#stateOf(each) !== 'OFFLINE']),
      );
    } catch (error) {
      throw this.#line.failed(QUERY_PEERS, error);
    }
  }

  async subscribe(ids: unknown): Promise<void> {
    this.#line.require(SUBSCRIBE_PEERS);
    const peers = this.#checked(ids, SUBSCRIBE_PEERS);
    const all = [...new Set([...this.#subscribed, ...peers])];
    if (all.length > MAX_WATCHED_USERS) {
      const words = `At most ${MAX_WATCHED_USERS} in total, these would be ${all.length}.`;
      throw this.#line.error('PEER_SUBSCRIPTION_STATUS_ERR_OVERFLOW', words);
    }
    this.#fresh = [...this.#fresh, ...peers];
    try {
      await this.#watch(all);
    } finally {
      this.#fresh = this.#fresh.filter((each) => !peers.includes(each));
    }
    const standing = peers.map((peer) => [peer, this.#learn(peer)] as const);
    this.#parts.changed(Object.fromEntries(standing));
  }

  async unsubscribe(ids: unknown): Promise<void> {
    this.#line.require(SUBSCRIBE_PEERS);
    const peers = this.#checked(ids, SUBSCRIBE_PEERS);
    await this.#watch(this.#subscribed.filter((each) => !peers.includes(each)));
    for (const peer of peers) this.#forget(peer);
  }

  async subscribed(option: unknown): Promise<UserId[]> {
    this.#line.require(SUBSCRIBED_PEERS);
    if (option === 'ONLINE_STATUS') return [...this.#subscribed];
    throw this.#line.error(SUBSCRIBED_PEERS.invalid, 'The only option is ONLINE_STATUS.');
  }

  /** A watched user came or went. */
  receive({ user }: Presence): void {
    if (this.#fresh.includes(user) || !this.#subscribed.includes(user)) return;
    const before = this.#told.get(user);
    const now = this.#learn(user);
    if (now !== before) this.#parts.changed({ [user]: now });
  }

  /** The login is over, and its subscriptions with it. */
  stop(): void {
    for (const user of this.#subscribed) this.#forget(user);
    this.#subscribed = [];
  }

  async #watch(users: readonly UserId[]): Promise<void> {
    const { client } = this.#line.require(SUBSCRIBE_PEERS);
    if (!this.#rate.take()) {
      const words = `At most ${MAX_SUBSCRIPTIONS_PER_5_S} times in 5 s.`;
      throw this.#line.error('PEER_SUBSCRIPTION_STATUS_ERR_TOO_OFTEN', words);
    }
    const before = this.#subscribed;
    this.#subscribed = users;
    try {
      await client.presence.watch(users);
    } catch (fault) {
      if (this.#subscribed === users) {
        this.#subscribed = before;
        // Else the client would name the refused ones again after a reconnect.
        client.presence.watch(before).catch(() => undefined);
      }
      throw this.#line.failed(SUBSCRIBE_PEERS, fault);
    }
  }

  /** Where a watched user stands now; looked at again when that changes by time alone. */
  #learn(user: UserId): PeerOnlineState {
    const presence = this.#line.require(SUBSCRIBE_PEERS).client.presence.of(user);
    const state = presence === undefined ? 'OFFLINE' : this.#stateOf(presence);
    this.#told.set(user, state);
    this.#timers.get(user)?.cancel();
    this.#timers.delete(user);
    const changesInMs = presence && state !== 'OFFLINE' ? this.#changesIn(presence) : undefined;
    if (presence !== undefined && changesInMs !== undefined) {
      const look = () => this.receive(presence);
      this.#timers.set(user, this.#parts.clock.after(changesInMs, look));
    }
    return state;
  }

  #forget(user: UserId): void {
    this.#timers.get(user)?.cancel();
    this.#timers.delete(user);
    this.#told.delete(user);
  }

  #stateOf({ online, since, left }: Presence): PeerOnlineState {
    if (online) return 'ONLINE';
    if (left || since === undefined) return 'OFFLINE';
    const lostMs = this.#serverNow() - since;
    if (lostMs >= RTM_OFFLINE_AFTER_MS) return 'OFFLINE';
    return lostMs >= RTM_UNREACHABLE_AFTER_MS ? 'UNREACHABLE' : 'ONLINE';
  }

  /** Milliseconds until a user that is lost counts as one step further away. */
  #changesIn({ online, since }: Presence): number | undefined {
    if (online || since === undefined) return undefined;
    const lostMs = this.#serverNow() - since;
    const next =
      lostMs < RTM_UNREACHABLE_AFTER_MS ? RTM_UNREACHABLE_AFTER_MS : RTM_OFFLINE_AFTER_MS;
    return next - lostMs;
  }

  #serverNow(): number {
    return this.#parts.clock.now() + this.#parts.offset();
  }

  #checked(ids: unknown, failures: Failures): readonly UserId[] {
    if (!Array.isArray(ids) || ids.length === 0) {
      throw this.#line.error(failures.invalid, 'Give a list of user ids that is not empty.');
    }
    for (const [i, id] of ids.entries()) {
      const flaw = flawOfUid(id);
      if (flaw !== undefined) throw this.#line.error(failures.invalid, `peerIds.${i} ${flaw}.`);
    }
    return ids as readonly UserId[];
  }
}
