import type {
  Alive,
  CloseName,
  DeviceMessage,
  Heartbeat as HeartbeatMessage,
  Hello,
  Refusal,
  ServerMessage,
} from '@ringline/protocol';
import {
  BYTES_PER_MESSAGE,
  CLOSE,
  CLOSE_MEANINGS,
  DEVICE_BURST,
  DEVICE_MESSAGES_PER_SECOND,
  HELLO_TIMEOUT_MS,
  MAX_QUEUED_BYTES,
  MAX_WAITING_MESSAGES,
  PING_IDLE_MS,
  PING_IN_CALL_MS,
  PING_RTM_MS,
  RTM_DEVICE_BURST,
  RTM_DEVICE_MESSAGES_PER_SECOND,
  encode,
  refusal,
} from '@ringline/protocol';
import { decodeFromDevice } from '@ringline/protocol/schema';
import type { Timer } from '../clock.ts';
import { randomName } from '../randomness.ts';
import { UNAVAILABLE } from '../steps/answer.ts';
import { StoreFault } from '../store/store.ts';
import type { BoundDevice } from './bound-device.ts';
import { carryOut } from './carry-out.ts';
import type { DeviceSocket } from './device-socket.ts';
import { Heartbeat } from './heartbeat.ts';
import type { HeartbeatOf } from './heartbeat.ts';
import { greet } from './greet.ts';
import { LateHeartbeats } from './late-heartbeats.ts';
import type { Services } from './services.ts';
import type { Socket, SocketEvents } from './socket.ts';
import { TokenBucket } from './token-bucket.ts';
import { Turns } from './turns.ts';

/** One socket: its size, rate and life. What is said over it is the business of the device bound to it. */
export class Connection implements SocketEvents, DeviceSocket, HeartbeatOf {
  readonly name: string;
  readonly #socket: Socket;
  readonly #services: Services;
  #bucket: TokenBucket;
  readonly #heartbeat: Heartbeat;
  readonly #onClosed: (code: number) => void;
  readonly #helloTimer: Timer;
  #device: BoundDevice | undefined;
  #state: 'new' | 'greeting' | 'bound' | 'closed' = 'new';
  readonly #turns = new Turns();
  readonly #late: LateHeartbeats;
  /** How many refusals for its rate it may earn: who goes on at full speed does not read them. */
  #patience: TokenBucket | undefined;

  constructor(socket: Socket, services: Services, onClosed: (code: number) => void) {
    const { clock, metrics, randomness } = services;
    this.name = randomName(randomness);
    this.#socket = socket;
    this.#services = services;
    this.#onClosed = onClosed;
    this.#bucket = new TokenBucket(DEVICE_BURST, DEVICE_MESSAGES_PER_SECOND, clock.now());
    this.#heartbeat = new Heartbeat(clock, this);
    this.#late = new LateHeartbeats(clock, () => this.refuse(0, UNAVAILABLE));
    this.#helloTimer = clock.after(HELLO_TIMEOUT_MS, () => this.close('helloTimeout'));
    metrics.connectionOpened();
  }

  /** A frame: decoded now, carried out after those before it. */
  text(frame: string): void {
    if (this.isClosed()) return;
    this.#heartbeat.heard();
    const waitMs = this.#bucket.take(this.#services.clock.now(), messagesIn(frame));
    if (waitMs > 0) return this.#refuseForRate(frame, waitMs);
    const decoded = decodeFromDevice(frame);
    if (decoded.ok) {
      this.#services.metrics.messageReceived(decoded.message.type);
      this.#queue(decoded.message);
    } else {
      this.#refuseBad(decoded.re, decoded.refusal);
    }
  }

  pong(): void {
    this.#heartbeat.heard();
  }

  closed(code: number): void {
    this.#leave(this.#services.clock.now(), code);
  }

  isClosed(): boolean {
    return this.#state === 'closed';
  }

  /** Whether its device has been welcomed, and is here. */
  get isBound(): boolean {
    return this.#state === 'bound';
  }

  isInCall(): boolean {
    return this.#device?.isInCall() ?? false;
  }

  send(message: ServerMessage): void {
    this.sendFrame(encode(message));
  }

  /** Queues one frame; a device that reads too slowly is closed and comes back. */
  sendFrame(frame: string): void {
    if (this.isClosed()) return;
    this.#socket.send(frame);
    if (this.#socket.queuedBytes > MAX_QUEUED_BYTES) this.close('slowConsumer');
  }

  refuse(re: number, why: Refusal): void {
    this.#services.metrics.messageRefused(why.code);
    this.send({ type: 'refused', re, ...why });
  }

  /** Closes with a documented code; the device is lost from this moment. */
  close(name: CloseName): void {
    if (this.isClosed()) return;
    const { code } = CLOSE[name];
    this.#socket.close(code, CLOSE_MEANINGS[name]);
    this.#leave(this.#services.clock.now(), code);
  }

  /** The device has a first open call, or none any more: a loss must be seen sooner, or may be later. */
  callsChanged(): void {
    this.#heartbeat.refresh();
  }

  untilAnswered<T>(ask: (withdrawal: AbortSignal) => Promise<T>): Promise<T> {
    return this.#turns.untilAnswered(ask);
  }

  unlessFollowed(until: Promise<void>): Promise<boolean> {
    return this.#turns.unlessFollowed(until);
  }

  answer(heartbeat: HeartbeatMessage, alive: Alive): void {
    if (this.#late.waits(heartbeat)) this.send(alive);
    this.#late.settle(heartbeat);
  }

  /** Asks the device to reconnect elsewhere. */
  askToLeave(afterMs: number): void {
    if (this.#state === 'bound') this.send({ type: 'leaving', afterMs });
    else this.close('leaving');
  }

  /** While the store is slow messages wait, but not without bound. */
  #queue(message: DeviceMessage): void {
    if (this.#turns.waiting >= MAX_WAITING_MESSAGES)
      return this.refuse(seqOf(message), UNAVAILABLE);
    if (message.type === 'heartbeat') this.#late.note(message);
    this.#turns.add(message, () => this.#handle(message));
  }

  /** A token that is over keeps a device only for the calls that it is in. */
  ping(): void {
    if (this.#device?.isExpired() && !this.isInCall()) this.close('unauthorized');
    else this.#socket.ping();
  }

  get pingMs(): number {
    if (this.#device?.speaksRtm) return PING_RTM_MS;
    return this.isInCall() ? PING_IN_CALL_MS : PING_IDLE_MS;
  }

  silent(): void {
    // The close frame may never arrive; the moment of the loss is when it was last heard.
    this.#socket.close(CLOSE.silent.code, CLOSE_MEANINGS.silent);
    this.#socket.terminate();
    this.#leave(this.#heartbeat.lastHeardAt, CLOSE.silent.code);
  }

  async #handle(message: DeviceMessage): Promise<void> {
    if (this.isClosed()) return;
    // It has waited for so long that it was refused: the next one asks for the same.
    if (message.type === 'heartbeat' && !this.#late.waits(message)) return;
    try {
      if (this.#device) await carryOut(message, this.#device, this.#services);
      else if (message.type === 'hello') await this.#greet(message);
      else this.close('malformed');
    } catch (error) {
      this.#answerFault(message, error);
    } finally {
      if (message.type === 'heartbeat') this.#late.settle(message);
    }
  }

  async #greet(hello: Hello): Promise<void> {
    this.#state = 'greeting';
    this.#helloTimer.cancel();
    const greeted = await greet(hello, this, this.#services);
    if (typeof greeted === 'string') return this.close(greeted);
    // The socket may have closed while the binding was committed.
    if (this.isClosed()) return greeted.leave(this.#services.clock.now());
    this.#device = greeted;
    if (greeted.speaksRtm) this.#bucket = rtmBucket(this.#services.clock.now());
    this.#state = 'bound';
    return this.#heartbeat.start();
  }

  #refuseForRate(frame: string, retryAfterMs: number): void {
    const now = this.#services.clock.now();
    this.#patience ??= new TokenBucket(DEVICE_BURST, DEVICE_MESSAGES_PER_SECOND, now);
    if (this.#patience.take(now) > 0) return this.close('rateLimited');
    return this.refuse(seqIn(frame), refusal('rate-limited', { retryAfterMs }));
  }

  #refuseBad(re: number, why: Refusal): void {
    if (this.#state === 'new') this.close('malformed');
    else this.refuse(re, why);
  }

  #answerFault(message: DeviceMessage, error: unknown): void {
    const { log, metrics } = this.#services;
    const fault = error instanceof StoreFault;
    metrics.faultMet(fault ? error.code : 'internal');
    const { user, device } = this.#device?.actor ?? {};
    const call = 'call' in message ? message.call : undefined;
    log.error({ err: error, user, device, call, message: message.type }, 'a message met a fault');
    if (message.type === 'hello') return this.close('internal');
    // It has had its answer.
    if (message.type === 'heartbeat' && !this.#late.waits(message)) return;
    this.refuse(seqOf(message), fault ? UNAVAILABLE : refusal('internal'));
  }

  #leave(at: number, code: number): void {
    if (this.isClosed()) return;
    this.#state = 'closed';
    this.#helloTimer.cancel();
    this.#heartbeat.stop();
    this.#late.stop();
    this.#device?.leave(at, code === GOODBYE);
    this.#services.metrics.connectionClosed(code);
    this.#onClosed(code);
  }
}

/** A page that speaks RTM says more than others. */
function rtmBucket(now: number): TokenBucket {
  return new TokenBucket(RTM_DEVICE_BURST, RTM_DEVICE_MESSAGES_PER_SECOND, now);
}

/** RFC 6455 §7.4.1: the page has nothing more to say. A page that is closed or loaded anew says 1001. */
const GOODBYE = 1000;

/** How many messages a frame counts for. */
function messagesIn(frame: string): number {
  return Math.max(1, Math.ceil(Buffer.byteLength(frame) / BYTES_PER_MESSAGE));
}

/** The number of a message that is not carried out; a large one is not even read for it. */
function seqIn(frame: string): number {
  if (frame.length > BYTES_PER_MESSAGE) return 0;
  const decoded = decodeFromDevice(frame);
  return decoded.ok ? seqOf(decoded.message) : decoded.re;
}

function seqOf(message: DeviceMessage): number {
  return 'seq' in message ? message.seq : 0;
}
