import type { VirtualClock } from '../clock.ts';
import type { Link, PathTrouble } from './link.ts';
import type { FakePeerConnection } from './peer-connection.ts';
import type { FakeTransceiver } from './transceiver.ts';

interface Flow {
  readonly from: FakeTransceiver;
  readonly to: FakeTransceiver;
  /** The device that receives. */
  readonly device: string;
}

/** From the first packet of a track to its `unmute`, as measured in Chromium. */
const UNMUTE_MS = 20;

/** Counts the packets that would flow over links, as virtual time goes by. */
export class Traffic {
  readonly #clock: VirtualClock;
  readonly #troubleOf: (device: string) => PathTrouble;
  readonly #links = new Set<Link>();
  #countedAt: number;

  constructor(clock: VirtualClock, troubleOf: (device: string) => PathTrouble) {
    this.#clock = clock;
    this.#troubleOf = troubleOf;
    this.#countedAt = clock.now();
  }

  add(link: Link): void {
    this.#links.add(link);
  }

  remove(link: Link): void {
    this.#links.delete(link);
  }

  /** Counts what flowed until now; called before anything changes that matters to it. */
  count(): void {
    const seconds = (this.#clock.now() - this.#countedAt) / 1000;
    this.#countedAt = this.#clock.now();
    if (seconds === 0) return;
    for (const { from, to, device } of this.#flows()) {
      const packets = from.packetsPerSecond * seconds;
      const { lossRatio } = this.#troubleOf(device);
      to.receiver.packetsReceived += packets * (1 - lossRatio);
      to.receiver.packetsLost += packets * lossRatio;
    }
  }

  /** Unmutes the tracks whose first packets are on their way; called after such a change. */
  unmute(): void {
    for (const { from, to } of this.#flows()) {
      const { track } = to.receiver;
      if (track.muted && from.packetsPerSecond > 0) {
        this.#clock.after(UNMUTE_MS, () => (track.muted = false));
      }
    }
  }

  *#flows(): Generator<Flow> {
    for (const link of this.#links) {
      if (!link.flows) continue;
      const [a, b] = link.ends;
      yield* flowsFrom(a, b);
      yield* flowsFrom(b, a);
    }
  }
}

function* flowsFrom(one: FakePeerConnection, other: FakePeerConnection): Generator<Flow> {
  const { device } = other;
  for (const from of one.getTransceivers()) {
    const to = other.getTransceivers().find(({ mid }) => mid !== null && mid === from.mid);
    if (to !== undefined) yield { from, to, device };
  }
}
