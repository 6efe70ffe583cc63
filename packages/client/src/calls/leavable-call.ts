import type { CallView, EndReason, LegEndReason } from '@ringline/protocol';
import { isAnnouncement } from '@ringline/protocol';
import type { Call, EndOptions, RefuseOptions } from '../call.ts';
import { defined } from '../defined.ts';
import type { RequestBody } from '../signalling/requests.ts';
import type { CallContext } from './call-context.ts';
import { checkContent } from './checks.ts';
import { Departure } from './departure.ts';
import { isOver, ownEnding, requireWaiting } from './state-rules.ts';
import { ViewedCall } from './viewed-call.ts';

/** A call that its user leaves in any phase, and what is left of it afterwards. */
export abstract class LeavableCall extends ViewedCall {
  protected readonly context: CallContext;
  #departure: Departure | undefined;
  #isFinal = false;

  constructor(view: CallView, context: CallContext) {
    super(view, context.clock);
    this.context = context;
  }

  async refuse({ everywhere = true, reason }: RefuseOptions = {}): Promise<void> {
    checkContent('reason', reason);
    const self = this.#self;
    if (isOver(self)) return;
    requireWaiting(self, 'incoming', 'refuse');
    const { id: call } = this;
    await this.#leave('refused', () => ({
      type: 'refuse',
      call,
      everywhere,
      ...defined({ response: reason }),
    }));
  }

  async cancel(): Promise<void> {
    if (this.state === 'announcing') return this.#hush();
    if (this.state === 'ended') return;
    requireWaiting(this.#self, 'outgoing', 'cancel');
    await this.#leave('cancelled', () => ({ type: 'cancel', call: this.id }));
  }

  async end({ resumeOther = false }: EndOptions = {}): Promise<void> {
    if (this.state === 'announcing') return this.#hush();
    if (this.state === 'ended') return;
    await this.#leave(ownEnding(this.#self), (departure) => ({
      ...departure.endRequest(),
      ...(resumeOther && { resumeOther }),
    }));
  }

  /** The server says that this device has no part in the call any more. */
  gone(): void {
    if (!isOver(this.#self)) {
      const wasRinging = this.view.state !== 'established' && this.direction === 'incoming';
      this.endHere(wasRinging ? 'expired' : 'connection-lost');
    }
    this.#finish();
  }

  /** Leaves in whatever way the state asks for, because nobody will look after the call. */
  async abandon(): Promise<void> {
    if (this.state === 'established') await this.end();
    else if (this.direction === 'outgoing') await this.cancel();
    else if (this.state !== 'ended') this.endHere('lost');
  }

  /** Nothing is sent, played or waited for any more. */
  protected abstract stop(): void;

  /** Tells what has changed. */
  protected abstract publish(): void;

  /** The server's newest view of a call that this device has left already. */
  protected overruled(): void {
    this.#departure?.hangUp();
  }

  /** The server says that it is over; it may have something to say of that to this user. */
  protected over(): void {
    this.context.traces.forget(this.id);
    this.#finish();
  }

  /** A voice tells the caller why nobody answered, until it has said that or there is something else to hear. */
  protected announce(view: CallView): void {
    if (view.state !== 'ended' || view.announcingMs === undefined) return;
    if (!isAnnouncement(view.reason)) return;
    const { tones } = this.context;
    this.isAnnounced = tones !== null;
    tones?.announce(this.id, view.reason, view.announcingMs, () => {
      this.isAnnounced = false;
      this.publish();
    });
  }

  protected endHere(reason: EndReason | LegEndReason): Departure {
    const departure = new Departure({
      ...this.context,
      call: this.id,
      leftAt: this.context.clock.now(),
      isEstablished: () => this.view.state === 'established',
      isFinal: () => this.#isFinal,
      unknown: () => this.gone(),
    });
    this.localEnd = reason;
    this.#departure = departure;
    this.stop();
    this.publish();
    return departure;
  }

  get #self(): Call {
    return this as unknown as Call;
  }

  #hush(): void {
    this.context.tones?.hush();
  }

  #leave(reason: EndReason, build: (departure: Departure) => RequestBody): Promise<void> {
    const isConnected = this.context.isConnected();
    const departure = this.endHere(reason);
    const told = departure.say(() => build(departure));
    return isConnected ? told : Promise.resolve();
  }

  #finish(): void {
    this.#isFinal = true;
    this.context.finished(this.id);
  }
}
