import type { Call } from '@ringline/client';
import type { SeededRandomness } from '@ringline/testkit';
import type { Consents } from './consents.ts';
import type { SimulatedDevice } from './device.ts';

/** What two people do with the call that they are in. */
export const ACTS = [
  'hold',
  'resume',
  'swap',
  'ask',
  'answer',
  'remove',
  'camera',
  'mute',
] as const;
type Act = (typeof ACTS)[number];

/** An act whose outcome is awaited on a page. */
interface Pending {
  readonly device: SimulatedDevice;
  readonly page: SimulatedDevice['page'];
  readonly call: Call;
  readonly act: Act;
  readonly since: number;
}

/** What the acts need of those who do them. */
export interface TalkParts {
  readonly randomness: SeededRandomness;
  readonly consents: Consents;
  readonly now: () => number;
  readonly later: (device: SimulatedDevice, fromMs: number, toMs: number, act: () => void) => void;
  readonly mind: (act: Promise<unknown>) => void;
}

/** Mutes, holds, resumes, asks for pictures, answers and removes them; each act drawn from the seed. */
export class Talk {
  /** How often each was done, whatever came of it. */
  readonly done = new Map<Act, number>();
  readonly #parts: TalkParts;
  readonly #pending = new Set<Pending>();

  constructor(parts: TalkParts) {
    this.#parts = parts;
  }

  /** Whether such an act of this page is on its way. */
  isUnderWay(call: Call, act: Act): boolean {
    return [...this.#pending].some((each) => each.call === call && each.act === act);
  }

  /** Acts on living pages that have had no outcome for so long, whatever it would be. */
  unsettled(ms: number): readonly string[] {
    const late = [...this.#pending].filter(
      ({ device, page, since }) => page === device.page && this.#parts.now() - since > ms,
    );
    return late.map(
      ({ device, call, act }) => `${act} of ${device.name} in ${call.id} has no outcome`,
    );
  }

  /** Begins to do one thing after the other, at most so many. */
  begin(device: SimulatedDevice, call: Call, times: number): void {
    const { randomness } = this.#parts;
    this.#hear(device, call);
    call.on('videoRequested', () => this.#hear(device, call));
    if (times === 0) return;
    const next = (left: number) =>
      this.#parts.later(device, 0, 6_000, () => {
        if (call.state !== 'established') return;
        this.#do(device, call, this.#next(call));
        // Two things at once: what a person does who is in a hurry, and what the server must put in order.
        if (randomness.chance(0.2)) this.#do(device, call, randomness.pick(ACTS));
        if (left > 1) next(left - 1);
      });
    next(times);
  }

  /** Whoever holds means to come back; everything else is as likely as it is possible, and often it is not. */
  #next(call: Call): Act {
    const { randomness } = this.#parts;
    if (!call.localHold || randomness.chance(0.4)) return randomness.pick(ACTS);
    return randomness.chance(0.5) ? 'resume' : 'swap';
  }

  /** Somebody asks for a picture: agrees, agrees without being seen, refuses, or does not look. */
  #hear(device: SimulatedDevice, call: Call): void {
    if (call.videoRequestedBy !== 'peer') return;
    if (this.#parts.randomness.chance(0.25)) return;
    this.#parts.later(device, 20, 5_000, () => this.#do(device, call, 'answer'));
  }

  #do(device: SimulatedDevice, call: Call, act: Act): void {
    this.done.set(act, (this.done.get(act) ?? 0) + 1);
    if (act === 'mute') return call.mute(!call.muted);
    const doing = this.#start(device, call, act);
    const pending = { device, page: device.page, call, act, since: this.#parts.now() };
    this.#pending.add(pending);
    this.#parts.mind(doing.finally(() => this.#pending.delete(pending)));
  }

  #start(device: SimulatedDevice, call: Call, act: Exclude<Act, 'mute'>): Promise<void> {
    const { randomness, consents } = this.#parts;
    switch (act) {
      case 'hold':
        return call.hold();
      case 'resume':
        return call.resume({ askVideo: randomness.chance(0.2) });
      case 'swap':
        return call.swap();
      case 'ask':
        return this.#agree(device, call, call.addVideo());
      case 'answer':
        return this.#answer(device, call);
      case 'remove':
        consents.withdraw(device, call);
        return call.removeVideo();
      case 'camera':
        return this.#camera(device, call);
    }
  }

  #answer(device: SimulatedDevice, call: Call): Promise<void> {
    const { randomness } = this.#parts;
    if (randomness.chance(0.3)) return call.replyVideo(false);
    if (randomness.chance(0.3)) return call.replyVideo(true, { camera: false });
    return this.#agree(device, call, call.replyVideo(true));
  }

  #camera(device: SimulatedDevice, call: Call): Promise<void> {
    if (!call.cameraOn) return this.#agree(device, call, call.camera(true));
    this.#parts.consents.withdraw(device, call);
    return call.camera(false);
  }

  #agree(device: SimulatedDevice, call: Call, act: Promise<void>): Promise<void> {
    this.#parts.consents.agreeing(device, call, act);
    return act;
  }
}
