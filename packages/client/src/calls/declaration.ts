import type { CallId, EstablishedCallView } from '@ringline/protocol';
import type { Requests } from '../signalling/requests.ts';

/** Whether sound and picture are sent. */
export interface Sends {
  readonly microphone: boolean;
  readonly camera: boolean;
}

/** What a declaration asks of its call. */
export interface DeclarationParts {
  readonly call: CallId;
  readonly requests: Requests;
  /** The newest view while the call is established here, or undefined. */
  view(): EstablishedCallView | undefined;
  /** What this device sends now. */
  sends(): Sends;
}

/** This device's word about what it sends: said when the server knows otherwise, one at a time. */
export class Declaration {
  readonly #parts: DeclarationParts;
  #isSpeaking = false;
  /** What the server has answered since the newest view. */
  #told: Sends | undefined;

  constructor(parts: DeclarationParts) {
    this.#parts = parts;
  }

  /** A newer view came: it says what the server knows. */
  viewed(): void {
    this.#told = undefined;
    this.look();
  }

  /** Says what is sent, unless the server knows it or is being told. */
  look(): void {
    const view = this.#parts.view();
    if (this.#isSpeaking || view === undefined) return;
    const sends = this.#parts.sends();
    if (!isSame(sends, this.#told ?? knownFrom(view))) void this.#say(sends);
  }

  async #say(sends: Sends): Promise<void> {
    const { call, requests } = this.#parts;
    this.#isSpeaking = true;
    const build = () => ({ type: 'declare', call, ...sends }) as const;
    const isWanted = () => this.#parts.view() !== undefined && isSame(sends, this.#parts.sends());
    // Refused for good: the newest view says what the call has become.
    const isHeard = await requests.insist(build, isWanted).catch(() => true);
    this.#isSpeaking = false;
    if (isHeard) this.#told = sends;
    // Switched meanwhile: only the last position is told.
    this.look();
  }
}

function knownFrom({ muted, cameraOff }: EstablishedCallView): Sends {
  return { microphone: muted !== true, camera: cameraOff !== true };
}

function isSame(one: Sends, other: Sends): boolean {
  return one.microphone === other.microphone && one.camera === other.camera;
}
