import { clientError, isNamed } from '../errors.ts';
import type { Attached, Elements } from './elements.ts';
import { clear, elementOf, show } from './elements.ts';
import type { MediaElement, MediaPort, Stream } from './media.ts';
import type { Speaker } from './speaker.ts';

/** Shows the call's own picture and plays the other side's, once there is something to play. */
export class Playback {
  readonly #media: MediaPort;
  readonly #speaker: Speaker;
  /** Told when the browser holds back the sound, and when it does no more. */
  readonly #changed: () => void;
  #local: MediaElement | null = null;
  #remote: MediaElement | null = null;
  /** Sounds while the app has attached no element of its own. */
  #player: MediaElement | undefined;
  #localStream: Stream | null = null;
  #remoteStream: Stream | null = null;
  #isQuiet = false;
  #fault: unknown;
  #unlisten: (() => void) | undefined;

  constructor(media: MediaPort, speaker: Speaker, changed: () => void) {
    this.#media = media;
    this.#speaker = speaker;
    this.#changed = changed;
  }

  /** The browser plays no sound before the user does something on the page. */
  get isBlocked(): boolean {
    return this.#fault !== undefined;
  }

  attach({ local, remote }: Elements): void {
    if (local !== undefined) this.#attachLocal(local);
    if (remote !== undefined) this.#attachRemote(remote);
  }

  showLocal(stream: Stream): void {
    this.#localStream = stream;
    if (this.#local) show(this.#local, stream);
  }

  playRemote(stream: Stream): void {
    this.#hush(stream);
    if (stream === this.#remoteStream) return;
    this.#remoteStream = stream;
    void this.#play();
  }

  /** Plays nothing of the other side from now on, or all of it again. */
  quiet(on: boolean): void {
    this.#isQuiet = on;
    if (this.#remoteStream) this.#hush(this.#remoteStream);
  }

  /** Plays what was held back; rejects with `autoplay-blocked` outside of a click. */
  async play(): Promise<void> {
    await this.#play();
    if (this.isBlocked) throw clientError('autoplay-blocked', this.#fault);
  }

  /** Lets go of every element. */
  stop(): void {
    this.#localStream = null;
    this.#remoteStream = null;
    this.#setFault(undefined);
    clear(this.#local);
    this.#drop(this.#remote);
    this.#drop(this.#player);
  }

  #attachLocal(attached: Attached | null): void {
    const element = elementOf(attached);
    if (element !== this.#local) clear(this.#local);
    this.#local = element;
    if (element) show(element, this.#localStream ?? element.srcObject);
  }

  #attachRemote(attached: Attached | null): void {
    const element = elementOf(attached);
    if (element !== this.#remote) this.#drop(this.#remote);
    this.#remote = element;
    if (element !== null) this.#drop(this.#player);
    void this.#play();
  }

  async #play(): Promise<void> {
    const stream = this.#remoteStream;
    const element = stream && (this.#remote ?? (this.#player ??= this.#media.createPlayer?.()));
    if (!element) return;
    if (element.srcObject !== stream) element.srcObject = stream;
    this.#speaker.add(element);
    try {
      await element.play?.();
      if (element.srcObject === stream) this.#setFault(undefined);
    } catch (fault) {
      // A newer stream or a removed element interrupts play(): only a refusal of the browser counts.
      if (isNamed(fault, 'NotAllowedError') && element.srcObject === stream) this.#setFault(fault);
    }
  }

  /** At the tracks: whatever element plays them, attached now or later, is silent. */
  #hush(stream: Stream): void {
    for (const track of stream.getTracks()) track.enabled = !this.#isQuiet;
  }

  #setFault(fault: unknown): void {
    const wasBlocked = this.isBlocked;
    this.#fault = fault;
    if (wasBlocked === this.isBlocked) return;
    this.#unlisten?.();
    // Whatever the user does next on the page is the gesture that the browser waits for.
    this.#unlisten = this.isBlocked ? this.#media.onGesture?.(() => void this.#play()) : undefined;
    this.#changed();
  }

  #drop(element: MediaElement | null | undefined): void {
    clear(element);
    if (element) this.#speaker.remove(element);
  }
}
