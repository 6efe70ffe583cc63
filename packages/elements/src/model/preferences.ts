import { Changing } from './changing.ts';

/** Where a person's choices are kept: the browser's localStorage, or nothing. */
export interface PreferenceStore {
  read(key: string): string | undefined;
  write(key: string, value: string): void;
  /** Runs when another page of this browser has written. */
  watch(changed: () => void): () => void;
}

/** The devices somebody has chosen, by their ids; absent: the system's. */
export interface ChosenDevices {
  readonly microphone?: string;
  readonly camera?: string;
  readonly speaker?: string;
}

const RING = 'ringline.ring';
const DEVICES = 'ringline.devices';

/** What somebody prefers in this browser, in all of its pages. */
export class Preferences extends Changing {
  readonly #store: PreferenceStore;

  constructor(store: PreferenceStore) {
    super();
    this.#store = store;
    store.watch(() => this.changed());
  }

  /** Whether calls ring aloud. */
  get isRingOn(): boolean {
    return this.#store.read(RING) !== 'off';
  }

  ring(isOn: boolean): void {
    this.#store.write(RING, isOn ? 'on' : 'off');
    this.changed();
  }

  get devices(): ChosenDevices {
    const stored = this.#store.read(DEVICES);
    if (stored === undefined) return {};
    try {
      const chosen: unknown = JSON.parse(stored);
      return typeof chosen === 'object' && chosen !== null ? chosen : {};
    } catch {
      // Written by somebody else: as good as nothing.
      return {};
    }
  }

  choose(devices: ChosenDevices): void {
    this.#store.write(DEVICES, JSON.stringify({ ...this.devices, ...devices }));
    this.changed();
  }
}
