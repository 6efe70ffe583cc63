import type { Choice, Chosen, DeviceChoice } from '@ringline/client';
import type { Preferences } from './preferences.ts';

/** The devices that somebody chose in this browser: the client has them from the start, and others are kept when they are chosen. */
export class DeviceMemory {
  readonly #devices: Pick<DeviceChoice, 'chosen' | 'choose'>;
  readonly #preferences: Preferences;

  constructor(devices: Pick<DeviceChoice, 'chosen' | 'choose'>, preferences: Preferences) {
    this.#devices = devices;
    this.#preferences = preferences;
    // What cannot be had any more stays with the system, until somebody chooses again.
    devices.choose(preferences.devices).catch(() => {});
  }

  /** What is chosen, by its id; absent: the system's. */
  get chosen(): Chosen {
    return this.#devices.chosen;
  }

  /** Takes these devices at once and from now on; rejects as `DeviceChoice.choose` does, and keeps nothing then. */
  async choose(choice: Choice): Promise<void> {
    await this.#devices.choose(choice);
    this.#preferences.choose(choice);
  }
}
