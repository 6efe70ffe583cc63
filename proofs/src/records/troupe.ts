import { setTimeout as pass } from 'node:timers/promises';
import type { Call, CallOptions } from '@ringline/client';
import { MIN_RING_TIMEOUT_MS } from '@ringline/protocol';
import type { SeededRandomness } from '@ringline/testkit';
import type { Device, Placed } from './device.ts';
import { until } from './device.ts';
import type { Ledger } from './ledger.ts';
import { answer, attempted, orHungUp, place } from './people.ts';

/** What is played, and how many calls each makes at most. */
export const PLAYS = {
  'hung up by the caller': 1,
  'hung up by the callee': 1,
  'held and resumed': 1,
  'picture agreed to': 1,
  'picture refused': 1,
  'picture taken back': 1,
  'called with a picture': 1,
  'answered twice': 1,
  cancelled: 1,
  refused: 1,
  'no answer': 1,
  offline: 1,
  busy: 2,
  'second call answered': 2,
  'second call refused': 2,
  'both call': 2,
  messages: 0,
} as const;
export type Play = keyof typeof PLAYS;
export const PLAY_NAMES = Object.keys(PLAYS) as readonly Play[];

/** Milliseconds of talk, and of a phone that rings, at most. */
const TALK_MS = 200;
const RINGS_MS = 100;
/** So many are written at once, at most. */
const TEXTS = 5;
/** Of a call that nobody is going to answer. */
const SHORT: CallOptions = { ringTimeoutMs: MIN_RING_TIMEOUT_MS };

/** Those who play: Alice and Bob have two devices each, and Carol takes a second call. */
export interface Cast {
  readonly alice: readonly Device[];
  readonly bob: readonly Device[];
  readonly carol: Device;
  /** A user without any device. */
  readonly nobody: string;
}

/** A call that was answered, as its two devices see it. */
interface Talk {
  readonly made: Placed;
  readonly near: Call;
  readonly far: Call;
}

/** Three people who call each other, one play at a time, whatever happens to the server meanwhile. */
export class Troupe {
  readonly #cast: Cast;
  readonly #randomness: SeededRandomness;
  readonly #ledger: Ledger;
  readonly #plays: Readonly<Record<Play, () => Promise<void>>> = {
    'hung up by the caller': () => this.#talk(({ near }) => this.#hangUp(near)),
    'hung up by the callee': () => this.#talk(({ far }) => this.#hangUp(far)),
    'held and resumed': () => this.#talk((talk) => this.#hold(talk)),
    'picture agreed to': () => this.#talk((talk) => this.#agreeToPicture(talk)),
    'picture refused': () => this.#talk((talk) => this.#refusePicture(talk)),
    'picture taken back': () => this.#talk((talk) => this.#takePictureBack(talk)),
    'called with a picture': () => this.#talk((talk) => this.#see(talk), { media: 'video' }),
    'answered twice': () => this.#answeredTwice(),
    cancelled: () => this.#cancel(),
    refused: () => this.#refuse(),
    'no answer': () => this.#call(this.#alice, this.#bob.user, undefined, SHORT),
    offline: () => this.#call(this.#alice, this.#cast.nobody, undefined, SHORT),
    busy: () => this.#callTwice(),
    'second call answered': () => this.#secondCall((made, first) => this.#swap(made, first)),
    'second call refused': () => this.#secondCall((made) => this.#refuseSecond(made)),
    'both call': () => this.#bothCall(),
    messages: () => this.#writeSome(),
  };
  /** Calls of the play that is on: two that met are one. */
  readonly #made = new Set<string>();
  /** Counts texts, so that no two are the same. */
  #written = 0;

  constructor(cast: Cast, randomness: SeededRandomness, ledger: Ledger) {
    this.#cast = cast;
    this.#randomness = randomness;
    this.#ledger = ledger;
  }

  /** Plays one, to the end of its calls; gives how many they were. */
  async play(what: Play): Promise<number> {
    this.#made.clear();
    await this.#plays[what]();
    return this.#made.size;
  }

  /** One of a user's devices, whichever is at hand. */
  get #alice(): Device {
    return this.#randomness.pick(this.#cast.alice);
  }

  get #bob(): Device {
    return this.#randomness.pick(this.#cast.bob);
  }

  async #writeSome(): Promise<void> {
    const times = this.#randomness.integer(1, TEXTS);
    await Promise.all(Array.from({ length: times }, () => this.#write()));
  }

  async #write(): Promise<void> {
    const { alice, bob, carol, nobody } = this.#cast;
    const from = this.#randomness.pick([...alice, ...bob, carol]);
    const users = [...new Set([...alice, ...bob, carol].map(({ user }) => user)), nobody];
    const to = this.#randomness.pick(users.filter((user) => user !== from.user));
    const text = `${from.user} writes number ${++this.#written}`;
    this.#ledger.unsureTexts.add(text);
    const sending = from.client.send(to, text).then(({ id }) => {
      this.#ledger.unsureTexts.delete(text);
      this.#ledger.messages.set(id, { from: from.user, to, text });
    });
    await attempted(sending);
  }

  /** Calls, does something about it, and waits for the end. */
  async #call(
    caller: Device,
    callee: string,
    act: (made: Placed) => Promise<void> = nothing,
    options?: CallOptions,
  ): Promise<void> {
    const made = await this.#place(caller, callee, options);
    await Promise.all([act(made), orHungUp(made)]);
  }

  async #place(caller: Device, callee: string, options?: CallOptions): Promise<Placed> {
    const made = await place(this.#ledger, caller, callee, options);
    this.#made.add(made.id);
    return made;
  }

  async #cancel(): Promise<void> {
    const bob = this.#bob;
    await this.#call(this.#alice, bob.user, async (made) => {
      if (this.#randomness.chance(0.5)) await bob.incoming(made);
      await pass(this.#randomness.integer(0, RINGS_MS));
      await attempted(made.call.cancel());
    });
  }

  async #refuse(): Promise<void> {
    const bob = this.#bob;
    await this.#call(this.#alice, bob.user, async (made) => {
      await attempted((await bob.incoming(made))?.refuse());
    });
  }

  /** Alice calls, Bob answers, both hear each other, and something comes of it. */
  async #talk(act: (talk: Talk) => Promise<void>, options?: CallOptions): Promise<void> {
    await this.#talkBetween([this.#alice, this.#bob], act, options);
  }

  async #talkBetween(
    [caller, callee]: readonly [Device, Device],
    act: (talk: Talk) => Promise<void>,
    options?: CallOptions,
  ): Promise<void> {
    const talk = async (made: Placed) => {
      const near = made.call;
      const far = await answer(callee, made);
      await until(near, () => near.connection === 'connected');
      if (far) await act({ made, near, far });
      await this.#hangUp(near);
    };
    await this.#call(caller, callee.user, talk, options);
  }

  async #hangUp(call: Call): Promise<void> {
    await pass(this.#randomness.integer(0, TALK_MS));
    await attempted(call.end());
  }

  async #hold({ near, far }: Talk): Promise<void> {
    const isHeld = (await attempted(near.hold())) && (await attempted(far.hold()));
    await attempted(far.resume());
    const isResumed = await attempted(near.resume());
    if (isHeld && isResumed) this.#ledger.did('held and resumed by both');
  }

  async #see({ near }: Talk): Promise<void> {
    if (near.media === 'video') this.#ledger.did('a call was answered on a picture');
    await attempted(near.removeVideo());
  }

  async #agreeToPicture({ near, far }: Talk): Promise<void> {
    const isOn = (await this.#askForPicture(near, far)) && (await attempted(far.replyVideo(true)));
    if (isOn) this.#ledger.did('a picture was agreed to');
    const either = this.#randomness.pick([near, far]);
    if (isOn && (await attempted(either.removeVideo()))) this.#ledger.did('a picture was removed');
  }

  async #refusePicture({ near, far }: Talk): Promise<void> {
    const isAsked = await this.#askForPicture(far, near);
    if (isAsked && (await attempted(near.replyVideo(false)))) {
      this.#ledger.did('a picture was refused');
    }
  }

  async #takePictureBack({ near }: Talk): Promise<void> {
    const isAsked = await attempted(near.addVideo());
    if (isAsked && (await attempted(near.removeVideo()))) {
      this.#ledger.did('a request for a picture was taken back');
    }
  }

  /** Whether the other side has come to know that it is asked. */
  async #askForPicture(asker: Call, asked: Call): Promise<boolean> {
    if (!(await attempted(asker.addVideo()))) return false;
    await until(asked, () => asked.videoRequestedBy === 'peer' || asked.videoEnd !== undefined);
    return asked.videoRequestedBy === 'peer';
  }

  /** Both devices of Bob answer at once. */
  async #answeredTwice(): Promise<void> {
    const { bob } = this.#cast;
    await this.#call(this.#alice, this.#bob.user, async (made) => {
      const answers = await Promise.all(bob.map((device) => answer(device, made)));
      const rang = answers.filter((call) => call !== undefined).length;
      if (rang === 1) this.#ledger.did('both devices answered, and one was first');
      await this.#hangUp(made.call);
    });
  }

  /** Alice and Bob call each other in the same moment. */
  async #bothCall(): Promise<void> {
    const [alice, bob] = [this.#alice, this.#bob];
    const media = this.#randomness.chance(0.5) ? 'audio' : 'video';
    const calls = await Promise.all([
      this.#place(alice, bob.user, { media }),
      this.#place(bob, alice.user),
    ]);
    const [one, other] = calls;
    if (one.id === other.id) this.#ledger.did('two calls met and were one');
    await Promise.all(calls.map(({ call }) => this.#hangUp(call)));
  }

  /** A third one finds Bob busy. */
  async #callTwice(): Promise<void> {
    const { carol } = this.#cast;
    await this.#talk(() => this.#call(carol, this.#bob.user, undefined, SHORT));
  }

  /** Carol talks with Alice, and Bob calls her. */
  async #secondCall(act: (made: Placed, first: Call) => Promise<void>): Promise<void> {
    const { carol } = this.#cast;
    await this.#talkBetween([this.#alice, carol], ({ far }) =>
      this.#call(this.#bob, carol.user, (made) => act(made, far)),
    );
  }

  async #refuseSecond(made: Placed): Promise<void> {
    const second = await this.#cast.carol.incoming(made);
    if (await attempted(second?.refuse())) this.#ledger.did('a second call was refused');
  }

  /** Carol takes the second call, goes back to the first and again to the second. */
  async #swap(made: Placed, first: Call): Promise<void> {
    const second = await answer(this.#cast.carol, made);
    if (second) this.#ledger.did('a second call was answered');
    await until(made.call, () => made.call.connection === 'connected');
    const swaps = [await attempted(first.swap()), await attempted(second?.swap())];
    if (swaps.every(Boolean)) this.#ledger.did('two calls were swapped');
    await attempted(made.call.end());
  }
}

async function nothing(): Promise<void> {}
