import type { ClientOptions, Clock, ConnectionChange, Timer, UserId } from '@ringline/client';
import { RinglineError } from '@ringline/client';
import type { Extension } from '@ringline/client/extension';
import type { Welcome } from '@ringline/protocol';
import { flawOfUid } from './checks.ts';
import type { CodeName, Dialect } from './dialect.ts';
import { RENEW_TOKEN } from './failures.ts';
import { Login } from './login.ts';
import { Rate } from './rate.ts';
import { RtmError, vendorError } from './rtm-error.ts';
import { INTERRUPTED_AFTER_MS, MAX_LOGINS_PER_SECOND } from './timing.ts';
import { claimsOf } from './token.ts';
import type { LoginOptions } from './types.ts';
import type { ConnectionChangeReason, ConnectionState } from './words.ts';

/*
 *  DISCONNECTED ──login()──▶ CONNECTING ──▶ CONNECTED ──away for 4 s──▶ RECONNECTING
 *       ▲  ▲                     │            │  ▲                          │
 *       │  └── refused, timeout ─┘            │  └──────────────────────────┘
 *       └── logout() ◀── ABORTED ◀── replaced, turned away
 */

/** What a door's connection tells. */
export interface ConnectionEvents {
  changed(state: ConnectionState, reason: ConnectionChangeReason): void;
  tokenWillExpire(): void;
  tokenExpired(): void;
  /** A login begins: its client is listened to. */
  began(login: Login): void;
  welcomed(welcome: Welcome): void;
  /** There is no connection any more; another one is sought. */
  interrupted(): void;
  /** Nobody is logged in any more: by `logout()`, or because the server turned this login away. */
  ended(why: 'logged-out' | 'turned-away'): void;
}

/** What a door's connection is made of. */
export interface ConnectionParts {
  readonly clock: Clock;
  readonly dialect: Dialect;
  /** The client's options; undefined when the app has named no server. */
  options(): Omit<ClientOptions, 'token' | 'tokenProvider'> | undefined;
  readonly tokenFor: ((uid: UserId) => string | Promise<string>) | undefined;
  readonly extension: Omit<Extension, 'welcomed'>;
}

/** Logs in and out, and says where the login stands in the vendor's words. */
export class Connection {
  readonly #parts: ConnectionParts;
  readonly #events: ConnectionEvents;
  readonly #logins: Rate;
  readonly #renewals: Rate;
  #state: ConnectionState = 'DISCONNECTED';
  #login: Login | undefined;
  #interruption: Timer | undefined;
  #isExpiryTold = false;

  constructor(parts: ConnectionParts, events: ConnectionEvents) {
    this.#parts = parts;
    this.#events = events;
    this.#logins = new Rate(parts.clock, MAX_LOGINS_PER_SECOND, 1_000);
    this.#renewals = new Rate(parts.clock, MAX_LOGINS_PER_SECOND, 1_000);
  }

  /** The login that stands, or comes back by itself; undefined until the server has welcomed it. */
  get standing(): Login | undefined {
    return this.#state === 'CONNECTING' ? undefined : this.#login;
  }

  async login(given: LoginOptions): Promise<void> {
    const { uid, token } = this.#checked(given);
    const options = this.#parts.options();
    if (options === undefined) throw this.#error('LOGIN_ERR_INVALID_ARGUMENT', NO_SERVER);
    const login = this.#begin(uid, token, options);
    this.#enter('CONNECTING', 'LOGIN');
    try {
      await login.client.connect();
    } catch (error) {
      if (this.#login !== login) {
        throw this.#error('LOGIN_ERR_ABORTED_BY_LOGOUT', 'logout() was called.');
      }
      throw this.#refused(login, token, error);
    }
  }

  async logout(): Promise<void> {
    const login = this.#login;
    if (login === undefined && this.#state === 'DISCONNECTED') {
      throw this.#error('LOGOUT_ERR_USER_NOT_LOGGED_IN', 'Nobody is logged in.');
    }
    this.#interruption?.cancel();
    // What is said now leaves before the goodbye.
    if (login !== undefined) this.#events.ended('logged-out');
    this.#login = undefined;
    login?.end();
    this.#enter('DISCONNECTED', 'LOGOUT');
  }

  async renewToken(token: unknown): Promise<void> {
    const login = this.standing;
    const { dialect } = this.#parts;
    if (login === undefined) throw this.#error(RENEW_TOKEN.notLoggedIn, 'Log in first.');
    if (typeof token !== 'string' || token === '') {
      throw this.#error(RENEW_TOKEN.invalid, 'The token must be a string that is not empty.');
    }
    const { user = login.uid } = claimsOf(token);
    if (user !== login.uid) {
      throw this.#error('RENEW_TOKEN_ERR_INVALID_TOKEN', `It is a token of ${user}.`);
    }
    if (!this.#renewals.take()) {
      const words = `At most ${MAX_LOGINS_PER_SECOND} in a second.`;
      throw this.#error('RENEW_TOKEN_ERR_TOO_OFTEN', words);
    }
    try {
      await login.renew(token);
      this.#isExpiryTold = false;
    } catch (error) {
      throw vendorError(dialect.codes, RENEW_TOKEN, error);
    }
  }

  #checked(given: LoginOptions): { readonly uid: UserId; readonly token: string } {
    const { uid, token } = (given as Partial<LoginOptions> | undefined) ?? {};
    const flaw = flawOfUid(uid);
    if (flaw !== undefined || uid === undefined) {
      throw this.#error('LOGIN_ERR_INVALID_ARGUMENT', `uid ${flaw}.`);
    }
    if (this.#login !== undefined) {
      throw this.#error('LOGIN_ERR_ALREADY_LOGIN', 'Log out first.');
    }
    if (!token && this.#parts.tokenFor === undefined) {
      throw this.#error('LOGIN_ERR_INVALID_TOKEN', NO_TOKEN);
    }
    const { user = uid } = claimsOf(token ?? '');
    if (user !== uid) throw this.#error('LOGIN_ERR_INVALID_TOKEN', `It is a token of ${user}.`);
    if (!this.#logins.take()) {
      const words = `At most ${MAX_LOGINS_PER_SECOND} in a second.`;
      throw this.#error('LOGIN_ERR_TOO_OFTEN', words);
    }
    return { uid, token: token ?? '' };
  }

  #begin(
    uid: UserId,
    token: string,
    options: Omit<ClientOptions, 'token' | 'tokenProvider'>,
  ): Login {
    const { clock, tokenFor, extension, dialect } = this.#parts;
    this.#isExpiryTold = false;
    const connectTimeoutMs = dialect.loginTimeoutMs;
    const login: Login = new Login(
      { uid, token, tokenFor, clock, extension, options: { ...options, connectTimeoutMs } },
      {
        welcomed: (welcome) => this.#events.welcomed(welcome),
        connectionChanged: (change) => {
          if (this.#login === login) this.#changed(login, change);
        },
        tokenEnds: () => this.#events.tokenWillExpire(),
        tokenEnded: () => {
          if (dialect.tellsExpiryAtOnce) this.#tellExpiry();
        },
        tokenMissed: () => this.#missToken(),
      },
    );
    this.#login = login;
    this.#events.began(login);
    return login;
  }

  #changed(login: Login, { state, error }: ConnectionChange): void {
    switch (state) {
      case 'connecting':
        return;
      case 'connected':
        this.#interruption?.cancel();
        // The client's promise is rejected by this, and the login with it.
        if (login.client.user !== login.uid) return login.end();
        if (this.#state !== 'CONNECTED') this.#enter('CONNECTED', 'LOGIN_SUCCESS');
        return;
      case 'reconnecting': {
        this.#events.interrupted();
        const interrupt = () => this.#enter('RECONNECTING', 'INTERRUPTED');
        if (login.wasSilent) return interrupt();
        this.#interruption = this.#parts.clock.after(INTERRUPTED_AFTER_MS, interrupt);
        return;
      }
      case 'disconnected':
        if (this.#state !== 'CONNECTING') this.#turnAway(error);
        return;
    }
  }

  #turnAway(error: RinglineError | undefined): void {
    this.#login = undefined;
    this.#interruption?.cancel();
    this.#events.ended('turned-away');
    if (error?.code === 'replaced') this.#enter(this.#parts.dialect.replacedState, 'REMOTE_LOGIN');
    else this.#enter('ABORTED', 'BANNED_BY_SERVER');
  }

  /** The first connection did not come about. */
  #refused(login: Login, token: string, error: unknown): RtmError {
    const isOther = login.client.user !== undefined && login.client.user !== login.uid;
    const code = isOther ? 'unauthorized' : error instanceof RinglineError ? error.code : undefined;
    this.#login = undefined;
    this.#enter('DISCONNECTED', code === 'timeout' ? 'LOGIN_TIMEOUT' : 'LOGIN_FAILURE');
    const words = error instanceof Error ? error.message : String(error);
    if (code === 'timeout') return this.#error('LOGIN_ERR_TIMEOUT', words);
    if (code === 'not-permitted') return this.#error('LOGIN_ERR_NOT_AUTHORIZED', words);
    if (code !== 'unauthorized') return this.#error('LOGIN_ERR_UNKNOWN', words);
    if (isOther) {
      return this.#error('LOGIN_ERR_INVALID_TOKEN', `It is a token of ${login.client.user}.`);
    }
    const { expiresAt = Infinity } = claimsOf(token);
    const isExpired = expiresAt <= this.#parts.clock.now();
    return this.#error(isExpired ? 'LOGIN_ERR_TOKEN_EXPIRED' : 'LOGIN_ERR_INVALID_TOKEN', words);
  }

  #missToken(): void {
    this.#interruption?.cancel();
    if (this.#state === 'CONNECTED') {
      this.#enter('RECONNECTING', this.#parts.dialect.expiredReason);
    }
    this.#tellExpiry();
  }

  #tellExpiry(): void {
    if (this.#isExpiryTold) return;
    this.#isExpiryTold = true;
    this.#events.tokenExpired();
  }

  #enter(state: ConnectionState, reason: ConnectionChangeReason): void {
    this.#state = state;
    this.#events.changed(state, reason);
  }

  #error(name: CodeName, words: string): RtmError {
    return new RtmError(this.#parts.dialect.codes, name, words);
  }
}

const NO_SERVER =
  'Say where the Ringline server is: createInstance(appId, { ringline: { url } }), or setServer(url).';
const NO_TOKEN =
  'Ringline needs a token that its secret has signed for this uid: give it here, or by `ringline: { tokenFor }`.';
