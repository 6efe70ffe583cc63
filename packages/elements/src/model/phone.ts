import type { Call, Media, Peer, RinglineClient } from '@ringline/client';
import { Changing } from './changing.ts';
import type { Names } from './names.ts';

/*
 *  idle ──place──▶ starting ──taken──▶ call ──dismiss, after its end──▶ idle
 *   │                 └──refused──▶ failed ──dismiss──▶ idle             ▲
 *   └──accepted, restored, or over without an answer──▶ call ────────────┘
 */

/** What the call area is about, beside the calls that ring here. */
export type Stage =
  | { readonly kind: 'idle' }
  /** Devices are opened and the server is asked. */
  | { readonly kind: 'starting'; readonly peer: Peer; readonly media: Media }
  /** The call did not begin. */
  | { readonly kind: 'failed'; readonly peer: Peer; readonly media: Media; readonly error: unknown }
  /** A call, until it is dismissed after its end. */
  | { readonly kind: 'call'; readonly call: Call };

/** What is being changed about a call that is on. */
export type Pending = 'hold' | 'picture';

interface Change {
  readonly what: Pending;
}

/** The part of a client that a phone needs. */
export type PhoneClient = Pick<RinglineClient, 'on' | 'call'>;

/** The calls of one client: those that ring here, and the one that the call area is about. */
export class Phone extends Changing {
  readonly #client: PhoneClient;
  readonly #names: Names;
  #stage: Stage = { kind: 'idle' };
  #takeBack: (() => void) | undefined;
  #ringing: readonly Call[] = [];
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
  }

  get stage(): Stage {
    return this.#stage;
  }

  /** Incoming calls that are not answered yet, the oldest first. */
  get ringing(): readonly Call[] {
    return this.#ringing;
  }

  /** Whether a call is being made or is on. */
  get isOccupied(): boolean {
    const { stage } = this;
    return stage.kind === 'starting' || (stage.kind === 'call' && stage.call.state !== 'ended');
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

  /** Calls somebody, unless a call is on already. */
  async place(peer: Peer, media: Media): Promise<void> {
    if (this.isOccupied) return;
    const starting: Stage = { kind: 'starting', peer: this.#named(peer), media };
    this.#enter(starting);
    const taken = new AbortController();
    this.#takeBack = () => taken.abort();
    try {
      const call = await this.#client.call(peer.user, { media, signal: taken.signal });
      if (this.#stage !== starting && !this.#shows(call)) return await leave(call);
      this.#follow(call);
    } catch (error) {
      if (this.#stage === starting) this.#enter({ ...starting, kind: 'failed', error });
    }
  }

  /** Answers a call that rings here; what goes wrong is told by `failureOf`, and it rings on. */
  async answer(call: Call, media: Media): Promise<void> {
    if (this.isAnswering(call)) return;
    this.#answering.add(call);
    await this.attempt(call, () => call.accept({ media }));
    this.#answering.delete(call);
    this.changed();
  }

  /** Refuses a call that rings here, on all of the user's devices or on this one only. */
  async refuse(call: Call, everywhere = true): Promise<void> {
    await this.attempt(call, () => call.refuse({ everywhere }));
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

  /** Clears the area; a call that is still starting is taken back, so that it never rings if it can be. */
  dismiss(): void {
    if (this.#stage.kind === 'starting') this.#takeBack?.();
    this.#enter({ kind: 'idle' });
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
    const wasRefusedHere = call.endReason === 'refused';
    if (call.state === 'established' || (!this.isOccupied && !wasRefusedHere)) this.#follow(call);
    else this.changed();
  }

  #follow(call: Call): void {
    if (this.#shows(call)) return;
    this.#names.learn(call.peer);
    const changed = () => {
      if (this.#shows(call)) this.changed();
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
    return this.#stage.kind === 'call' && this.#stage.call.id === call.id;
  }

  #enter(stage: Stage): void {
    this.#stage = stage;
    this.changed();
  }
}

async function leave(call: Call): Promise<void> {
  if (call.state === 'established') await call.end();
  else await call.cancel();
}
