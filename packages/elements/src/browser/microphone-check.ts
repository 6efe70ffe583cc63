import { Changing } from '../model/changing.ts';
import type { MicrophoneCheck } from '../model/ringing-ports.ts';

/** Whether this browser has a microphone that it may open, asked without opening one. */
export class BrowserMicrophoneCheck extends Changing implements MicrophoneCheck {
  #isMissing = false;

  constructor() {
    super();
    // An insecure page has no devices to ask.
    const { mediaDevices } = navigator as { mediaDevices?: MediaDevices };
    mediaDevices?.addEventListener('devicechange', () => void this.#look(mediaDevices));
    if (mediaDevices === undefined) this.#isMissing = true;
    else void this.#look(mediaDevices);
  }

  get isMissing(): boolean {
    return this.#isMissing;
  }

  async #look(devices: MediaDevices): Promise<void> {
    const [list, isDenied] = await Promise.all([
      devices.enumerateDevices(),
      this.#isDenied(devices),
    ]);
    const isMissing = isDenied || !list.some(({ kind }) => kind === 'audioinput');
    if (isMissing === this.#isMissing) return;
    this.#isMissing = isMissing;
    this.changed();
  }

  #permission: PermissionStatus | undefined;

  async #isDenied(devices: MediaDevices): Promise<boolean> {
    try {
      if (this.#permission === undefined) {
        const name = 'microphone';
        this.#permission = await navigator.permissions.query({ name });
        this.#permission.addEventListener('change', () => void this.#look(devices));
      }
      return this.#permission.state === 'denied';
    } catch {
      // This browser does not tell; the list of devices says enough.
      return false;
    }
  }
}
