import type { CallId, CallView, LegView, Media, Peer } from '@ringline/protocol';
import type { CallEvents } from '../call.ts';
import { Emitter } from '../emitter.ts';
import type { Clock } from '../ports.ts';

/** What the server's newest view says of a call. */
export abstract class ViewedCall extends Emitter<CallEvents> {
  readonly #clock: Clock;
  #view: CallView;
  #viewedAt: number;

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
