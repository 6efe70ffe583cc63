import type { AcceptOptions, Call } from '@ringline/client';
import { RinglineError } from '@ringline/client';
import { MAX_MESSAGE_BYTES } from '@ringline/protocol';
import type { SeededRandomness, VirtualClock } from '@ringline/testkit';
import { Consents } from './consents.ts';
import type { SimulatedDevice } from './device.ts';
import { InVain } from './in-vain.ts';
import { Letters } from './letters.ts';
import { QuietWatch } from './quiet-watch.ts';
import { Talk } from './talk.ts';

/** What people do: call, answer, refuse, ignore, hang up, write; each act drawn from the seed. */
export class Users {
  /** Errors that no person should see: anything but a RinglineError. */
  readonly surprises: string[] = [];

  sent = 0;
  reads = 0;
  readonly talk: Talk;
  readonly letters: Letters;
  /** Looks at held calls whenever they change. */
  readonly quiet: QuietWatch;
  readonly #consents = new Consents();
  readonly #inVain = new InVain();
  readonly #clock: VirtualClock;
  readonly #randomness: SeededRandomness;
  readonly #devices: () => readonly SimulatedDevice[];
  readonly #answering = new Set<Call>();
  #calm = false;
  #away = false;

  constructor(
    clock: VirtualClock,
    randomness: SeededRandomness,
    devices: () => readonly SimulatedDevice[],
  ) {
    this.#clock = clock;
    this.#randomness = randomness;
    this.#devices = devices;
    this.letters = new Letters(clock, devices);
    this.talk = new Talk({
      randomness: randomness.fork('talk'),
      consents: this.#consents,
      now: () => clock.now(),
      later: (...given) => this.#later(...given),
      mind: (act) => this.#mind(act),
    });
    this.quiet = new QuietWatch(this.#consents, (call, act) => this.talk.isUnderWay(call, act));
  }

  /** From now on nobody begins anything, and who talks goes on talking. */
  calmDown(): void {
    this.#calm = true;
  }

  /** From now on nobody hears the phone. */
  goAway(): void {
    this.#away = true;
  }

  /** Somebody calls somebody; now and then both call each other at once. */
  callSomebody(): void {
    const [caller, callee] = this.#randomness.shuffle(this.#devices());
    if (!caller || !callee) return;
    this.#call(caller, callee.user);
    if (this.#randomness.chance(0.25)) {
      this.#later(callee, 0, 150, () => this.#call(callee, caller.user));
    }
  }

  /** Somebody writes to somebody. */
  writeToSomebody(): void {
    const [from, to] = this.#randomness.shuffle(this.#devices());
    if (!from?.client || !to || from.user === to.user) return;
    this.#mind(this.letters.write(from, to.user, this.#text()));
  }

  /** Somebody reads what was written last, or something before it; now and then what was read already. */
  readSomething(): void {
    const { page, user } = this.#randomness.pick(this.#devices());
    const last = page?.messages.slice(-5) ?? [];
    if (!page || last.length === 0) return;
    const { from, to, cursor } = this.#randomness.pick(last);
    this.reads++;
    this.#mind(page.client.markRead(from === user ? to : from, cursor));
  }

  /** Now and then as long as a message may be. */
  #text(): string {
    const text = `message ${++this.sent} `;
    return this.#randomness.chance(0.1) ? text.padEnd(MAX_MESSAGE_BYTES, 'x') : text;
  }

  /** Somebody looks at other contacts. */
  watchOthers(): void {
    const users = this.#randomness.shuffle(this.#devices()).map(({ user }) => user);
    const looking = this.#randomness.pick(this.#devices());
    looking.watch(users.slice(0, this.#randomness.integer(0, users.length)));
  }

  /** Every open call is ended by whoever is in it. */
  endEverything(): void {
    for (const device of this.#devices()) {
      for (const call of device.client?.calls ?? []) this.#mind(call.end());
    }
  }

  /** What a device does with a call that comes to it. */
  meet(device: SimulatedDevice, call: Call): void {
    if (call.restored) this.#consents.restored(device, call);
    this.#follow(device, call);
    if (call.direction === 'incoming' && call.state !== 'established') this.#answer(device, call);
    if (this.#randomness.chance(0.05)) device.mediaDevice.microphone = 'denied';
    else device.mediaDevice.microphone = 'granted';
  }

  #call(caller: SimulatedDevice, callee: string): void {
    const { page } = caller;
    if (this.#calm || !page) return;
    const media = this.#randomness.pick(['audio', 'video'] as const);
    const ringTimeoutMs = this.#randomness.pick([2_000, 10_000, 30_000, 60_000]);
    const called = page.client.call(callee, { media, ringTimeoutMs, content: 'hello' });
    this.#inVain.calling(page, callee, called);
    if (media === 'video') this.#consents.calling(caller, called);
    this.#mind(called.then((call) => this.#waitOrCancel(caller, call)));
  }

  #waitOrCancel(device: SimulatedDevice, call: Call): void {
    this.#follow(device, call);
    if (this.#randomness.chance(0.3)) this.#later(device, 100, 12_000, () => this.#cancel(call));
  }

  #follow(device: SimulatedDevice, call: Call): void {
    if (call.state === 'established') this.#talk(device, call);
    call.on('accepted', () => this.#talk(device, call));
    call.on('announcing', () => this.#listen(device, call));
    call.on('stateChanged', () => {
      this.#consents.follow(device.name, call);
      this.quiet.lookAt(device, call);
    });
  }

  /** What devices heard of the server's voice. */
  get heard(): ReadonlySet<string> {
    return new Set(this.#devices().flatMap(({ heard }) => [...heard]));
  }

  /** Nobody answered, and a voice says so: some hang up. */
  #listen(device: SimulatedDevice, call: Call): void {
    device.announced.add(call);
    if (!this.#randomness.chance(0.3)) return;
    this.#later(device, 100, 8_000, () => this.#mind(call.end()));
  }

  #cancel(call: Call): void {
    if (call.state === 'inviting' || call.state === 'ringing') this.#mind(call.cancel());
  }

  /** Whether somebody has pressed accept there and waits: such a phone rings no more. */
  isAnswering(call: Call): boolean {
    return this.#answering.has(call);
  }

  #answer(device: SimulatedDevice, call: Call): void {
    if (this.#away) return;
    const act = this.#randomness.pick([
      'accept',
      'accept',
      'audio',
      'here',
      'everywhere',
      'ignore',
    ]);
    this.#later(device, 50, 6_000, () => {
      if (call.state !== 'inviting' && call.state !== 'ringing') return;
      if (act === 'accept') this.#accept(device, call, {});
      if (act === 'audio') this.#accept(device, call, { media: 'audio' });
      if (act === 'here') this.#mind(call.refuse({ everywhere: false }));
      if (act === 'everywhere') this.#mind(call.refuse({ reason: 'not now' }));
    });
  }

  #accept(device: SimulatedDevice, call: Call, options: AcceptOptions): void {
    this.#answering.add(call);
    this.#inVain.accepting(call);
    const answered = call.accept(options);
    if (options.media !== 'audio') this.#consents.agreeing(device, call, answered);
    this.#mind(answered.finally(() => this.#answering.delete(call)));
  }

  #talk(device: SimulatedDevice, call: Call): void {
    if (device.page && this.#inVain.isBroken(device.page, call)) {
      this.surprises.push(`${device.name} is in ${call.id}, which it was told came to nothing`);
    }
    this.talk.begin(device, call, this.#randomness.chance(0.6) ? 5 : 0);
    if (this.#randomness.chance(0.8)) {
      this.#later(device, 50, 30_000, () => {
        if (call.state !== 'established' || this.#calm) return;
        this.#mind(call.end({ resumeOther: this.#randomness.chance(0.5) }));
      });
    }
  }

  /** Nobody acts on a page that is gone or on a machine that sleeps. */
  #later(device: SimulatedDevice, fromMs: number, toMs: number, act: () => void): void {
    const { page } = device;
    this.#clock.after(this.#randomness.integer(fromMs, toMs), () => {
      if (page && page === device.page && !page.clock.isAsleep) act();
    });
  }

  #mind(act: Promise<unknown>): void {
    act.catch((error: unknown) => {
      if (!(error instanceof RinglineError)) this.surprises.push(String(error));
      else if (error.code === 'internal' || error.code === 'malformed') {
        this.surprises.push(`${error.code}: ${error.message}`);
      }
    });
  }
}
