import type { Call, DeviceChoice } from '@ringline/client';

/** The own camera in a video element while a call rings, before anything is sent. */
export class CameraPreview {
  readonly #changed: () => void;
  #call: Call | undefined;
  #video: HTMLVideoElement | null = null;
  #isShown = false;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** Whether there is a picture. */
  get isShown(): boolean {
    return this.#isShown;
  }

  /** Shows the camera for this call in this element; nothing ends it. */
  show(call: Call | undefined, video: HTMLVideoElement | null, devices?: DeviceChoice): void {
    if (call === this.#call && video === this.#video) return;
    if (this.#call !== call) this.#call?.attach({ preview: null });
    this.#call = call;
    this.#video = video;
    this.#set(false);
    if (call === undefined || video === null || devices === undefined) return;
    video.addEventListener('loadeddata', () => this.#set(this.#video === video), { once: true });
    void mayOpenCamera(devices).then((mayOpen) => {
      if (mayOpen && this.#call === call && this.#video === video) call.attach({ preview: video });
    });
  }

  #set(isShown: boolean): void {
    if (this.#isShown === isShown) return;
    this.#isShown = isShown;
    this.#changed();
  }
}

/** A preview asks nobody for leave, and opens no camera in a page that nobody sees. */
async function mayOpenCamera(devices: DeviceChoice): Promise<boolean> {
  return !document.hidden && (await devices.access('camera')) === 'granted';
}
