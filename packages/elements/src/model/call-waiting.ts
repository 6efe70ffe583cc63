import type { RinglineClient } from '@ringline/client';
import type { Preferences } from './preferences.ts';

type Client = Pick<RinglineClient, 'callWaiting' | 'setCallWaiting'>;

/** Whether a second call rings beside the one that is on: as the client was made, until somebody at this browser says otherwise. */
export class CallWaiting {
  readonly #client: Client;
  readonly #preferences: Preferences;
  #preferred: boolean;

  constructor(client: Client, preferences: Preferences) {
    this.#client = client;
    this.#preferences = preferences;
    this.#preferred = preferences.isCallWaitingOn;
    // Another page of this browser may have said so.
    preferences.watch(() => void this.#follow().catch(() => {}));
  }

  get isOn(): boolean {
    return this.#client.callWaiting;
  }

  /** From now on, and in the pages to come; rejects where the server does not answer, which is told when it is back. */
  async choose(isOn: boolean): Promise<void> {
    this.#preferred = isOn;
    this.#preferences.callWaiting(isOn);
    await this.#client.setCallWaiting(isOn);
  }

  async #follow(): Promise<void> {
    const { isCallWaitingOn } = this.#preferences;
    if (isCallWaitingOn === this.#preferred) return;
    this.#preferred = isCallWaitingOn;
    await this.#client.setCallWaiting(isCallWaitingOn);
  }
}
