import type { Choice } from '@ringline/client';
import { Changing } from './changing.ts';

/** Where a person's choices are kept: the browser's localStorage, or nothing. */
export interface PreferenceStore {
  read(key: string): string | undefined;
  write(key: string, value: string): void;
  /** Runs when another page of this browser has written. */
  watch(changed: () => void): () => void;
}

const RING = 'ringline.ring';
const CALL_WAITING = 'ringline.call-waiting';
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

  /** Whether a second call rings beside the one that is on. */
  get isCallWaitingOn(): boolean {
    return this.#store.read(CALL_WAITING) !== 'off';
  }

  callWaiting(isOn: boolean): void {
    this.#store.write(CALL_WAITING, isOn ? 'on' : 'off');
    this.changed();
  }

  /** The devices somebody has chosen, by their ids; null: the system's. */
  get devices(): Choice {
    const stored = this.#store.read(DEVICES);
    if (stored === undefined) return {};
    try {
      return choiceIn(JSON.parse(stored));
    } catch {
      // Written by somebody else: as good as nothing.
      return {};
    }
  }

  choose(devices: Choice): void {
    this.#store.write(DEVICES, JSON.stringify({ ...this.devices, ...devices }));
    this.changed();
  }
}

function choiceIn(stored: unknown): Choice {
  if (typeof stored !== 'object' || stored === null) return {};
  const ids: Readonly<Record<string, unknown>> = { ...stored };
  const idOf = (kind: string) => {
    const id = ids[kind];
    return typeof id === 'string' && id !== '' ? id : null;
  };
  return { microphone: idOf('microphone'), camera: idOf('camera'), speaker: idOf('speaker') };
}
