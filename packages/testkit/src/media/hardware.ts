import type { TrackKind } from './track.ts';

/** A microphone, camera or speaker, in the words of MediaDeviceInfo. */
export interface FakeHardware {
  readonly kind: 'audioinput' | 'videoinput' | 'audiooutput';
  readonly deviceId: string;
  readonly label: string;
  readonly groupId: string;
}

/** What the browser says when a page asks for a microphone or camera; `prompt` is granted when it is asked. */
export type Permission =
  | 'granted'
  | 'prompt'
  | 'denied'
  | 'denied-by-system'
  | 'forbidden'
  | 'missing';

/** What is plugged in unless a test says otherwise. */
export const USUAL_HARDWARE: readonly FakeHardware[] = [
  { kind: 'audioinput', deviceId: 'mic-1', label: 'Microphone 1', groupId: 'built-in' },
  { kind: 'videoinput', deviceId: 'cam-1', label: 'Camera 1', groupId: 'built-in' },
  { kind: 'audiooutput', deviceId: 'spk-1', label: 'Speaker 1', groupId: 'built-in' },
];

/** A wish for one device, or for any. */
export type FakeWish = boolean | { readonly deviceId: { readonly exact: string } };

/** What is plugged into a computer: the first of each kind is the default. */
export class HardwareShelf {
  #all: readonly FakeHardware[] = USUAL_HARDWARE;
  readonly #listeners = new Set<() => void>();
  /** Devices that another program uses. */
  readonly busy = new Set<string>();

  get all(): readonly FakeHardware[] {
    return this.#all;
  }

  plug(hardware: FakeHardware): void {
    this.#all = [...this.#all, hardware];
    this.#tell();
  }

  unplug(deviceId: string): void {
    this.#all = this.#all.filter((each) => each.deviceId !== deviceId);
    this.#tell();
  }

  listen(changed: () => void): () => void {
    this.#listeners.add(changed);
    return () => void this.#listeners.delete(changed);
  }

  /** What a page is shown: without a permission for its kind a device has no name. */
  shown(isNamed: (kind: TrackKind) => boolean): FakeHardware[] {
    return this.#all.map((each) =>
      isNamed(each.kind === 'videoinput' ? 'video' : 'audio')
        ? each
        : { kind: each.kind, deviceId: '', label: '', groupId: '' },
    );
  }

  /** The device that a wish gets, or a rejection as `getUserMedia` words it. */
  pick(kind: TrackKind, wish: FakeWish): FakeHardware {
    const alike = this.#all.filter(
      (each) => each.kind === (kind === 'audio' ? 'audioinput' : 'videoinput'),
    );
    if (alike.length === 0) throw new DOMException('nothing is plugged in', 'NotFoundError');
    const id = typeof wish === 'object' ? wish.deviceId.exact : undefined;
    const found = id === undefined ? alike[0] : alike.find(({ deviceId }) => deviceId === id);
    if (found === undefined) throw new DOMException('no such device', 'OverconstrainedError');
    if (this.busy.has(found.deviceId)) {
      throw new DOMException('another program has it', 'NotReadableError');
    }
    return found;
  }

  #tell(): void {
    for (const changed of this.#listeners) changed();
  }
}
