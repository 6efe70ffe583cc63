import type { DeviceRequest, Reply, SendSignal } from '@ringline/protocol';
import { KEPT_RESULTS } from '@ringline/protocol';
import { RinglineError, clientError } from '../errors.ts';
import type { Clock, Timer } from '../ports.ts';
import { REQUEST_TIMEOUT_MS } from '../timing.ts';

type WithoutSeq<Message> = Message extends unknown ? Omit<Message, 'seq'> : never;

/** A request before it has its number. */
export type RequestBody = WithoutSeq<Exclude<DeviceRequest, SendSignal>>;
/** A signal before it has its number. */
export type SignalBody = WithoutSeq<SendSignal>;
/** An answer that is no refusal. */
export type Answer = Exclude<Reply, { readonly type: 'refused' }>;

/** How a request is made. */
export interface RequestOptions {
  /** Milliseconds until it is given up with `timeout`; `Infinity` for what must be said. */
  readonly timeoutMs?: number;
}

interface Pending {
  /** Undefined until it is sent for the first time. */
  seq: number | undefined;
  readonly build: () => RequestBody;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: RinglineError) => void;
  readonly timer: Timer | undefined;
}

/**
 * Numbers requests, matches their answers, and sends those without an answer again after a
 * reconnect: in order and with the same number, so that the server does none of them twice.
 */
export class Requests {
  readonly #clock: Clock;
  #lastSeq = 0;
  #pending: Pending[] = [];
  #send: ((message: DeviceRequest) => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves with the answer; rejects with the refusal, or with `timeout`. */
  request(
    build: () => RequestBody,
    { timeoutMs = REQUEST_TIMEOUT_MS }: RequestOptions = {},
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const giveUp = () => {
        this.#drop(pending);
        reject(clientError('timeout'));
      };
      const timer = timeoutMs === Infinity ? undefined : this.#clock.after(timeoutMs, giveUp);
      const pending: Pending = { seq: undefined, build, resolve, reject, timer };
      this.#pending.push(pending);
      this.#transmit(pending);
    });
  }

  /** Sends a signal if there is a connection: a lost one is sent again by who made it. */
  tell(signal: SignalBody): void {
    this.#send?.({ ...signal, seq: ++this.#lastSeq });
  }

  /** An answer came. */
  receive(reply: Reply): void {
    const pending = this.#pending.find(({ seq }) => seq === reply.re);
    if (pending === undefined) return;
    this.#drop(pending);
    if (reply.type !== 'refused') return pending.resolve(reply);
    const { code, message, ...details } = reply;
    pending.reject(new RinglineError(code, message, details));
  }

  /** There is a connection: the server has done every number up to `lastSeq`. */
  resume(lastSeq: number, send: (message: DeviceRequest) => void): void {
    this.#lastSeq = Math.max(this.#lastSeq, lastSeq);
    this.#send = send;
    for (const pending of this.#pending) this.#transmit(pending);
  }

  /** The connection is gone. */
  pause(): void {
    this.#send = undefined;
  }

  /** Nothing will be answered any more. */
  abandon(error: RinglineError): void {
    const pending = this.#pending;
    this.#pending = [];
    for (const { timer, reject } of pending) {
      timer?.cancel();
      reject(error);
    }
  }

  #transmit(pending: Pending): void {
    if (this.#send === undefined) return;
    if (pending.seq === undefined && this.#onTheirWay() >= KEPT_RESULTS) return;
    pending.seq ??= ++this.#lastSeq;
    this.#send({ ...pending.build(), seq: pending.seq });
  }

  #drop(pending: Pending): void {
    pending.timer?.cancel();
    this.#pending = this.#pending.filter((each) => each !== pending);
    const next = this.#pending.find(({ seq }) => seq === undefined);
    if (next) this.#transmit(next);
  }

  /** The server keeps so many results: with more on their way one could be done, lost, and no more known. */
  #onTheirWay(): number {
    return this.#pending.filter(({ seq }) => seq !== undefined).length;
  }
}
