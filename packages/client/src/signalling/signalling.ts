import type {
  Acknowledge,
  DeviceId,
  Heartbeat,
  Hello,
  Leaving,
  Reply,
  RtmGot,
  ServerMessage,
  UserId,
  Welcome,
} from '@ringline/protocol';
import {
  BACK_SOON_CLOSE,
  FINAL_CLOSE,
  LEAVING_CLOSE,
  PROTOCOL_VERSIONS,
  RATE_LIMITED_CLOSE,
} from '@ringline/protocol';
import { defined } from '../defined.ts';
import type { RinglineError } from '../errors.ts';
import { clientError } from '../errors.ts';
import type { Ports, Timer } from '../ports.ts';
import {
  ALIVE_TIMEOUT_MS,
  FIRST_CONNECT_TIMEOUT_MS,
  LASTED_MS,
  PROBE_TIMEOUT_MS,
} from '../timing.ts';
import { pauseBefore } from './back-off.ts';
import { errorOfClose } from './close-errors.ts';
import { GOODBYE, Link } from './link.ts';
import { Renewal } from './renewal.ts';
import { Requests } from './requests.ts';
import { ServerTime } from './server-time.ts';
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
  /** What else a hello says. */
  wishes(): Pick<Hello, 'cursor' | 'cursorId' | 'revision' | 'callWaiting' | 'language' | 'rtm'>;
  /** What a heartbeat says beside the calls. */
  beat(): Pick<Heartbeat, 'rtm'>;
  welcomed(welcome: Welcome): void;
  /** What was not answered has been sent again, or a new token was taken: now anything else may be said. */
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
  readonly connectTimeoutMs: number | undefined;
}

/** Rate limits need a longer pause than a lost network does: they count as so many attempts in vain. */
const RATE_LIMITED_ATTEMPTS = 4;

/** Keeps a connection to the server: opens, resumes, and comes back until told to stop. */
export class Signalling {
  readonly requests: Requests;
  readonly renewal: Renewal;
  readonly #parts: SignallingParts;
  readonly #ports: Ports;
  readonly #events: SignallingEvents;
  #state: ConnectionState = 'disconnected';
  #user: UserId | undefined;
  #resumeKey: string | undefined;
  #link: Link | undefined;
  /** To another server, while the one that leaves still serves; it takes the place of `#link` with its welcome. */
  #successor: Link | undefined;
  /** It has said hello, so what comes from its inbox comes over the successor, and once. */
  #isHandingOver = false;
  /** A successor has said hello since the last welcome: in its favour this device may be `replaced`, by nobody else. */
  #isElsewhere = false;
  /** Settle the promises of `connect`: rejected with an error, if there is one. */
  readonly #waiters: ((error?: RinglineError) => void)[] = [];
  #attempt = 0;
  /** The loss of a connection counts as the first from this instant on. */
  #lastsAt = 0;
  #round = 0;
  #retry: Timer | undefined;
  /** The close code for which there is the pause that is under way; 0 where there is none. */
  #pausedBy: number | undefined = 0;
  #giveUp: Timer | undefined;
  readonly #serverTime: ServerTime;
  #lastFault: unknown;
  /** Each stops one. */
  #listeners: (() => void)[] = [];

  constructor(parts: SignallingParts, events: SignallingEvents) {
    this.#parts = parts;
    this.#ports = parts.ports;
    this.#events = events;
    this.#serverTime = new ServerTime(parts.ports.clock);
    this.requests = new Requests(parts.ports.clock);
    this.renewal = new Renewal(parts.ports.clock, parts.tokens, this.requests, () =>
      events.resumed(),
    );
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
      this.#waiters.push((error) => (error ? reject(error) : resolve()));
    });
    if (this.#state === 'disconnected') this.#start();
    return welcome;
  }

  /** Says what is not answered and not said again. */
  say(message: Acknowledge | RtmGot): void {
    if (this.#state === 'connected') this.#link?.send(message);
  }

  /** Says hello again, because something was lost on the way. */
  resync(): void {
    this.#link?.fail();
  }

  #start(): void {
    const { connectTimeoutMs = FIRST_CONNECT_TIMEOUT_MS } = this.#parts;
    this.#attempt = 0;
    this.#listen();
    if (connectTimeoutMs !== Infinity) {
      const giveUp = () => this.disconnect(clientError('timeout', this.#lastFault));
      this.#giveUp = this.#ports.clock.after(connectTimeoutMs, giveUp);
    }
    void this.#open();
    // The last: an app may disconnect when it is told.
    this.#enter('connecting');
  }

  #listen(): void {
    const { clock, onWake, onNetworkChange } = this.#ports;
    this.#listeners = [
      onWake(() => this.#wake(ALIVE_TIMEOUT_MS)),
      watchSleep(clock, () => this.#wake(PROBE_TIMEOUT_MS)),
      onNetworkChange(() => {
        // A socket of the old network is dead, and nobody says so.
        this.#wake(PROBE_TIMEOUT_MS);
        this.#events.networkChanged();
      }),
    ];
  }

  async #open(): Promise<void> {
    this.#stay();
    const round = this.#round;
    try {
      const token = await this.#parts.tokens.current();
      if (round === this.#round) this.#begin(token);
    } catch (fault) {
      if (round !== this.#round) return;
      this.#lastFault = fault;
      this.#comeBack();
    }
  }

  #begin(token: string): void {
    const link: Link = new Link(
      { ...this.#ports, url: this.#parts.url, serverTime: this.#serverTime },
      {
        ...this.#events,
        hello: () => {
          this.#isHandingOver = link === this.#successor;
          this.#isElsewhere ||= this.#isHandingOver;
          return this.#hello(token);
        },
        welcomed: (welcome) => this.#welcomed(link, welcome),
        received: (message) => this.#receive(message),
        closed: (code) => this.#closed(link, code),
      },
    );
    this.#successor?.close(BACK_SOON_CLOSE);
    if (this.#link) this.#successor = link;
    else this.#link = link;
  }

  #hello(token: string): Hello {
    return {
      type: 'hello',
      versions: PROTOCOL_VERSIONS,
      token,
      device: this.#parts.device,
      calls: this.#events.heldCalls(),
      ...defined({ resumeKey: this.#resumeKey }),
      ...this.#events.wishes(),
    };
  }

  #welcomed(link: Link, welcome: Welcome): void {
    if (link === this.#successor) this.#moveTo(link);
    this.#stay();
    this.#lastsAt = this.#ports.clock.now() + LASTED_MS;
    this.#isElsewhere = false;
    this.#giveUp?.cancel();
    this.#user = welcome.user;
    this.#resumeKey = welcome.resumeKey;
    this.renewal.taken(welcome.tokenExpiresMs);
    this.#events.welcomed(welcome);
    // An app may disconnect at what it was told, as when its last call has ended.
    if (this.#link !== link) return;
    this.requests.resume(welcome.lastSeq, (message) => link.send(message));
    this.#events.resumed();
    this.#enter('connected');
    this.#settle();
  }

  /** What was not answered over the former link is said again over this one. */
  #moveTo(link: Link): void {
    this.#link?.close(BACK_SOON_CLOSE);
    this.#cutOff();
    this.#link = link;
  }

  #receive(message: Told | Reply | Leaving): void {
    if ('re' in message) {
      // The older server knows of the successor: it has not done what is `stale`, and that one is asked.
      const isLeft = this.#isHandingOver && message.type === 'refused' && message.code === 'stale';
      return isLeft ? undefined : this.requests.receive(message);
    }
    if (message.type === 'leaving') {
      // The server goes away, and asks its devices to go elsewhere, spread over time. This one says hello there first,
      // so that nobody sees it lost, and then leaves. That it was served for a moment only is no sign of illness.
      this.#lastsAt = 0;
      return this.#openAfter(message.afterMs, LEAVING_CLOSE);
    }
    const { type } = message;
    if (this.#isHandingOver && (type === 'inbox' || type === 'conversations')) return;
    this.#events.received(message);
  }

  #closed(link: Link, code: number): void {
    const successor = this.#successor;
    if (link === successor) {
      this.#successor = undefined;
      this.#isHandingOver = false;
    } else {
      this.#cutOff();
      // What other servers refused meanwhile does not put off looking for one.
      if (this.#state === 'connected' && this.#ports.clock.now() >= this.#lastsAt)
        this.#attempt = 0;
      // Its server is gone, or knows already of the successor, in whose favour this one is `replaced`.
      this.#link = successor;
      if (successor) {
        this.#stay();
        return code === FINAL_CLOSE.replaced ? undefined : this.#enter('reconnecting');
      }
    }
    const isOwnDoing = code === FINAL_CLOSE.replaced && this.#isElsewhere;
    const error = isOwnDoing ? undefined : errorOfClose(code);
    const isMended = error?.code === 'unauthorized' && this.#parts.tokens.discard();
    if (error !== undefined && !isMended) return this.disconnect(error);
    this.#comeBack(code);
  }

  #comeBack(code?: number): void {
    if (code === RATE_LIMITED_CLOSE) this.#attempt += RATE_LIMITED_ATTEMPTS;
    const inCall = this.#events.heldCalls().length > 0;
    const pause = pauseBefore(this.#attempt++, inCall, this.#ports.randomness);
    // Who is in no call keeps the time that a server has named which closes in good order.
    if (inCall || code !== LEAVING_CLOSE || this.#pausedBy !== code) this.#openAfter(pause, code);
    if (this.#state === 'connected' && !this.#link) this.#enter('reconnecting');
  }

  #wake(patienceMs: number): void {
    if (this.#link) this.#link.probe(patienceMs);
    else this.#openAfter(0);
  }

  /** Opens a socket after this pause, instead of what was planned; but the pause of a server that was asked too often stands. */
  #openAfter(ms: number, code?: number): void {
    if (this.#pausedBy === RATE_LIMITED_CLOSE) return;
    this.#stay();
    this.#pausedBy = code;
    this.#retry = this.#ports.clock.after(ms, () => void this.#open());
  }

  /** Opens no other socket: what was planned is off, and a token that is on its way is not for one. */
  #stay(): void {
    this.#retry?.cancel();
    this.#round++;
    this.#pausedBy = 0;
  }

  /** Closes the connection for good, without an error when the app asked for it; open requests are rejected. */
  disconnect(error?: RinglineError): void {
    if (this.#state === 'disconnected') return;
    const why = error ?? clientError('not-connected');
    this.#stay();
    this.#link?.close(GOODBYE);
    this.#successor?.close(GOODBYE);
    this.#cutOff();
    this.#giveUp?.cancel();
    for (const stop of this.#listeners) stop();
    this.requests.abandon(why);
    this.#settle(why);
    // The last: an app may connect again when it is told.
    this.#enter('disconnected', error);
  }

  #cutOff(): void {
    this.#link = this.#successor = undefined;
    this.#isHandingOver = false;
    this.renewal.cancel();
    this.requests.pause();
  }

  #settle(error?: RinglineError): void {
    for (const settle of this.#waiters.splice(0)) settle(error);
  }

  #enter(state: ConnectionState, error?: RinglineError): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#events.changed({ state, ...defined({ error }) });
  }
}
