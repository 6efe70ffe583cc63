import type {
  CallId,
  DeviceId,
  EstablishedCallView,
  LegView,
  Signal,
  SignalReceived,
  WaitingCallView,
} from '@ringline/protocol';
import type { MediaPort, Stream } from '../media/media.ts';
import { Channel } from '../negotiation/channel.ts';
import type { Ice } from '../negotiation/ice.ts';
import type { NegotiationRole } from '../negotiation/negotiation.ts';
import type { Clock } from '../ports.ts';
import type { EarlySignals } from './early-signals.ts';

/** How many of the callee's devices the caller connects to while they ring: the likely ones, and no flood. */
export const MAX_PRECONNECTED_LEGS = 4;

/** One device of the peer, under one epoch. */
export interface End {
  readonly device: DeviceId;
  readonly epoch: number;
}

/** What channels are made of. */
export interface CallChannelsParts {
  readonly media: MediaPort;
  readonly clock: Clock;
  readonly ice: Ice;
  readonly early: EarlySignals;
  readonly call: CallId;
  /** Names the tracks that belong together. */
  readonly stream: Stream;
}

/** What the channel of an answered call tells; those that ring tell nothing but signals. */
export interface CallChannelsEvents {
  signal(to: End, signal: Signal): void;
  remote(stream: Stream): void;
  flowed(epoch: number): void;
  flowing(isFlowing: boolean): void;
  failed(fault: unknown): void;
}

/**
 * The channels of one call. While it rings: the caller's to each leg that shows it, a leg's to the
 * caller, as far as both sides' policies go; nothing that fails there is told. Once it is answered:
 * one, to the other device, which goes on with what stands already.
 */
export class CallChannels {
  readonly #parts: CallChannelsParts;
  readonly #events: CallChannelsEvents;
  readonly #channels = new Map<DeviceId, Channel>();
  /** While it rings here: the caller, whose offer begins a channel. */
  #caller: End | undefined;
  #active: Channel | undefined;

  constructor(parts: CallChannelsParts, events: CallChannelsEvents) {
    this.#parts = parts;
    this.#events = events;
  }

  /** The channel of the answered call. */
  get active(): Channel | undefined {
    return this.#active;
  }

  /** The call rings: connects to the devices of the view, and lets go of those that are in it no more. */
  ring({ direction, legs = [], peerDevice, epoch }: WaitingCallView): void {
    if (this.#parts.ice.preconnect === 'off') return;
    if (direction === 'outgoing') return this.#ringLegs(legs);
    if (peerDevice === undefined || epoch === undefined) return;
    this.#caller = { device: peerDevice, epoch };
    this.#keepOnly([this.#caller]);
    this.#passEarly(this.#caller);
  }

  /** The call is answered: goes on with the channel to the other device, or opens one. Throws as a browser does. */
  establish({ peerDevice: device, epoch, direction }: EstablishedCallView): void {
    const end = { device, epoch };
    this.#caller = undefined;
    this.#keepOnly([end]);
    const standing = this.#channels.get(device);
    if (standing !== undefined && standing === this.#active) return;
    this.#active = standing;
    if (standing !== undefined) standing.answered();
    else this.#active = this.#open(end, direction === 'outgoing' ? 'offerer' : 'answerer', false);
    this.#passEarly(end);
  }

  /** A signal came; one that makes no sense yet waits for its view. */
  receive({ from: device, epoch }: SignalReceived): void {
    if (this.#knows({ device, epoch })) this.#passEarly({ device, epoch });
  }

  /** Says again what the other devices may have missed. */
  resend(): void {
    for (const { negotiation } of this.#channels.values()) negotiation.resend();
  }

  /** This device's network has changed. */
  restart(): void {
    for (const { negotiation } of this.#channels.values()) negotiation.restart();
  }

  close(): void {
    this.#keepOnly([]);
    this.#caller = undefined;
  }

  #ringLegs(legs: readonly LegView[]): void {
    this.#keepOnly(legs.filter(({ state }) => state !== 'refused'));
    const due = legs.filter((leg) => isShown(leg) && !this.#channels.has(leg.device));
    for (const leg of due.slice(0, MAX_PRECONNECTED_LEGS - this.#channels.size)) {
      this.#tryToOpen(leg, 'offerer');
    }
  }

  /** A browser that cannot make the connection says so again once the call is answered. */
  #tryToOpen(end: End, role: NegotiationRole): void {
    try {
      this.#open(end, role, true);
    } catch {
      // It costs the call no more than the time that it would have saved.
    }
  }

  #open({ device, epoch }: End, role: NegotiationRole, isRinging: boolean): Channel {
    const channel: Channel = new Channel(
      { ...this.#parts, epoch, role, isRinging },
      {
        ...this.#events,
        signal: (signal) => this.#events.signal({ device, epoch }, signal),
        flowed: () => this.#events.flowed(epoch),
        failed: (fault) => {
          if (channel === this.#active) this.#events.failed(fault);
        },
      },
    );
    this.#channels.set(device, channel);
    channel.negotiation.start();
    return channel;
  }

  #knows({ device, epoch }: End): boolean {
    const isCaller = this.#caller?.device === device && this.#caller.epoch === epoch;
    return isCaller || this.#channels.get(device)?.epoch === epoch;
  }

  #passEarly({ device, epoch }: End): void {
    for (const { signal } of this.#parts.early.take(this.#parts.call, device, epoch)) {
      if (!this.#channels.has(device)) this.#tryToOpen({ device, epoch }, 'answerer');
      this.#channels.get(device)?.negotiation.receive(signal);
    }
  }

  #keepOnly(ends: readonly End[]): void {
    for (const [device, channel] of this.#channels) {
      if (ends.some((end) => end.device === device && end.epoch === channel.epoch)) continue;
      this.#channels.delete(device);
      channel.close();
    }
  }
}

/** Whether the page on that device is alive: a frozen one would not answer. */
function isShown({ state }: LegView): boolean {
  return state === 'alerting' || state === 'silent';
}
