import type { Call, CallOptions, Silence, VideoEndView } from '@ringline/client';
import { Changing } from '../src/model/changing.ts';
import type { PhoneClient } from '../src/model/phone.ts';
import { Phone } from '../src/model/phone.ts';
import { Names } from '../src/model/names.ts';
import { Preferences } from '../src/model/preferences.ts';
import { Ringer } from '../src/model/ringer.ts';
import type { Sounder, Tone } from '../src/model/ringing-ports.ts';
import type { VirtualClock } from '@ringline/testkit';

type Told = (payload: unknown) => void;

/** A call of a test: what it is changes by `becomes`, and what it was told is kept. */
export class TestCall {
  readonly reports: string[] = [];
  readonly done: string[] = [];
  accepting: Promise<void> = Promise.resolve();
  state = 'ringing';
  direction = 'incoming';
  endReason: string | undefined;
  connectedAt: number | undefined;
  durationSeconds: number | undefined;
  legs: readonly { state: string }[] = [];
  media = 'audio';
  videoEnd: VideoEndView | undefined;
  localHold = false;
  remoteHold = false;
  resuming = false;
  restored = false;
  /** What the next command but `accept` rejects with. */
  fault: Error | undefined;
  readonly peer: { user: string; name?: string };
  readonly id: string;
  readonly #listeners = new Map<string, Set<Told>>();

  constructor(id = 'one', direction = 'incoming', peer = { user: 'alice', name: 'Alice' }) {
    this.id = id;
    this.peer = peer;
    this.direction = direction;
  }

  /** As the type of the SDK. */
  get call(): Call {
    return this as unknown as Call;
  }

  on(name: string, told: Told): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners.add(told));
    return () => void listeners.delete(told);
  }

  becomes(state: string, endReason?: string): void {
    this.state = state;
    this.endReason = endReason;
    this.tells('stateChanged');
  }

  tells(name: string): void {
    for (const told of this.#listeners.get(name) ?? []) told(this);
  }

  accept(): Promise<void> {
    this.done.push('accept');
    return this.accepting;
  }

  refuse({ everywhere }: { everywhere: boolean }): Promise<void> {
    this.done.push(everywhere ? 'refuse' : 'refuse here');
    this.becomes('ended', 'refused');
    return Promise.resolve();
  }

  cancel(): Promise<void> {
    return this.#does('cancel');
  }

  end({ resumeOther = false } = {}): Promise<void> {
    return this.#does(resumeOther ? 'end and resume' : 'end');
  }

  hold(): Promise<void> {
    return this.#does('hold');
  }

  resume(): Promise<void> {
    return this.#does('resume');
  }

  swap(): Promise<void> {
    return this.#does('swap');
  }

  /** This side holds it, or does no longer. */
  holds(isHeld: boolean): void {
    this.localHold = isHeld;
    this.tells('stateChanged');
  }

  #does(what: string): Promise<void> {
    this.done.push(what);
    return this.fault === undefined ? Promise.resolve() : Promise.reject(this.fault);
  }

  removeVideo(): Promise<void> {
    this.done.push('removeVideo');
    return Promise.resolve();
  }

  reportRinging(receipt: string, silence?: Silence): Promise<void> {
    this.reports.push(silence ?? receipt);
    return Promise.resolve();
  }
}

/** A client of a test: calls come by `rings`, and `placed` is what `call()` gives. */
export class TestClient {
  placed: Promise<Call> = new Promise(() => {});
  /** What the last `call()` was given to be taken back by. */
  signal: CallOptions['signal'];
  callWaiting = true;
  voice: string | undefined;
  hasRingback = false;
  readonly #listeners = new Map<string, Told>();

  get port(): PhoneClient {
    const saysOf = <Name extends 'callWaiting' | 'voice' | 'hasRingback'>(name: Name) => this[name];
    return {
      get callWaiting() {
        return saysOf('callWaiting');
      },
      get voice() {
        return saysOf('voice');
      },
      get hasRingback() {
        return saysOf('hasRingback');
      },
      on: (name: string, told: Told) => {
        this.#listeners.set(name, told);
        return () => {};
      },
      call: (_user: string, { signal }: CallOptions) => {
        this.signal = signal;
        return this.placed;
      },
    } as unknown as PhoneClient;
  }

  rings(call: TestCall): void {
    this.tell('incoming', call);
  }

  /** The server's voice says this, or is silent. */
  says(voice: string | undefined): void {
    this.voice = voice;
    this.tell('voiceChanged', this);
  }

  tell(name: string, payload: unknown): void {
    this.#listeners.get(name)?.(payload);
  }
}

/** A sound that a test listens to. */
export class TestSounder extends Changing implements Sounder {
  isBlocked = false;
  playing: Tone | undefined;

  play(tone: Tone | undefined): void {
    this.playing = tone;
  }

  block(isBlocked: boolean): void {
    this.isBlocked = isBlocked;
    this.changed();
  }
}

/** Whether there is a microphone, as a test wants it. */
export class TestMicrophone extends Changing {
  isMissing = false;

  miss(isMissing: boolean): void {
    this.isMissing = isMissing;
    this.changed();
  }
}

/** The word to ring aloud in one browser, passed on in the order of asking. */
export class TestBrowser {
  #holder: object | undefined;
  readonly #waiting: { readonly who: object; readonly won: (hadToWait: boolean) => void }[] = [];

  election() {
    const who = {};
    return {
      stand: (won: (hadToWait: boolean) => void) => {
        if (this.#holder === undefined) {
          this.#holder = who;
          won(false);
        } else this.#waiting.push({ who, won });
        return () => this.#leave(who);
      },
      isTaken: () => Promise.resolve(this.#holder !== undefined),
    };
  }

  #leave(who: object): void {
    const place = this.#waiting.findIndex((each) => each.who === who);
    if (place >= 0) this.#waiting.splice(place, 1);
    if (this.#holder !== who) return;
    const next = this.#waiting.shift();
    this.#holder = next?.who;
    next?.won(true);
  }
}

/** A page of a test: a phone with its ringer. */
export class TestPage {
  readonly client = new TestClient();
  readonly names = new Names();
  readonly phone = new Phone(this.client.port, this.names);
  readonly sounder = new TestSounder();
  readonly microphone = new TestMicrophone();
  readonly preferences = new Preferences(memory());
  readonly ringer: Ringer;

  constructor(clock: VirtualClock, browser: TestBrowser, isBlocked = false) {
    this.sounder.isBlocked = isBlocked;
    const { phone, sounder, microphone, preferences } = this;
    const election = browser.election();
    this.ringer = new Ringer({ phone, sounder, microphone, preferences, election, clock });
  }

  /** A call comes to this page. */
  rings(id?: string): TestCall {
    const call = new TestCall(id);
    this.client.rings(call);
    return call;
  }
}

/** Choices that last as long as a test. */
export function memory() {
  const kept = new Map<string, string>();
  return {
    read: (key: string) => kept.get(key),
    write: (key: string, value: string) => void kept.set(key, value),
    watch: () => () => {},
  };
}
