import { FakeMedia, ProcessClock, SeededRandomness, VirtualClock } from '@ringline/testkit';
import type { FakeMediaDevice } from '@ringline/testkit';
import type { Call, CallEvents, CallOptions, ClientOptions } from '../../src/index.ts';
import { RinglineClient, RinglineError } from '../../src/index.ts';
import { ScriptedServer } from './scripted-server.ts';
import { INCOMING, ringing } from './views.ts';

/** Alice's device, its scripted server, and their virtual time. */
export class World {
  readonly clock = new VirtualClock();
  /** Alice's machine, which can sleep. */
  readonly machine = new ProcessClock(this.clock);
  readonly media: FakeMedia;
  readonly alice1: FakeMediaDevice;
  readonly server: ScriptedServer;
  readonly client: RinglineClient;
  wake: () => void = () => {};
  changeNetwork: () => void = () => {};

  constructor(options: Partial<ClientOptions> = {}) {
    this.media = new FakeMedia(this.clock);
    this.alice1 = this.media.device('alice1');
    this.server = new ScriptedServer(this.clock);
    this.client = new RinglineClient({
      url: 'https://calls.test',
      ...(options.tokenProvider === undefined && { token: 'token of alice' }),
      deviceId: 'alice1',
      clock: this.machine,
      randomness: new SeededRandomness('client'),
      openSocket: (_url, events) => this.server.connect(events),
      onWake: (wake) => {
        this.wake = wake;
        return () => {};
      },
      onNetworkChange: (changed) => {
        this.changeNetwork = changed;
        return () => {};
      },
      media: this.alice1,
      ...options,
    });
  }

  pass(ms = 100): Promise<void> {
    return this.clock.advanceAsync(ms);
  }

  async connect(): Promise<void> {
    await this.clock.untilSettled(this.client.connect());
  }

  done<Value>(promise: Promise<Value>): Promise<Value> {
    return this.clock.untilSettled(promise);
  }

  /** Bob calls; gives the call as alice's app got it. */
  async incoming(more: Parameters<typeof ringing>[0] = {}): Promise<Call> {
    this.server.show(ringing(more));
    await this.pass();
    const call = this.client.getCall(more.id ?? INCOMING);
    if (call === undefined) throw new Error('no call came in');
    return call;
  }

  /** Alice calls bob, who was invited. */
  outgoing(options: CallOptions = {}): Promise<Call> {
    return this.done(this.client.call('bob', options));
  }
}

/** A world whose client is connected. */
export async function connected(options: Partial<ClientOptions> = {}): Promise<World> {
  const world = new World(options);
  await world.connect();
  return world;
}

const NAMES = [
  'ringing',
  'accepted',
  'connected',
  'reconnecting',
  'reconnected',
  'ended',
] as const satisfies readonly (keyof CallEvents)[];

/** The names of the events a call raises from now on, without stateChanged. */
export function eventsOf(call: Call): string[] {
  const told: string[] = [];
  for (const name of NAMES) call.on(name, () => told.push(name));
  call.on('problem', ({ code }) => told.push(`problem ${code}`));
  return told;
}

/** The code with which a promise is rejected. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof RinglineError) return error.code;
    throw error;
  }
  throw new Error('it was not rejected');
}
