import type { Call, Media, Peer, RinglineClient } from '@ringline/client';

/*
 *  idle ──place──▶ starting ──taken──▶ call ──dismiss, after its end──▶ idle
 *   │                 └──refused──▶ failed ──dismiss──▶ idle             ▲
 *   └──────incoming, restored──────────▶ call ────────────────────────────┘
 */

/** What the call area is about. */
export type Stage =
  | { readonly kind: 'idle' }
  /** Devices are opened and the server is asked. */
  | { readonly kind: 'starting'; readonly peer: Peer; readonly media: Media }
  /** The call did not begin. */
  | { readonly kind: 'failed'; readonly peer: Peer; readonly media: Media; readonly error: unknown }
  /** A call, until it is dismissed after its end. */
  | { readonly kind: 'call'; readonly call: Call };

/** The one call that this page is about; it tells when another one, or none, takes its place. */
export class Phone {
  readonly #client: RinglineClient;
  readonly #changed: () => void;
  #stage: Stage = { kind: 'idle' };

  constructor(client: RinglineClient, changed: () => void) {
    this.#client = client;
    this.#changed = changed;
    client.on('incoming', (call) => this.#enter({ kind: 'call', call }));
    client.on('restored', (call) => this.#enter({ kind: 'call', call }));
  }

  get stage(): Stage {
    return this.#stage;
  }

  /** Calls somebody, unless a call is on already. */
  async place(peer: Peer, media: Media): Promise<void> {
    if (this.#isOccupied()) return;
    const starting: Stage = { kind: 'starting', peer, media };
    this.#enter(starting);
    try {
      const call = await this.#client.call(peer.user, { media });
      if (this.#stage !== starting && !this.#shows(call)) return await leave(call);
      this.#enter({ kind: 'call', call });
    } catch (error) {
      if (this.#stage === starting) this.#enter({ kind: 'failed', peer, media, error });
    }
  }

  /** Clears the area; a call that is still starting is taken back as soon as it stands. */
  dismiss(): void {
    this.#enter({ kind: 'idle' });
  }

  #isOccupied(): boolean {
    const { stage } = this;
    return stage.kind === 'starting' || (stage.kind === 'call' && stage.call.state !== 'ended');
  }

  #shows(call: Call): boolean {
    return this.#stage.kind === 'call' && this.#stage.call.id === call.id;
  }

  #enter(stage: Stage): void {
    this.#stage = stage;
    this.#changed();
  }
}

async function leave(call: Call): Promise<void> {
  if (call.state === 'established') await call.end();
  else await call.cancel();
}
