import type { CallId, Signal } from '@ringline/protocol';
import type { FakePeerConnection } from '@ringline/testkit';
import { Negotiation } from '../../src/negotiation/negotiation.ts';
import type { NegotiationRole } from '../../src/negotiation/negotiation.ts';
import { PLAIN_ICE } from './ice.ts';
import { INCOMING } from './views.ts';
import type { World } from './world.ts';

/** Which device of bob it is, and in which call. */
export interface FarDeviceIdentity {
  readonly name?: string;
  readonly epoch?: number;
  readonly call?: CallId;
  /** Bob offers where he calls. */
  readonly role?: NegotiationRole;
  /** It connects before the answer. */
  readonly isRinging?: boolean;
}

/** A device of bob as far as media goes: what it says reaches alice's device by way of the server, and the other way round. */
export class FarDevice {
  readonly connection: FakePeerConnection;
  readonly negotiation: Negotiation;
  readonly #world: World;
  readonly #identity: Required<FarDeviceIdentity>;
  #heard = 0;

  constructor(world: World, identity: FarDeviceIdentity = {}) {
    this.#world = world;
    this.#identity = {
      name: 'bob1',
      epoch: 1,
      call: INCOMING,
      role: 'offerer',
      isRinging: false,
      ...identity,
    };
    const { name, role, isRinging } = this.#identity;
    const device = world.media.device(name);
    this.connection = device.createPeerConnection();
    const { connection } = this;
    const { clock } = world;
    this.negotiation = new Negotiation(
      { role, connection, ice: PLAIN_ICE, stream: device.createStream(), clock, isRinging },
      {
        signal: (signal) => this.#send(signal),
        connectionChanged: () => {},
        failed: (fault) => {
          throw fault;
        },
      },
    );
    this.#listen();
  }

  /** Whether sound of alice has come in. */
  get hears(): boolean {
    return this.connection.getTransceivers().some(({ receiver }) => !receiver.track.muted);
  }

  /** Offers with an open microphone. */
  async call(): Promise<void> {
    await this.talk();
    this.negotiation.start();
  }

  /** Opens the microphone. */
  async talk(): Promise<void> {
    const device = this.#world.media.device(this.#identity.name);
    const [track] = (await this.#world.done(device.getUserMedia({ audio: true }))).getTracks();
    void this.negotiation.setTrack('audio', track!);
  }

  #send(signal: Signal): void {
    const { name: from, epoch, call } = this.#identity;
    this.#world.server.say({ type: 'signal', call, from, epoch, signal });
  }

  #listen(): void {
    const { name, epoch } = this.#identity;
    const signals = this.#world.server.all('signal');
    const news = signals.slice(this.#heard).filter((each) => each.epoch === epoch);
    this.#heard = signals.length;
    for (const { to, signal } of news) if (to === name) this.negotiation.receive(signal);
    this.#world.clock.after(10, () => this.#listen());
  }
}
