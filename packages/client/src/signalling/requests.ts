import type { AnswerVoice, DeviceRequest, Reply, SendSignal, StopVoice } from '@ringline/protocol';
import { KEPT_RESULTS } from '@ringline/protocol';
import { RinglineError, clientError, hasCode } from '../errors.ts';
import type { AbortSignalLike, Clock } from '../ports.ts';
import { REQUEST_TIMEOUT_MS, RETRY_MS } from '../timing.ts';

type WithoutSeq<Message> = Message extends unknown ? Omit<Message, 'seq'> : never;

/** A request before it has its number. */
export type RequestBody = WithoutSeq<Exclude<DeviceRequest, Unanswered>>;
/** What is answered only when it is refused. */
type Unanswered = SendSignal | AnswerVoice | StopVoice;
/** What a request is answered with unless it is refused. */
export type Answer = Exclude<Reply, { readonly type: 'refused' }>;

interface Answers {
  readonly invite: 'invited';
  readonly send: 'sent';
  readonly history: 'history-page';
  readonly 'query-presence': 'presence-found';
  readonly 'renew-ice': 'ice-renewed';
  readonly 'rtm-send': 'rtm-sent';
  readonly 'rtm-get-attributes': 'rtm-attributes-found';
  readonly 'rtm-members': 'rtm-members-found';
  readonly 'rtm-count': 'rtm-counted';
}

/** What a request is answered with unless it is refused. */
export type AnswerTo<Body extends RequestBody> = Extract<
  Answer,
  { readonly type: Body['type'] extends keyof Answers ? Answers[Body['type']] : 'done' }
>;

/** How a request is made. */
export interface RequestOptions {
  /** Milliseconds until it is given up with `timeout`; `Infinity` for what must be said. */
  readonly timeoutMs?: number;
  /** Aborted, it is not sent any more and rejects with the reason; what was sent may be done all the same. */
  readonly signal?: AbortSignalLike | undefined;
  /** False: the server keeps no result of it, because it only reads or waits for a peer; it is sent however many are on their way. */
  readonly isKept?: boolean | undefined;
}

/** How something is said again. */
export interface InsistOptions {
  /** Milliseconds until an answer that does not come is given up with `timeout`. */
  readonly timeoutMs?: number;
  /** Milliseconds within which it is said again; then it rejects with the refusal. */
  readonly withinMs?: number;
  /** As of a request: false for what the server keeps no result of. */
  readonly isKept?: boolean;
}

/** With this rejects what the server has not done and nobody wants any more: it is not said to it. */
const UNWANTED = Symbol();

interface Pending {
  /** Undefined until it is sent for the first time. */
  seq: number | undefined;
  readonly isKept: boolean;
  readonly isWanted: () => boolean;
  readonly build: () => RequestBody;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: RinglineError | typeof UNWANTED) => void;
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
  request<Body extends RequestBody>(
    build: () => Body,
    options: RequestOptions = {},
  ): Promise<AnswerTo<Body>> {
    return this.#ask(build, options, always);
  }

  /**
   * Says it again while the server cannot do it just now, or has lost sight of the number; only for what
   * may be done twice. Resolves with the answer, or with false when it was wanted no more before it was
   * done: then what waits for a connection is not said any more. Rejects with every other refusal.
   */
  async insist(
    build: () => RequestBody,
    isWanted: () => boolean,
    { timeoutMs = Infinity, withinMs = Infinity, isKept = true }: InsistOptions = {},
  ): Promise<Answer | false> {
    const until = this.#clock.now() + withinMs;
    while (isWanted()) {
      try {
        return await this.#ask(build, { timeoutMs, isKept }, isWanted);
      } catch (error) {
        if (error === UNWANTED) return false;
        if (!hasCode(error, 'unavailable', 'rate-limited', 'internal', 'stale')) throw error;
        const ms = error.retryAfterMs ?? RETRY_MS;
        if (this.#clock.now() + ms > until) throw error;
        await new Promise<void>((resolve) => void this.#clock.after(ms, resolve));
      }
    }
    return false;
  }

  /** Sends what nobody answers if there is a connection: whoever made it sends it again if it is lost. */
  tell(word: WithoutSeq<Unanswered>): void {
    this.#send?.({ ...word, seq: ++this.#lastSeq });
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
    const isUndone = ({ seq = Infinity }: Pending) => seq > lastSeq;
    const vain = this.#pending.filter((each) => isUndone(each) && !each.isWanted());
    for (const pending of vain) this.#forgo(pending);
    this.#send = send;
    for (const pending of this.#pending) this.#transmit(pending);
  }

  /** The connection is gone. */
  pause(): void {
    this.#send = undefined;
  }

  /** Nothing will be answered any more. */
  abandon(error: RinglineError): void {
    for (const { reject } of this.#pending.splice(0)) reject(error);
  }

  #transmit(pending: Pending): void {
    if (this.#send === undefined) return;
    // The server keeps so many results: with more on their way one could be done, lost, and no more known.
    const { length } = this.#pending.filter(({ seq, isKept }) => isKept && seq !== undefined);
    if (pending.isKept && pending.seq === undefined && length >= KEPT_RESULTS) return;
    if (pending.seq === undefined && !pending.isWanted()) return this.#forgo(pending);
    pending.seq ??= ++this.#lastSeq;
    this.#send({ ...pending.build(), seq: pending.seq });
  }

  #ask<Body extends RequestBody>(
    build: () => Body,
    { timeoutMs = REQUEST_TIMEOUT_MS, signal, isKept = true }: RequestOptions,
    isWanted: () => boolean,
  ): Promise<AnswerTo<Body>> {
    let letGo = () => {};
    const answer = new Promise<AnswerTo<Body>>((resolve, reject) => {
      // The server is trusted to answer what it was asked: the SDK carries no schemas.
      const resolved = resolve as (answer: Answer) => void;
      const pending: Pending = {
        seq: undefined,
        isKept,
        isWanted,
        build,
        resolve: resolved,
        reject,
      };
      const giveUp = (why: unknown) => {
        this.#drop(pending);
        reject(why);
      };
      const abort = () => giveUp(signal?.reason);
      const late = () => giveUp(clientError('timeout'));
      const timer = timeoutMs === Infinity ? undefined : this.#clock.after(timeoutMs, late);
      signal?.addEventListener('abort', abort);
      // One signal may serve a page for all its requests.
      letGo = () => {
        timer?.cancel();
        signal?.removeEventListener('abort', abort);
      };
      this.#pending.push(pending);
      this.#transmit(pending);
    });
    answer.then(letGo, letGo);
    return answer;
  }

  #forgo(pending: Pending): void {
    this.#drop(pending);
    pending.reject(UNWANTED);
  }

  #drop(pending: Pending): void {
    this.#pending = this.#pending.filter((each) => each !== pending);
    const next = this.#pending.find(({ seq }) => seq === undefined);
    if (next) this.#transmit(next);
  }
}

function always(): boolean {
  return true;
}
