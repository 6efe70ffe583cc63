import type { Call, Elements } from '@ringline/client';

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
  show(call: Call | undefined, video: HTMLVideoElement | null): void {
    if (call === this.#call && video === this.#video) return;
    if (this.#call !== undefined && this.#call !== call) previewIn(this.#call, null);
    this.#call = call;
    this.#video = video;
    this.#set(false);
    if (call === undefined || video === null) return;
    video.addEventListener('loadeddata', () => this.#set(this.#video === video), { once: true });
    void mayOpenCamera().then((mayOpen) => {
      if (mayOpen && this.#call === call && this.#video === video) previewIn(call, video);
    });
  }

  #set(isShown: boolean): void {
    if (this.#isShown === isShown) return;
    this.#isShown = isShown;
    this.#changed();
  }
}

/** A preview asks nobody for leave, and opens no camera in a page that nobody sees. */
async function mayOpenCamera(): Promise<boolean> {
  if (document.hidden) return false;
  try {
    const { state } = await navigator.permissions.query({ name: 'camera' });
    return state === 'granted';
  } catch {
    // This browser does not tell.
    return false;
  }
}

function previewIn(call: Call, preview: HTMLVideoElement | null): void {
  const elements: Elements & { readonly preview: HTMLVideoElement | null } = { preview };
  call.attach(elements);
}
