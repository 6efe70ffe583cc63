import type { RinglineOptions } from '../../../src/rtm/agora.ts';
import AgoraRTM from '../../../src/rtm/agora.ts';
import ArRTM from '../../../src/rtm/anyrtc.ts';
import { FakeMedia, SeededRandomness, VirtualClock } from '@ringline/testkit';
import { ScriptedServer } from './scripted-server.ts';

/** An app id as both vendors give them. */
export const APP_ID = '0123456789abcdef0123456789abcdef';

/** Alice's page, its scripted server, and their virtual time. */
export class World<
  Client extends { login(options: { uid: string; token: string }): Promise<void> },
> {
  readonly clock = new VirtualClock();
  readonly server = new ScriptedServer(this.clock);
  readonly client: Client;

  constructor(create: (ringline: RinglineOptions) => Client, options: RinglineOptions = {}) {
    this.client = create({
      url: 'https://calls.test',
      clock: this.clock,
      randomness: new SeededRandomness('door'),
      openSocket: (_url, events) => this.server.connect(events),
      onWake: () => () => {},
      onNetworkChange: () => () => {},
      media: new FakeMedia(this.clock).device('alice1'),
      notes: null,
      ...options,
    });
  }

  pass(ms = 100): Promise<void> {
    return this.clock.advanceAsync(ms);
  }

  async done<Asked extends Promise<unknown>>(promise: Asked): Promise<Awaited<Asked>> {
    return (await this.clock.untilSettled(promise)) as Awaited<Asked>;
  }

  async login(): Promise<void> {
    await this.done(this.client.login({ uid: 'alice', token: 'token of alice' }));
  }
}

/** A page with agora-rtm-sdk's interface. */
export function agoraWorld(options?: RinglineOptions) {
  return new World((ringline) => AgoraRTM.createInstance(APP_ID, { ringline }), options);
}

/** A page with ar-rtm-sdk's interface. */
export function anyrtcWorld(options?: RinglineOptions) {
  return new World((ringline) => ArRTM.createInstance(APP_ID, { ringline }), options);
}

/** Both, for what is the same in them. */
export const DIALECTS = [
  ['agora', agoraWorld],
  ['anyrtc', anyrtcWorld],
] as const;

/** Logged in as alice. */
export async function agora(options?: RinglineOptions) {
  const world = agoraWorld(options);
  await world.login();
  return world;
}

/** Logged in as alice. */
export async function anyrtc(options?: RinglineOptions) {
  const world = anyrtcWorld(options);
  await world.login();
  return world;
}

/** Both, logged in as alice. */
export const LOGGED_IN = [
  ['agora', agora],
  ['anyrtc', anyrtc],
] as const;

/** The error with which a promise is rejected, or that a function throws: its number and name. */
export async function failureOf(
  act: Promise<unknown> | (() => unknown),
): Promise<[number, string]> {
  try {
    await (typeof act === 'function' ? act() : act);
  } catch (error) {
    const { code, data } = error as { code: number; data: string };
    return [code, data];
  }
  throw new Error('it did not fail');
}
