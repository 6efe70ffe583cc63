import type { ClientOptions, Clock, ConnectionChange, Timer, UserId } from '@ringline/client';
import { RinglineClient } from '@ringline/client';
import type { Extension, ExtensionLine } from '@ringline/client/extension';
import { extend } from '@ringline/client/extension';
import type { Welcome } from '@ringline/protocol';
import type { Standing } from './line.ts';
import { Pulse } from './pulse.ts';
import { TOKEN_TOLERANCE_MS, TOKEN_WARNING_MS } from './timing.ts';
import { claimsOf } from './token.ts';

/** What one login is made of. */
export interface LoginParts {
  readonly uid: UserId;
  readonly token: string;
  /** Gives a token whenever one is needed; then the app is not asked. */
  readonly tokenFor: ((uid: UserId) => string | Promise<string>) | undefined;
  readonly clock: Clock;
  readonly options: Omit<ClientOptions, 'token' | 'tokenProvider'>;
  readonly extension: Omit<Extension, 'welcomed'>;
}

/** What a login tells its door. */
export interface LoginEvents {
  welcomed(welcome: Welcome): void;
  connectionChanged(change: ConnectionChange): void;
  /** The token is about to expire. */
  tokenEnds(): void;
  /** It has expired. */
  tokenEnded(): void;
  /** The connection needs another token, and waits for it. */
  tokenMissed(): void;
}

/** A client that says whether its app listens for calls. */
class DoorClient extends RinglineClient {
  get hearsCalls(): boolean {
    return this.isHeard('incoming');
  }
}

/** One user's connection from its login to its logout, with its tokens. */
export class Login implements Standing {
  readonly uid: UserId;
  readonly client: DoorClient;
  readonly line: ExtensionLine;
  readonly #parts: LoginParts;
  readonly #events: LoginEvents;
  readonly #pulse: Pulse;
  #token: string;
  /** By this page's clock. */
  #expiresAt = Infinity;
  #waiting: ((token: string) => void)[] = [];
  #timers: readonly Timer[] = [];

  constructor(parts: LoginParts, events: LoginEvents) {
    this.uid = parts.uid;
    this.#parts = parts;
    this.#events = events;
    this.#token = parts.token;
    this.client = new DoorClient({ ...parts.options, tokenProvider: () => this.#provide() });
    this.line = extend(this.client, {
      ...parts.extension,
      welcomed: (welcome) => this.#welcomed(welcome),
    });
    this.#pulse = new Pulse(parts.clock, this.line);
    this.client.on('connectionChanged', (change) => {
      if (change.state === 'disconnected') this.#stopTimers();
      if (change.state === 'connected') this.#pulse.start();
      else this.#pulse.stop();
      events.connectionChanged(change);
    });
  }

  /** The newest that the app gave; empty with `tokenFor`. */
  get token(): string {
    return this.#token;
  }

  /** Its last connection was given up because nobody answered: it was away for SILENT_AFTER_MS then. */
  get wasSilent(): boolean {
    return this.#pulse.isSilent;
  }

  get isTokenOver(): boolean {
    return this.#parts.clock.now() >= this.#expiresAt - TOKEN_TOLERANCE_MS;
  }

  /** Resolves with the milliseconds for which the server takes the token; rejects with a RinglineError. */
  async renew(token: string): Promise<void> {
    if (this.client.connectionState !== 'connected') {
      // The connection may wait for it; if not, it comes back with it.
      this.#take(token, undefined);
      await this.line.renewal.take(token);
      return;
    }
    this.#take(token, await this.line.renewal.take(token));
  }

  end(): void {
    this.#stopTimers();
    this.client.disconnect();
  }

  /** A token for a hello, or one in place of a token that soon expires. */
  async #provide(): Promise<string> {
    const { tokenFor } = this.#parts;
    if (tokenFor !== undefined) return this.#ask(tokenFor);
    const isConnected = this.client.connectionState === 'connected';
    if (!isConnected && !this.isTokenOver) return this.#token;
    if (!isConnected) this.#events.tokenMissed();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Of a token that the client renews by itself, only what it says tells how long it lasts. */
  async #ask(tokenFor: (uid: UserId) => string | Promise<string>): Promise<string> {
    const token = await tokenFor(this.uid);
    this.#expiresAt = claimsOf(token).expiresAt ?? Infinity;
    return token;
  }

  #take(token: string, lifeMs: number | undefined): void {
    this.#token = token;
    this.#learnLife(lifeMs);
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve(token);
  }

  #welcomed(welcome: Welcome): void {
    this.#learnLife(welcome.tokenExpiresMs);
    this.#events.welcomed(welcome);
  }

  #learnLife(lifeMs: number | undefined): void {
    const { clock, tokenFor } = this.#parts;
    this.#stopTimers();
    this.#expiresAt = lifeMs === undefined ? Infinity : clock.now() + lifeMs;
    if (lifeMs === undefined || tokenFor !== undefined) return;
    const warnIn = Math.max(0, lifeMs - TOKEN_WARNING_MS);
    this.#timers = [
      clock.after(warnIn, () => this.#events.tokenEnds()),
      clock.after(lifeMs, () => this.#events.tokenEnded()),
    ];
  }

  #stopTimers(): void {
    for (const timer of this.#timers) timer.cancel();
    this.#timers = [];
  }
}
