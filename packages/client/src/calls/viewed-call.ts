import type {
  CallId,
  CallView,
  EndReason,
  EstablishedCallView,
  LegEndReason,
  LegView,
  Media,
  Peer,
  VideoEndView,
} from '@ringline/protocol';
import type { CallEvents, CallState } from '../call.ts';
import { Emitter } from '../emitter.ts';
import type { Clock } from '../ports.ts';

/** What the server's newest view says of a call. */
export abstract class ViewedCall extends Emitter<CallEvents> {
  readonly #clock: Clock;
  #view: CallView;
  #viewedAt: number;
  /** Why the call ended on this device before the server said so. */
  protected localEnd: EndReason | LegEndReason | undefined;
  /** A voice tells this user how the call ended. */
  protected isAnnounced = false;

  constructor(view: CallView, clock: Clock) {
    super();
    this.#clock = clock;
    this.#view = view;
    this.#viewedAt = clock.now();
  }

  protected get view(): CallView {
    return this.#view;
  }

  protected set view(view: CallView) {
    this.#view = view;
    this.#viewedAt = this.#clock.now();
  }

  get state(): CallState {
    if (this.localEnd !== undefined) return 'ended';
    return this.isAnnounced ? 'announcing' : this.view.state;
  }

  get endReason(): EndReason | LegEndReason | undefined {
    return this.view.state === 'ended' ? this.view.reason : this.localEnd;
  }

  /** The newest view, if the call is established here. */
  protected get established(): EstablishedCallView | undefined {
    return this.view.state === 'established' && this.localEnd === undefined ? this.view : undefined;
  }

  get peerMuted(): boolean {
    return this.established?.peerMuted === true;
  }

  get peerCameraOn(): boolean {
    const view = this.established;
    return view?.media === 'video' && view.peerCameraOff !== true;
  }

  get localHold(): boolean {
    return this.established?.held === true;
  }

  get remoteHold(): boolean {
    return this.established?.peerHolds === true;
  }

  get resuming(): boolean {
    return this.established?.resuming !== undefined;
  }

  get videoEnd(): VideoEndView | undefined {
    return this.established?.videoEnd;
  }

  get id(): CallId {
    return this.#view.id;
  }

  get direction(): 'outgoing' | 'incoming' {
    return this.#view.direction;
  }

  get peer(): Peer {
    return this.#view.peer;
  }

  get media(): Media {
    return this.#view.media;
  }

  get version(): number {
    return this.#view.version;
  }

  get legs(): readonly LegView[] {
    return 'legs' in this.#view ? this.#view.legs : [];
  }

  get content(): string | undefined {
    return this.#view.content;
  }

  get response(): string | undefined {
    return 'response' in this.#view ? this.#view.response : undefined;
  }

  get connectedAt(): number | undefined {
    const view = this.#view;
    if (view.state !== 'established' || view.connectedMs === undefined) return undefined;
    return this.#viewedAt - view.connectedMs;
  }

  get durationSeconds(): number | undefined {
    return this.#view.state === 'ended' ? this.#view.durationSeconds : undefined;
  }
}
