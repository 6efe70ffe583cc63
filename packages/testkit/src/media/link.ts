import type { Timer, VirtualClock } from '../clock.ts';
import type { FakePeerConnection } from './peer-connection.ts';

/** How long things take in the fake world, in milliseconds. */
export interface MediaTimes {
  /** From asking for a microphone or camera to having it. */
  readonly openMs: number;
  /** From a local description to its candidates. */
  readonly gatherMs: number;
  /** From the last matching description and candidate to `connected`. */
  readonly connectMs: number;
  /** From a cut to `disconnected`: Chromium takes about five seconds. */
  readonly disconnectedMs: number;
  /** From a cut, or from a beginning that leads nowhere, to `failed`. */
  readonly failedMs: number;
}

/** What the way to a device does to packets. */
export interface PathTrouble {
  /** Of the packets to it, 0 to 1. */
  readonly lossRatio: number;
  /** Milliseconds to the other side and back. */
  readonly rttMs: number;
}

type LinkState = 'connecting' | 'connected' | 'disconnected' | 'failed';

/** What a link is made of. */
export interface LinkParts {
  readonly clock: VirtualClock;
  readonly times: MediaTimes;
  readonly ends: readonly [FakePeerConnection, FakePeerConnection];
  /** Both ends' ICE credentials: a restart makes another link. */
  readonly key: string;
  /** Called before packets begin or cease to flow, and after. */
  readonly flowChanges: (change: () => void) => void;
}

/** Two peer connections that negotiated with each other. */
export class Link {
  readonly ends: readonly [FakePeerConnection, FakePeerConnection];
  readonly key: string;
  readonly #parts: LinkParts;
  #timers: Timer[] = [];
  #flows = false;
  #isOver = false;

  constructor(parts: LinkParts) {
    this.#parts = parts;
    this.ends = parts.ends;
    this.key = parts.key;
  }

  /** Whether packets that are sent arrive. */
  get flows(): boolean {
    return this.#flows;
  }

  /** Begins to connect; what an older link carried goes on meanwhile (RFC 8445 §2.4). */
  start(how: { readonly isCut: boolean; readonly goesOn: boolean }): void {
    if (how.goesOn) return this.#rise();
    this.#tell('connecting');
    if (how.isCut) this.#after(this.#parts.times.failedMs, () => this.fail());
    else this.#after(this.#parts.times.connectMs, () => this.#rise());
  }

  /** Packets stop now, and the ends notice later. */
  cut(): void {
    if (this.#isOver) return;
    this.#stopFlowing();
    this.#after(this.#parts.times.disconnectedMs, () => this.#tell('disconnected'));
    this.#after(this.#parts.times.failedMs, () => this.fail());
  }

  /** The path is back: good enough unless it has failed, after which only an ICE restart helps. */
  restore(): void {
    if (this.#isOver || this.#flows) return;
    this.#stopFlowing();
    this.#after(this.#parts.times.connectMs, () => this.#rise());
  }

  /** Fails now. */
  fail(): void {
    if (this.#isOver) return;
    this.end();
    this.#tell('failed');
  }

  /** Another link takes its place. */
  end(): void {
    this.#isOver = true;
    this.#stopFlowing();
  }

  #rise(): void {
    this.#parts.flowChanges(() => (this.#flows = true));
    this.#tell('connected');
  }

  #stopFlowing(): void {
    for (const timer of this.#timers) timer.cancel();
    this.#timers = [];
    this.#parts.flowChanges(() => (this.#flows = false));
  }

  #tell(state: LinkState): void {
    for (const end of this.ends) if (end.link === this) end.enter(state);
  }

  #after(ms: number, run: () => void): void {
    this.#timers.push(this.#parts.clock.after(ms, run));
  }
}
