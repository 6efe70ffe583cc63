import type { Call, VideoEndView } from '@ringline/client';
import { Changing } from './changing.ts';
import { NEWS_MS } from './device-news.ts';
import type { Phone } from './phone.ts';
import type { Clock, Timer } from './ringing-ports.ts';

/** How the picture of the call that is on, or a request for one, came to its end: told for a moment. */
export class VideoNews extends Changing {
  readonly #phone: Pick<Phone, 'stage' | 'watch'>;
  readonly #clock: Clock;
  #call: Call | undefined;
  #stops: (() => void)[] = [];
  #told: VideoEndView | undefined;
  #fading: Timer | undefined;

  constructor(phone: Pick<Phone, 'stage' | 'watch'>, clock: Clock) {
    super();
    this.#phone = phone;
    this.#clock = clock;
    phone.watch(() => this.#follow());
  }

  /** What is to be said of a call's picture just now. */
  of(call: Call): VideoEndView | undefined {
    return call === this.#call ? this.#told : undefined;
  }

  #follow(): void {
    const { stage } = this.#phone;
    const call = stage.kind === 'call' ? stage.call : undefined;
    if (call === this.#call) return;
    for (const stop of this.#stops) stop();
    this.#call = call;
    this.#tell(undefined);
    if (call === undefined) return;
    const over = () => this.#tell(call.videoEnd);
    const begun = () => this.#tell(undefined);
    this.#stops = [
      call.on('videoRefused', over),
      call.on('videoRemoved', over),
      call.on('videoRequested', begun),
      call.on('videoAdded', begun),
    ];
  }

  #tell(end: VideoEndView | undefined): void {
    this.#fading?.cancel();
    if (end === this.#told) return;
    this.#told = end;
    if (end !== undefined) this.#fading = this.#clock.after(NEWS_MS, () => this.#tell(undefined));
    this.changed();
  }
}
