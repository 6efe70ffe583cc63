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

/** The part of a client that a phone needs. */
export type PhoneClient = Pick<RinglineClient, 'on' | 'call'>;

/** The calls of one client: those that ring here, and the one that the call area is about. */
export class Phone extends Changing {
  readonly #client: PhoneClient;
  readonly #names: Names;
  #stage: Stage = { kind: 'idle' };
  #ringing: readonly Call[] = [];

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

  /** Calls somebody, unless a call is on already. */
  async place(peer: Peer, media: Media): Promise<void> {
    if (this.isOccupied) return;
    const known = this.#names.of(peer.user);
    const name = peer.name ?? (known === peer.user ? undefined : known);
    const starting: Stage = {
      kind: 'starting',
      peer: { user: peer.user, ...(name !== undefined && { name }) },
      media,
    };
    this.#enter(starting);
    try {
      const call = await this.#client.call(peer.user, { media });
      if (this.#stage !== starting && !this.#shows(call)) return await leave(call);
      this.#follow(call);
    } catch (error) {
      if (this.#stage === starting) this.#enter({ ...starting, kind: 'failed', error });
    }
  }

  /** Clears the area; a call that is still starting is taken back as soon as it stands. */
  dismiss(): void {
    this.#enter({ kind: 'idle' });
  }

  /** Something about the calls is different. */
  #ring(call: Call): void {
    this.#names.learn(call.peer);
    this.#ringing = [...this.#ringing, call];
    const stop = call.on('stateChanged', () => {
      if (call.state === 'ringing' || call.state === 'inviting') return this.changed();
      stop();
      this.#ringing = this.#ringing.filter((each) => each !== call);
      // An answered call takes the area; one that is over shows what became of it where there is room.
      if (call.state === 'established' || !this.isOccupied) this.#follow(call);
      else this.changed();
    });
    this.changed();
  }

  #follow(call: Call): void {
    if (this.#shows(call)) return;
    this.#names.learn(call.peer);
    call.on('stateChanged', () => {
      if (this.#shows(call)) this.changed();
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
