import type { Candidate, Description, Signal } from '@ringline/protocol';
import { isRelayed, withRelaysOnly } from './sdp.ts';

/** What one side has said of itself: its newest description and what was found for it. */
export class Said {
  /** Only relayed paths are shown. The browser keeps to the policy; what it is for is worth a second look. */
  hidesAddresses = false;
  readonly #send: (signal: Signal) => void;
  #description: Description | undefined;
  #candidates: Candidate[] = [];

  constructor(send: (signal: Signal) => void) {
    this.#send = send;
  }

  /** A new description takes the place of the old; it is for the caller to say it when it stands. */
  begin({ type, sdp }: Description): void {
    this.#description = { type, sdp: this.hidesAddresses ? withRelaysOnly(sdp) : sdp };
    this.#candidates = [];
  }

  describe(): void {
    if (this.#description !== undefined) {
      this.#send({ kind: 'description', description: this.#description });
    }
  }

  found(candidate: Candidate | null): void {
    if (candidate === null || candidate.candidate === '') return;
    if (this.hidesAddresses && !isRelayed(candidate.candidate)) return;
    const { candidate: line, sdpMid, sdpMLineIndex } = candidate;
    const plain = { candidate: line, sdpMid, sdpMLineIndex };
    this.#candidates.push(plain);
    this.#send({ kind: 'candidate', candidate: plain });
  }

  /** The other device may have missed it. */
  again(): void {
    this.describe();
    for (const candidate of this.#candidates) this.#send({ kind: 'candidate', candidate });
  }
}
