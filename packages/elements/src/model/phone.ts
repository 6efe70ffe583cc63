import type { Call, Media, Peer, RinglineClient, UserId } from '@ringline/client';
import { Changing } from './changing.ts';
import type { Names } from './names.ts';
import type { Obstacle } from './obstacle.ts';
import { obstacleTo } from './obstacle.ts';
import type { Shown, Stage } from './stage.ts';
import { IDLE, arranged, isCalling, isLive, isOn, isOpen, peerOf } from './stage.ts';

/** What is being changed about a call that is on. */
export type Pending = 'hold' | 'picture' | 'swap';

interface Change {
  readonly what: Pending;
}

/** The part of a client that a phone needs. */
export type PhoneClient = Pick<
  RinglineClient,
  'on' | 'call' | 'callWaiting' | 'voice' | 'hasRingback'
>;

/** The calls of one client: those that ring here, the one that the call area is about, and another one beside it. */
export class Phone extends Changing {
  readonly #client: PhoneClient;
  readonly #names: Names;
  /** The large one first. */
  #shown: readonly Shown[] = [];
  #takeBack: (() => void) | undefined;
  #ringing: readonly Call[] = [];
  readonly #announced = new WeakSet<Call>();
  readonly #answering = new WeakSet<Call>();
  readonly #silenced = new WeakSet<Call>();
  readonly #pending = new WeakMap<Call, Change>();
  readonly #failures = new WeakMap<Call, unknown>();

  constructor(client: PhoneClient, names: Names) {
    super();
    this.#client = client;
    this.#names = names;
    client.on('incoming', (call) => this.#ring(call));
    client.on('restored', (call) => this.#follow(call));
    client.on('voiceChanged', () => this.changed());
  }

  /** What the call area is about: of two calls the one that this user is in. */
  get stage(): Stage {
    return this.#shown[0] ?? IDLE;
  }

  /** What is beside it: the call that is held meanwhile, or for a moment what became of one. */
  get aside(): Stage {
    return this.#shown[1] ?? IDLE;
  }

  /** Incoming calls that are not answered yet, the oldest first. */
  get ringing(): readonly Call[] {
    return this.#ringing;
  }

  /** Whether a call is being made or is on. */
  get isOccupied(): boolean {
    return this.#shown.some(isOpen);
  }

  /** Whether this user is in a call, held or not. */
  get isInCall(): boolean {
    return this.#shown.some(isOn);
  }

  /** The calls that ring beside the one that is on. */
  get waiting(): readonly Call[] {
    return this.isInCall ? this.#ringing : [];
  }

  /** Whether this user is in a call with somebody, held or not. */
  isInCallWith(user: UserId): boolean {
    return this.#shown.some((stage) => isOn(stage) && peerOf(stage).user === user);
  }

  /** Whether this user hears it ring from the server. */
  get hasRingback(): boolean {
    return this.#client.voice === 'ringback';
  }

  /** Whether the server is about to play that, once it rings. */
  get expectsRingback(): boolean {
    return this.#client.hasRingback;
  }

  /** Why somebody cannot be called just now. */
  obstacleTo(user: UserId): Obstacle | undefined {
    return obstacleTo(user, {
      shown: this.#shown,
      ringing: this.#ringing.map(({ peer }) => peer.user),
      callWaiting: this.#client.callWaiting,
    });
  }

  /** Whether a voice told this user how the call ended. */
  wasAnnounced(call: Call): boolean {
    return this.#announced.has(call);
  }

  /** Whether an answer is on its way: the call need not ring any more. */
  isAnswering(call: Call): boolean {
    return this.#answering.has(call);
  }

  /** Whether the user wants to see this call only. */
  isSilenced(call: Call): boolean {
    return this.#silenced.has(call);
  }

  /** Why the last thing that was asked of a call was not done. */
  failureOf(call: Call): unknown {
    return this.#failures.get(call);
  }

  /** Calls somebody, and holds the call that is on; where that cannot be, the call that is on says why. */
  async place(peer: Peer, media: Media): Promise<void> {
    const obstacle = this.obstacleTo(peer.user);
    if (obstacle !== undefined) return this.#explain(obstacle);
    const starting: Shown = { kind: 'starting', peer: this.#named(peer), media };
    this.#enter(starting);
    const taken = new AbortController();
    this.#takeBack = () => taken.abort();
    try {
      const call = await this.#client.call(peer.user, { media, signal: taken.signal });
      if (!this.#shown.includes(starting) && !this.#shows(call)) return await leave(call);
      this.#remove(starting);
      this.#follow(call);
    } catch (error) {
      if (!this.#shown.includes(starting)) return;
      this.#remove(starting);
      this.#enter({ ...starting, kind: 'failed', error });
    }
  }

  /** Answers a call that rings here, and holds the one that is on; what goes wrong is told by `failureOf`, and it rings on. */
  async answer(call: Call, media: Media): Promise<void> {
    await this.#answer(call, () => this.attempt(call, () => call.accept({ media })));
  }

  /** Ends the call that is on, and answers the one that rings here. */
  async endAndAnswer(call: Call, media: Media): Promise<void> {
    const on = this.#shown.flatMap((stage) => (stage.kind === 'call' ? [stage.call] : []));
    await this.#answer(call, async () => {
      for (const each of on) await this.attempt(each, () => each.end());
      await this.attempt(call, () => call.accept({ media }));
    });
  }

  /** Refuses a call that rings here, on all of the user's devices or on this one only. */
  async refuse(call: Call, everywhere = true): Promise<void> {
    await this.attempt(call, () => call.refuse({ everywhere }));
  }

  /** Ends a call that is on or being made; the user's other one comes back with it, if this user holds it. */
  async hangUp(call: Call): Promise<void> {
    const resumeOther = this.heldBeside(call) !== undefined;
    await this.attempt(call, () => call.end({ resumeOther }));
  }

  /** The user's other call, if this user holds it. */
  heldBeside(call: Call): Call | undefined {
    return this.#shown
      .flatMap((stage) => (stage.kind === 'call' && isOn(stage) ? [stage.call] : []))
      .find((each) => each !== call && each.localHold);
  }

  /** Goes over to the call that this side holds beside the other one: what is live is held in the same step. */
  async takeOther(): Promise<void> {
    const { stage, aside } = this;
    if (aside.kind !== 'call' || !aside.call.localHold || isCalling(stage)) return;
    if (isLive(stage)) await this.#swap(stage.call, aside.call);
    else await this.#resume(aside.call);
  }

  /** Stops the ringtone of a call and lets it be shown. */
  silence(call: Call): void {
    this.#silenced.add(call);
    this.changed();
  }

  /** What this user has asked of a call and waits for. */
  pendingOf(call: Call): Pending | undefined {
    return this.#pending.get(call)?.what;
  }

  /** Holds or resumes a call, or changes its picture: one at a time. */
  async change(call: Call, what: Pending, act: () => Promise<unknown>): Promise<void> {
    if (this.#pending.has(call)) return;
    const change: Change = { what };
    this.#pending.set(call, change);
    const isOwn = () => this.#pending.get(call) === change;
    await this.attempt(call, act, isOwn);
    if (isOwn()) this.#pending.delete(call);
    this.changed();
  }

  /** Ends the picture or takes back a request for one, whatever is under way: what was asked of it before is no news any more. */
  async endPicture(call: Call): Promise<void> {
    if (this.pendingOf(call) === 'picture') this.#pending.delete(call);
    await this.attempt(call, () => call.removeVideo());
  }

  /** Does something with a call; what goes wrong is told by `failureOf` until the next attempt, if it is news by then. */
  async attempt(call: Call, act: () => Promise<unknown>, isNews = () => true): Promise<void> {
    this.#failures.delete(call);
    this.changed();
    try {
      await act();
    } catch (error) {
      // A call that has gone meanwhile says itself what became of it.
      if (call.state !== 'ended' && isNews()) this.#failures.set(call, error);
    }
    this.changed();
  }

  /** Clears what is shown large, or what is beside it; a call that is still starting is taken back, so that it never rings if it can be. */
  dismiss(shown: Stage = this.stage): void {
    if (shown.kind === 'starting') this.#takeBack?.();
    this.#remove(shown);
    this.changed();
  }

  async #answer(call: Call, act: () => Promise<void>): Promise<void> {
    if (this.isAnswering(call)) return;
    this.#answering.add(call);
    await act();
    this.#answering.delete(call);
    this.changed();
  }

  /** A change of both: neither is held, resumed or given a picture meanwhile. */
  async #swap(live: Call, held: Call): Promise<void> {
    await this.change(live, 'swap', () => this.change(held, 'swap', () => held.swap()));
  }

  /** Of a call that nobody answered enough was heard then. */
  async #resume(held: Call): Promise<void> {
    const { stage } = this;
    if (stage.kind === 'call' && stage.call.state === 'announcing') void stage.call.end();
    await this.change(held, 'hold', () => held.resume());
  }

  #explain(code: Obstacle): void {
    const { stage } = this;
    if (stage.kind !== 'call') return;
    this.#failures.set(stage.call, { code });
    this.changed();
  }

  #named({ user, name = this.#names.of(user) }: Peer): Peer {
    return { user, ...(name !== user && { name }) };
  }

  #ring(call: Call): void {
    this.#names.learn(call.peer);
    this.#ringing = [...this.#ringing, call];
    const stop = call.on('stateChanged', () => {
      if (call.state === 'ringing' || call.state === 'inviting') return this.changed();
      stop();
      this.#ringing = this.#ringing.filter((each) => each !== call);
      this.#leaveRinging(call);
    });
    this.changed();
  }

  /** An answered call takes the area; one that is over shows what became of it where there is room. */
  #leaveRinging(call: Call): void {
    if (call.state === 'ended' && call.endReason === 'refused') this.changed();
    else this.#follow(call);
  }

  #follow(call: Call): void {
    if (this.#shows(call)) return this.#arrange();
    this.#names.learn(call.peer);
    const changed = () => {
      if (this.#shows(call)) this.#arrange();
    };
    for (const event of ['stateChanged', 'quality', 'videoLimited'] as const) {
      call.on(event, changed);
    }
    call.on('problem', (error) => {
      // The call and its devices say so themselves, for as long as it is so.
      if (error.code === 'autoplay-blocked' || error.code === 'no-device') return changed();
      this.#failures.set(call, error);
      changed();
    });
    this.#enter({ kind: 'call', call });
  }

  #shows(call: Call): boolean {
    return this.#shown.some((stage) => stage.kind === 'call' && stage.call.id === call.id);
  }

  /** Something new is shown in place of what is over. */
  #enter(stage: Shown): void {
    this.#shown = [stage, ...this.#shown.filter(isOpen)];
    this.#arrange();
  }

  #remove(gone: Stage): void {
    this.#shown = this.#shown.filter((stage) => stage !== gone);
  }

  #arrange(): void {
    this.#shown = arranged(this.#shown);
    for (const stage of this.#shown) {
      if (stage.kind === 'call' && stage.call.state === 'announcing') {
        this.#announced.add(stage.call);
      }
    }
    this.changed();
  }
}

async function leave(call: Call): Promise<void> {
  if (call.state === 'established') await call.end();
  else await call.cancel();
}
