import type { Call } from '@ringline/client';
import type { Phone } from '../records/device.ts';

/** A phone that rang, by its own clock. */
export interface Ring {
  readonly user: string;
  readonly call: string;
  readonly from: number;
  /** Absent while it rings, and of a phone that was lost. */
  until?: number;
  /** When its user answered it, whatever came of that. */
  answeredAt?: number;
}

/** A phone that had a server. */
export interface Presence {
  readonly user: string;
  readonly from: number;
  /** Absent while it has. */
  until?: number;
}

/** A phone that was without a server. */
export interface Wait {
  readonly user: string;
  readonly from: number;
  /** Absent while it is, and of a phone that was lost. */
  until?: number;
  /** It was lost before it had a server again. */
  isLost?: boolean;
  /** What came of its attempts to reach one, for people to read. */
  attempts?: readonly string[];
}

/** A phone that believed in a call, with a server to ask. */
export interface Belief {
  readonly user: string;
  readonly call: string;
  /** Since when it had its server. */
  readonly since: number;
  /** When it was last seen to believe. */
  readonly at: number;
}

/** When a phone came to know that a call is over. */
export interface Farewell {
  readonly user: string;
  readonly call: string;
  readonly at: number;
}

/** A while in which this process came to nothing: no phone of it could be silent then. */
export interface Lag {
  readonly from: number;
  readonly until: number;
}

/** How long this process came to nothing within that time. */
export function stalled(lags: readonly Lag[], from: number, until: number): number {
  return lags.reduce(
    (sum, lag) => sum + Math.max(0, Math.min(lag.until, until) - Math.max(lag.from, from)),
    0,
  );
}

/** How often it is looked whether this process comes to anything, and how late it may be. */
const TICK_MS = 20;
const LATE_MS = 50;
/** How often phones are asked what they believe. */
const ASK_MS = 1_000;

interface Watched {
  /** Another for each phone. */
  readonly name: number;
  readonly phone: Phone;
  readonly user: string;
  /** The present one; absent while it has no server. */
  presence: Presence | undefined;
}

/** Looks at every phone, whether it rings, what it believes, and whether it has a server. */
export class Watch {
  readonly rings: Ring[] = [];
  readonly presences: Presence[] = [];
  /** Of phones that had a server. */
  readonly drops: Wait[] = [];
  /** Of phones that were new. */
  readonly arrivals: Wait[] = [];
  readonly farewells: Farewell[] = [];
  readonly lags: Lag[] = [];
  readonly #phones: Watched[] = [];
  readonly #beliefs = new Map<string, Belief>();
  #lookedAt = Date.now();
  readonly #timers = [
    setInterval(() => this.#tick(), TICK_MS),
    setInterval(() => this.#ask(), ASK_MS),
  ];

  /** From before it connects. */
  follow(phone: Phone, user: string): void {
    const watched: Watched = { name: this.#phones.length, phone, user, presence: undefined };
    this.#phones.push(watched);
    phone.client.on('incoming', (call) => this.#ring(call, phone, user));
    this.#watchConnection(watched);
  }

  /** What phones believed last. */
  get beliefs(): readonly Belief[] {
    return [...this.#beliefs.values()];
  }

  /** Whether every phone that was not lost has a server. */
  get isWhole(): boolean {
    return this.#there.every(({ phone }) => phone.client.connectionState === 'connected');
  }

  /** Calls that phones believe in, as in `alice-1 believes in xyz`, of those that are over. */
  believers(isOver: (call: string) => boolean): readonly string[] {
    return this.#there.flatMap(({ phone, user }) =>
      phone.client.calls
        .filter(({ id, state }) => state !== 'ended' && isOver(id))
        .map(({ id, state }) => `${user} believes in ${id} (${state})`),
    );
  }

  stop(): void {
    for (const timer of this.#timers) clearInterval(timer);
  }

  get #there(): readonly Watched[] {
    return this.#phones.filter(({ phone }) => !phone.network.isGone);
  }

  #ring(call: Call, { network, answers }: Phone, user: string): void {
    const ring: Ring = { user, call: call.id, from: Date.now() };
    this.rings.push(ring);
    const look = () => {
      if (network.isGone) return;
      if (call.state === 'inviting' || call.state === 'ringing') return;
      ring.until ??= Date.now();
      const answeredAt = answers.get(call.id);
      if (answeredAt !== undefined) ring.answeredAt = answeredAt;
    };
    call.on('stateChanged', look);
    call.on('ended', () => {
      if (!network.isGone) this.farewells.push({ user, call: call.id, at: Date.now() });
    });
    look();
  }

  #watchConnection(watched: Watched): void {
    const { user, phone } = watched;
    const { client, network } = phone;
    let wait: Wait = { user, from: Date.now() };
    this.arrivals.push(wait);
    client.on('connectionChanged', () => {
      const now = Date.now();
      const isThere = client.connectionState === 'connected';
      const wasThere = watched.presence;
      if (wasThere) wasThere.until = now;
      watched.presence = isThere ? { user, from: now } : undefined;
      if (watched.presence) this.presences.push(watched.presence);
      if (isThere && wait.until === undefined) {
        wait.until = now;
        wait.attempts = network.attemptsSince(wait.from);
      }
      const isOver = network.isGone || client.connectionState === 'disconnected';
      if (isOver && wait.until === undefined) wait.isLost = true;
      if (wasThere && !isThere && !isOver) this.drops.push((wait = { user, from: now }));
    });
  }

  #ask(): void {
    const at = Date.now();
    for (const { phone, user, name, presence } of this.#there) {
      if (!presence) continue;
      for (const { id, state } of phone.client.calls) {
        if (state === 'ended') continue;
        this.#beliefs.set(`${name} ${id}`, { user, call: id, since: presence.from, at });
      }
    }
  }

  #tick(): void {
    const now = Date.now();
    const lateMs = now - this.#lookedAt - TICK_MS;
    if (lateMs > LATE_MS) this.lags.push({ from: this.#lookedAt, until: now });
    this.#lookedAt = now;
  }
}
