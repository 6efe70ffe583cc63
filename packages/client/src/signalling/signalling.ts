import type {
  DeviceId,
  Hello,
  Leaving,
  Reply,
  ServerMessage,
  UserId,
  Welcome,
} from '@ringline/protocol';
import { CLOSE, PROTOCOL_VERSIONS, reconnectsAfter } from '@ringline/protocol';
import type { RinglineError } from '../errors.ts';
import { clientError } from '../errors.ts';
import type { Ports, Timer } from '../ports.ts';
import { ALIVE_TIMEOUT_MS, FIRST_CONNECT_TIMEOUT_MS, PROBE_TIMEOUT_MS } from '../timing.ts';
import { pauseBefore } from './back-off.ts';
import { errorOfClose } from './close-errors.ts';
import { Link } from './link.ts';
import { Renewal } from './renewal.ts';
import { Requests } from './requests.ts';
import { watchSleep } from './sleep-watch.ts';
import type { Tokens } from './tokens.ts';

/*
 *  disconnected ──connect()──▶ connecting ──welcome──▶ connected ──lost──▶ reconnecting
 *       ▲                          │                       ▲                    │
 *       └── disconnect(), turned away for good             └──────welcome───────┘
 */

/** Where the client stands with the server. */
export type ConnectionState = 'disconnected' | 'connecting' | 'connected' | 'reconnecting';

/** A new connection state; `error` says why the server turned this device away for good. */
export interface ConnectionChange {
  readonly state: ConnectionState;
  readonly error?: RinglineError;
}

/** What the server says beside welcomes and answers. */
export type Told = Exclude<ServerMessage, Welcome | Reply | Leaving>;

/** What signalling asks of the calls and the inbox, and tells them. */
export interface SignallingEvents {
  heldCalls(): Hello['calls'];
  cursor(): number | undefined;
  welcomed(welcome: Welcome): void;
  /** What was not answered has been sent again: now anything else may be said. */
  resumed(): void;
  received(message: Told): void;
  /** This device is on another network than before. */
  networkChanged(): void;
  changed(change: ConnectionChange): void;
}

/** What signalling is made of. */
export interface SignallingParts {
  readonly ports: Ports;
  readonly url: string;
  readonly device: DeviceId;
  readonly tokens: Tokens;
  readonly firstConnectTimeoutMs?: number;
}

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (error: RinglineError) => void;
}

/** Rate limits need a longer pause than a lost network does. */
const RATE_LIMITED_ATTEMPT = 4;

/** Keeps a connection to the server: opens, resumes, and comes back until told to stop. */
export class Signalling {
  readonly requests: Requests;
  readonly #parts: SignallingParts;
  readonly #ports: Ports;
  readonly #events: SignallingEvents;
  readonly #renewal: Renewal;
  #state: ConnectionState = 'disconnected';
  #user: UserId | undefined;
  #resumeKey: string | undefined;
  #link: Link | undefined;
  #waiters: Waiter[] = [];
  #attempt = 0;
  #round = 0;
  #retry: Timer | undefined;
  #giveUp: Timer | undefined;
  #leaveBy: number | undefined;
  #isTokenDoubted = false;
  #lastFault: unknown;
  #stopListening: () => void = () => {};

  constructor(parts: SignallingParts, events: SignallingEvents) {
    this.#parts = parts;
    this.#ports = parts.ports;
    this.#events = events;
    this.requests = new Requests(parts.ports.clock);
    this.#renewal = new Renewal(parts.ports.clock, parts.tokens, this.requests);
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** Who the server says this is; undefined before the first welcome. */
  get user(): UserId | undefined {
    return this.#user;
  }

  /** Resolves with the next welcome; rejects when the server turns this device away, or in vain. */
  connect(): Promise<void> {
    if (this.#state === 'connected') return Promise.resolve();
    const welcome = new Promise<void>((resolve, reject) => {
      this.#waiters.push({ resolve, reject });
    });
    if (this.#state === 'disconnected') this.#start();
    return welcome;
  }

  /** Closes the connection for good; every open request is rejected with `not-connected`. */
  disconnect(): void {
    this.#stop();
  }

  /** Says that every inbox item up to the cursor has come. */
  acknowledge(cursor: number): void {
    if (this.#state === 'connected') this.#link?.send({ type: 'acknowledge', cursor });
  }

  /** Says hello again, because something was lost on the way. */
  resync(): void {
    this.#link?.fail();
  }

  #start(): void {
    const { firstConnectTimeoutMs = FIRST_CONNECT_TIMEOUT_MS } = this.#parts;
    this.#attempt = 0;
    this.#listen();
    if (firstConnectTimeoutMs !== Infinity) {
      const giveUp = () => this.#stop(clientError('timeout', this.#lastFault));
      this.#giveUp = this.#ports.clock.after(firstConnectTimeoutMs, giveUp);
    }
    this.#enter('connecting');
    this.#open();
  }

  #listen(): void {
    const { clock, onWake, onNetworkChange } = this.#ports;
    const stopWaking = onWake(() => this.#wake(ALIVE_TIMEOUT_MS));
    const stopTicking = watchSleep(clock, () => this.#wake(PROBE_TIMEOUT_MS));
    const stopWatching = onNetworkChange(() => {
      // A socket of the old network is dead, and nobody says so.
      this.#wake(PROBE_TIMEOUT_MS);
      this.#events.networkChanged();
    });
    this.#stopListening = () => {
      stopWaking();
      stopTicking();
      stopWatching();
    };
  }

  #open(): void {
    const round = ++this.#round;
    this.#retry = undefined;
    this.#parts.tokens.current().then(
      (token) => {
        if (round === this.#round) this.#openLink(token);
      },
      (fault: unknown) => {
        if (round === this.#round) this.#failToOpen(fault);
      },
    );
  }

  #openLink(token: string): void {
    const { url } = this.#parts;
    const { clock, openSocket } = this.#ports;
    try {
      this.#link = new Link(
        { clock, openSocket, url },
        {
          hello: () => this.#hello(token),
          heldCalls: () => this.#events.heldCalls(),
          welcomed: (welcome) => this.#welcomed(welcome),
          received: (message) => this.#receive(message),
          closed: (code) => this.#closed(code),
        },
      );
    } catch (fault) {
      this.#failToOpen(fault);
    }
  }

  #failToOpen(fault: unknown): void {
    this.#lastFault = fault;
    this.#comeBack();
  }

  #hello(token: string): Hello {
    const cursor = this.#events.cursor();
    return {
      type: 'hello',
      versions: PROTOCOL_VERSIONS,
      token,
      device: this.#parts.device,
      ...(this.#resumeKey !== undefined && { resumeKey: this.#resumeKey }),
      calls: this.#events.heldCalls(),
      ...(cursor !== undefined && { cursor }),
    };
  }

  #welcomed(welcome: Welcome): void {
    const link = this.#link;
    if (link === undefined) return;
    this.#attempt = 0;
    this.#isTokenDoubted = false;
    this.#leaveBy = undefined;
    this.#giveUp?.cancel();
    this.#user = welcome.user;
    this.#resumeKey = welcome.resumeKey;
    this.#parts.tokens.learnLife(welcome.tokenExpiresMs);
    this.#renewal.schedule(welcome.tokenExpiresMs);
    this.#events.welcomed(welcome);
    this.requests.resume(welcome.lastSeq, (message) => link.send(message));
    this.#events.resumed();
    this.#enter('connected');
    for (const { resolve } of this.#takeWaiters()) resolve();
  }

  #receive(message: ServerMessage): void {
    switch (message.type) {
      case 'done':
      case 'invited':
      case 'sent':
      case 'history-page':
      case 'ice-renewed':
      case 'refused':
        return this.requests.receive(message);
      case 'leaving':
        return this.#leave(message.afterMs);
      case 'welcome':
        return;
      case 'call':
      case 'inbox':
      case 'signal':
      case 'presence':
      case 'alive':
        return this.#events.received(message);
    }
  }

  /** The server goes away: it asks its devices to come back spread over time, perhaps elsewhere. */
  #leave(afterMs: number): void {
    this.#leaveBy = this.#ports.clock.now() + afterMs;
    this.#retry?.cancel();
    this.#retry = this.#ports.clock.after(afterMs, () => {
      this.#link?.close();
      this.#cutOff();
      this.#enter('reconnecting');
      this.#open();
    });
  }

  #closed(code: number): void {
    this.#cutOff();
    const isUnauthorized = code === CLOSE.unauthorized.code;
    if (isUnauthorized && this.#parts.tokens.areRenewable && !this.#isTokenDoubted) {
      this.#isTokenDoubted = true;
      this.#parts.tokens.discard();
    } else if (!reconnectsAfter(code)) {
      return this.#stop(errorOfClose(code));
    }
    if (code === CLOSE.rateLimited.code) {
      this.#attempt = Math.max(this.#attempt, RATE_LIMITED_ATTEMPT);
    }
    this.#comeBack();
  }

  #comeBack(): void {
    const { clock, randomness } = this.#ports;
    const inCall = this.#events.heldCalls().length > 0;
    const pause = pauseBefore(this.#attempt++, inCall, randomness);
    const asked = this.#leaveBy === undefined ? 0 : this.#leaveBy - clock.now();
    this.#retry?.cancel();
    this.#retry = clock.after(Math.max(pause, asked), () => this.#open());
    if (this.#state === 'connected') this.#enter('reconnecting');
  }

  #wake(patienceMs: number): void {
    if (this.#link !== undefined) return this.#link.probe(patienceMs);
    if (this.#retry === undefined) return;
    this.#retry.cancel();
    this.#open();
  }

  /** Without an error when the app asked for it. */
  #stop(error?: RinglineError): void {
    if (this.#state === 'disconnected') return;
    const why = error ?? clientError('not-connected');
    this.#round++;
    this.#link?.close();
    this.#cutOff();
    this.#retry?.cancel();
    this.#giveUp?.cancel();
    this.#stopListening();
    this.requests.abandon(why);
    this.#enter('disconnected', error);
    for (const { reject } of this.#takeWaiters()) reject(why);
  }

  #cutOff(): void {
    this.#link = undefined;
    this.#renewal.cancel();
    this.requests.pause();
  }

  #takeWaiters(): Waiter[] {
    const waiters = this.#waiters;
    this.#waiters = [];
    return waiters;
  }

  #enter(state: ConnectionState, error?: RinglineError): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#events.changed({ state, ...(error !== undefined && { error }) });
  }
}
