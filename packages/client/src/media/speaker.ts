import { clientError, isNamed } from '../errors.ts';
import type { MediaElement } from './media.ts';

/** The system's default, in the words of Audio Output Devices §2.1. */
const DEFAULT = '';

/** Where sound comes out: one speaker for every element that plays another side. */
export class Speaker {
  readonly #createPlayer: () => MediaElement | undefined;
  readonly #elements = new Set<MediaElement>();
  #id = DEFAULT;

  constructor(createPlayer: () => MediaElement | undefined) {
    this.#createPlayer = createPlayer;
  }

  /** Whether something plays, or may at any moment. */
  get isUsed(): boolean {
    return this.#elements.size > 0;
  }

  /** The speaker in use, empty for the default. */
  get id(): string {
    return this.#id;
  }

  /** Moves all sound there; rejects with `speaker-unavailable` or `no-device`, and all stays where it is. */
  async move(id = DEFAULT): Promise<void> {
    const moved = this.#createPlayer()?.setSinkId?.(id);
    if (moved === undefined) throw clientError('speaker-unavailable');
    await moved.catch((fault: unknown) => {
      throw clientError(
        isNamed(fault, 'NotFoundError') ? 'no-device' : 'speaker-unavailable',
        fault,
      );
    });
    this.#id = id;
    for (const element of this.#elements) route(element, id);
  }

  /** This element plays another side from now on. */
  add(element: MediaElement): void {
    this.#elements.add(element);
    if (this.#id !== DEFAULT) route(element, this.#id);
  }

  remove(element: MediaElement): void {
    this.#elements.delete(element);
  }
}

function route(element: MediaElement, id: string): void {
  // The probe was allowed: one that is not, as the device goes, is moved when the list changes.
  element.setSinkId?.(id).catch(() => {});
}
