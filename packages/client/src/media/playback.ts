import type { MediaElement, Stream } from './media.ts';

/** Elements of the page; null takes one away, undefined leaves it as it is. */
export interface Elements {
  readonly local?: MediaElement | null;
  readonly remote?: MediaElement | null;
}

/** Shows the call's own picture and plays the other side's, once there is something to play. */
export class Playback {
  readonly #blocked: (fault: unknown) => void;
  readonly #createPlayer: () => MediaElement | undefined;
  #local: MediaElement | null = null;
  #remote: MediaElement | null = null;
  /** Sounds while the app has attached no element of its own. */
  #player: MediaElement | undefined;
  #localStream: Stream | null = null;
  #remoteStream: Stream | null = null;

  constructor(createPlayer: () => MediaElement | undefined, blocked: (fault: unknown) => void) {
    this.#createPlayer = createPlayer;
    this.#blocked = blocked;
  }

  attach({ local, remote }: Elements): void {
    if (local !== undefined) this.#attachLocal(local);
    if (remote !== undefined) this.#attachRemote(remote);
  }

  showLocal(stream: Stream): void {
    this.#localStream = stream;
    this.#play(this.#local, stream);
  }

  playRemote(stream: Stream): void {
    if (stream === this.#remoteStream) return;
    this.#remoteStream = stream;
    this.#play(this.#remote ?? this.#ownPlayer(), stream);
  }

  /** Lets go of every element. */
  stop(): void {
    this.#localStream = null;
    this.#remoteStream = null;
    for (const element of [this.#local, this.#remote, this.#player]) clear(element);
  }

  #attachLocal(element: MediaElement | null): void {
    if (element !== this.#local) clear(this.#local);
    this.#local = element;
    // One's own voice from one's own loudspeaker is an echo.
    if (element !== null) element.muted = true;
    this.#play(element, this.#localStream);
  }

  #attachRemote(element: MediaElement | null): void {
    if (element !== this.#remote) clear(this.#remote);
    this.#remote = element;
    if (element !== null) clear(this.#player);
    this.#play(element ?? this.#ownPlayer(), this.#remoteStream);
  }

  #ownPlayer(): MediaElement | null {
    if (this.#remoteStream === null) return null;
    this.#player ??= this.#createPlayer();
    return this.#player ?? null;
  }

  #play(element: MediaElement | null, stream: Stream | null): void {
    if (element === null || stream === null) return;
    if (element.srcObject !== stream) element.srcObject = stream;
    element.play?.()?.catch((fault: unknown) => {
      // A newer stream or a removed element interrupts play(): only a refusal of the browser counts.
      if (fault instanceof Error && fault.name === 'NotAllowedError') this.#blocked(fault);
    });
  }
}

function clear(element: MediaElement | null | undefined): void {
  if (element) element.srcObject = null;
}
