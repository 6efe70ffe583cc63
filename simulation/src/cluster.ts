import type { Preconnect } from '@ringline/protocol';
import type {
  Authenticator,
  CallRetentionLimits,
  Retention,
  SocketEvents,
  Socket,
  Store,
  Verdict,
} from '@ringline/server';
import { RinglineNode, StoreFault } from '@ringline/server';
import { MemoryStore } from '@ringline/server/store/memory';
import type { AcceptSocket, FakeMedia, SeededRandomness, VirtualClock } from '@ringline/testkit';
import { ProcessClock } from '@ringline/testkit';
import { ClusterBus } from './lossy-bus.ts';
import { mortalStore } from './mortal.ts';
import { Counts, ErrorLog } from './quiet.ts';
import { SimulatedVoice } from './voice.ts';

/** Tokens of the simulation: the user, a bar, and when it expires. */
export function tokenFor(user: string, expiresAt: number): string {
  return `${user}|${expiresAt}`;
}

class BarAuthenticator implements Authenticator {
  readonly #clock: ProcessClock;
  constructor(clock: ProcessClock) {
    this.#clock = clock;
  }
  verify(token: string): Promise<Verdict> {
    const [user = '', until] = token.split('|');
    const expiresAt = Number(until);
    const kind = expiresAt <= this.#clock.now() ? 'expired' : 'valid';
    return Promise.resolve({ kind, identity: { peer: { user }, policy: {}, expiresAt } });
  }
}

/** How hostile a run is. */
export interface Weather {
  readonly nodes: number;
  /** One way between a node and the store, in milliseconds, at most. */
  readonly storeDelayMs: number;
  /** The part of deliveries that the bus loses. */
  readonly busLoss: number;
  /** By how much a node's clock may be wrong, forward or back. */
  readonly skewMs: number;
  /** Whether the store has a time of its own, by which nodes set theirs. */
  readonly hasStoreClock: boolean;
  /** The part of device commands that arrives twice. */
  readonly doubled: number;
  /** How much may be connected while it rings. */
  readonly preconnect: Preconnect;
  /** Whether callers hear the server's ringing tone. */
  readonly hasRingback: boolean;
  /** How much of inboxes is kept. */
  readonly retention: Retention;
  /** How long logs of calls that are over are whole; records are kept for ever. */
  readonly callRetention: Pick<CallRetentionLimits, 'logMs'>;
}

const TURN = { urls: ['turn:turn.test'], username: 'somebody', credential: 'secret' };

/** How soon a node that could not start is started again. */
const RESTART_MS = 1_000;

interface Running {
  readonly clock: ProcessClock;
  readonly node: RinglineNode;
  readonly sockets: Set<Socket>;
  readonly voice: SimulatedVoice;
}

/** Nodes over one store and one bus that can be killed and started again. */
export class Cluster {
  readonly store: Store;
  readonly log = new ErrorLog();
  readonly counts = new Counts();
  readonly #bus: ClusterBus;
  readonly #clock: VirtualClock;
  readonly #media: FakeMedia;
  readonly #randomness: SeededRandomness;
  readonly #weather: Weather;
  readonly #running: (Running | undefined)[];
  /** Until when each node finds no store. */
  readonly #storeAwayUntil: number[];
  /** By how much each node's clock is wrong. */
  readonly #aheadMs: readonly number[];

  constructor(
    clock: VirtualClock,
    randomness: SeededRandomness,
    media: FakeMedia,
    weather: Weather,
  ) {
    this.#clock = clock;
    this.#media = media;
    this.#randomness = randomness;
    this.#weather = weather;
    this.#bus = new ClusterBus(clock, this.log, weather.busLoss);
    this.#running = Array.from({ length: weather.nodes }, () => undefined);
    this.#storeAwayUntil = this.#running.map(() => 0);
    const skews = randomness.fork('skews');
    this.#aheadMs = this.#running.map(() => skews.integer(-weather.skewMs, weather.skewMs));
    this.store = new MemoryStore(
      () =>
        new Promise((resolve) => {
          clock.after(randomness.integer(0, weather.storeDelayMs), resolve);
        }),
      weather.hasStoreClock ? clock : undefined,
    );
  }

  get weather(): Weather {
    return this.#weather;
  }

  /** By how much two nodes may differ about what time it is. */
  get doubtMs(): number {
    const { hasStoreClock, skewMs, storeDelayMs } = this.#weather;
    return hasStoreClock ? storeDelayMs : 2 * skewMs;
  }

  get indexes(): readonly number[] {
    return this.#running.map((_, index) => index);
  }

  /** How many devices hear a voice. */
  get listeners(): number {
    return this.#running.reduce((sum, each) => sum + (each?.voice.listeners ?? 0), 0);
  }

  /** How many sockets a node has. */
  socketsOf(index: number): number {
    return this.#running[index]?.sockets.size ?? 0;
  }

  isUp(index: number): boolean {
    return this.#running[index]?.node.serves ?? false;
  }

  /** Starts a node as a new incarnation; one that runs already is left alone. */
  async start(index: number): Promise<void> {
    if (this.#running[index]) return;
    const clock = new ProcessClock(this.#clock, this.#aheadMs[index]);
    const randomness = this.#randomness.fork(`node ${index} at ${clock.now()}`);
    const voice = new SimulatedVoice(this.#media, clock, randomness.fork('voice'));
    const node = new RinglineNode({
      authenticator: new BarAuthenticator(clock),
      bus: this.#bus.of(index, clock, randomness.fork('bus')),
      clock,
      log: this.log,
      metrics: this.counts,
      randomness,
      iceServers: () => ({
        servers: [TURN],
        relayOnly: false,
        preconnect: this.#weather.preconnect,
      }),
      store: mortalStore(this.store, clock, () => this.#isStoreAway(index)),
      ownsStore: this.#weather.nodes === 1,
      voice,
      hasRingback: this.#weather.hasRingback,
      retention: this.#weather.retention,
      callRetention: this.#weather.callRetention,
    });
    this.#running[index] = { clock, node, sockets: new Set(), voice };
    try {
      await node.start();
    } catch (error) {
      if (!(error instanceof StoreFault)) throw error;
      // As a supervisor does: it is started again until the store is there.
      this.kill(index);
      this.#clock.after(RESTART_MS, () => void this.start(index));
    }
  }

  /** The node finds no store for so long. */
  loseStore(index: number, ms: number): void {
    this.#storeAwayUntil[index] = this.#clock.now() + ms;
  }

  /** The node hears no other over the bus for so long, nor is it heard. */
  loseBus(index: number, ms: number): void {
    this.#bus.cutOff(index, ms);
  }

  /** Every node finds store and bus again. */
  mendNetworks(): void {
    this.#storeAwayUntil.fill(0);
    this.#bus.mend();
  }

  #isStoreAway(index: number): boolean {
    return this.#clock.now() < (this.#storeAwayUntil[index] ?? 0);
  }

  /** kill -9: its sockets break, and nothing of it runs any more. */
  kill(index: number): void {
    const running = this.#running[index];
    if (!running) return;
    running.clock.kill();
    running.voice.kill();
    this.#running[index] = undefined;
    for (const socket of running.sockets) socket.terminate();
  }

  /** A graceful stop. */
  async stop(index: number): Promise<void> {
    const running = this.#running[index];
    if (!running) return;
    await running.node.drain();
    await running.node.stop();
    running.clock.kill();
    running.voice.kill();
    if (this.#running[index] === running) this.#running[index] = undefined;
  }

  /** A node that takes sockets now, or undefined when none does. */
  anyNode(randomness: SeededRandomness): AcceptSocket | undefined {
    const up = this.#running.filter((each) => each?.node.serves);
    const chosen = up.length > 0 ? randomness.pick(up) : undefined;
    return chosen && ((socket) => take(chosen, socket));
  }
}

function take(running: Running, socket: Socket): SocketEvents {
  running.sockets.add(socket);
  const events = running.node.accept(socket);
  const alive =
    <T extends unknown[]>(tell: (...given: T) => void) =>
    (...given: T) => {
      if (!running.clock.isDead) tell(...given);
    };
  return {
    text: alive((frame: string) => events.text(frame)),
    pong: alive(() => events.pong()),
    closed: alive((code: number) => {
      running.sockets.delete(socket);
      events.closed(code);
    }),
  };
}
