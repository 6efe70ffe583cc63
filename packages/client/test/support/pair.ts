import type { Signal } from '@ringline/protocol';
import { FakeMedia, VirtualClock } from '@ringline/testkit';
import type { FakePeerConnection } from '@ringline/testkit';
import type { IceSource } from '../../src/negotiation/ice.ts';
import { Negotiation } from '../../src/negotiation/negotiation.ts';
import type { NegotiationRole } from '../../src/negotiation/negotiation.ts';
import { PLAIN_ICE } from './ice.ts';

const WAY_MS = 20;

/** One end of a negotiation and what it said. */
export class Side {
  readonly said: Signal[] = [];
  readonly failures: unknown[] = [];
  readonly connection: FakePeerConnection;
  readonly negotiation: Negotiation;
  isConnected = false;
  #isOffline = false;
  ice = PLAIN_ICE;
  /** Takes what this side says; the test may lose or change it. */
  carry: (signal: Signal) => void = () => {};

  constructor(name: string, role: NegotiationRole, media: FakeMedia) {
    const device = media.device(name);
    this.connection = device.createPeerConnection();
    const { connection } = this;
    const { clock } = media;
    const ice = () => this.ice;
    const isOnline = () => !this.#isOffline;
    const proxy: IceSource = {
      configuration: (isRinging) => ice().configuration(isRinging),
      get canSignal() {
        return isOnline();
      },
      refresh: () => ice().refresh(),
    };
    this.negotiation = new Negotiation(
      { role, connection, ice: proxy, stream: device.createStream(), clock },
      {
        signal: (signal) => {
          if (this.#isOffline) return;
          this.said.push(signal);
          this.carry(signal);
        },
        connectionChanged: (isConnected) => (this.isConnected = isConnected),
        failed: (fault) => this.failures.push(fault),
      },
    );
  }

  /** Its signalling is away: what it says is lost, and it knows. */
  goOffline(): void {
    this.#isOffline = true;
  }

  goOnline(): void {
    this.#isOffline = false;
  }

  get isOffline(): boolean {
    return this.#isOffline;
  }

  count(kind: Signal['kind']): number {
    return this.said.filter((signal) => signal.kind === kind).length;
  }

  get descriptions(): string[] {
    return this.said.flatMap((each) =>
      each.kind === 'description' ? [each.description.type] : [],
    );
  }
}

/** Two negotiations with each other. */
export class Pair {
  readonly clock = new VirtualClock();
  readonly media = new FakeMedia(this.clock);
  readonly alice = new Side('alice1', 'offerer', this.media);
  readonly bob = new Side('bob1', 'answerer', this.media);

  constructor() {
    this.alice.carry = (signal) => this.#post(this.bob, signal);
    this.bob.carry = (signal) => this.#post(this.alice, signal);
  }

  #post(to: Side, signal: Signal): void {
    this.clock.after(WAY_MS, () => {
      if (!to.isOffline) to.negotiation.receive(signal);
    });
  }

  start(): void {
    this.alice.negotiation.start();
    this.bob.negotiation.start();
  }

  pass(ms = 1000): Promise<void> {
    return this.clock.advanceAsync(ms);
  }

  get areConnected(): boolean {
    return this.alice.isConnected && this.bob.isConnected;
  }
}

/** A pair that has connected a second ago. */
export async function connectedPair(): Promise<Pair> {
  const pair = new Pair();
  pair.start();
  await pair.pass();
  if (!pair.areConnected) throw new Error('the two did not connect');
  return pair;
}
