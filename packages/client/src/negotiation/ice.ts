import type { IceConfig, Preconnect } from '@ringline/protocol';
import { PRECONNECT } from '@ringline/protocol';
import type { IceConfiguration, IceServer } from '../media/media.ts';
import type { Clock, Timer } from '../ports.ts';
import type { Requests } from '../signalling/requests.ts';
import { BACK_OFF_MAX_MS, ICE_RENEWAL_TIMEOUT_MS, renewalIn } from '../timing.ts';

/** What a connection asks before it looks for paths. */
export interface IceSource {
  /** What a connection is made with now; while it rings, over TURN only where no address may be shown before the answer. */
  configuration(isRinging: boolean): IceConfiguration;
  /** Whether the peer's device can be told of new paths now. */
  readonly canSignal: boolean;
  /** Has credentials that last, if the server can be asked for them; never rejects. */
  refresh(): Promise<void>;
}

/** What the app says of ICE; the stricter of app and server holds. */
export interface IceOptions {
  readonly iceServers?: readonly IceServer[];
  readonly relayOnly?: boolean;
  readonly preconnect?: Preconnect;
}

/** What ICE needs of its client. */
export interface IceParts {
  readonly clock: Clock;
  readonly requests: Requests;
  readonly isConnected: () => boolean;
}

const NOTHING_YET: IceConfig = { servers: [], relayOnly: false, preconnect: 'off' };

/** How this client connects to its peers: the servers of the server and of the app, with credentials kept fresh. */
export class Ice implements IceSource {
  readonly #parts: IceParts;
  readonly #options: IceOptions;
  #config: IceConfig = NOTHING_YET;
  /** From then on the credentials are too old to begin with. */
  #renewAt = Infinity;
  #timer: Timer | undefined;
  #renewing: Promise<void> | undefined;

  constructor(parts: IceParts, options: IceOptions) {
    this.#parts = parts;
    this.#options = options;
  }

  configuration(isRinging: boolean): IceConfiguration {
    const { iceServers: own = [] } = this.#options;
    const named = own.flatMap(({ urls }) => urls);
    const theirs = this.#config.servers
      .map((server) => ({ ...server, urls: server.urls.filter((url) => !named.includes(url)) }))
      .filter(({ urls }) => urls.length > 0);
    const isRelayed = this.relayOnly || (isRinging && this.preconnect === 'relay');
    return {
      iceServers: [...own, ...theirs],
      iceTransportPolicy: isRelayed ? 'relay' : 'all',
      bundlePolicy: 'max-bundle',
    };
  }

  get canSignal(): boolean {
    return this.#parts.isConnected();
  }

  /** Whether media goes over TURN only. */
  get relayOnly(): boolean {
    return this.#config.relayOnly || this.#options.relayOnly === true;
  }

  /** What may be connected before a call is answered. */
  get preconnect(): Preconnect {
    const limits = [
      this.#config.preconnect,
      this.#options.preconnect ?? 'direct',
      this.relayOnly ? 'relay' : 'direct',
    ] as const;
    return PRECONNECT.find((each) => limits.includes(each)) ?? 'off';
  }

  /** What the server says; an expired token is told nothing new, and goes on with what it has. */
  learn(config: IceConfig | undefined): void {
    if (config === undefined) return;
    this.#config = config;
    this.#timer?.cancel();
    this.#renewAt = Infinity;
    if (config.expiresMs === undefined) return;
    const ms = renewalIn(config.expiresMs);
    this.#renewAt = this.#parts.clock.now() + ms;
    this.#renewAfter(ms);
  }

  async refresh(): Promise<void> {
    if (this.#parts.clock.now() < this.#renewAt || !this.canSignal) return;
    await this.#renew();
  }

  /** The client has disconnected. */
  stop(): void {
    this.#timer?.cancel();
  }

  #renewAfter(ms: number): void {
    this.#timer = this.#parts.clock.after(ms, () => {
      // Tried again if it fails; a welcome after a reconnect brings new ones as well.
      this.#renewAfter(BACK_OFF_MAX_MS);
      void this.refresh();
    });
  }

  #renew(): Promise<void> {
    const request = { type: 'renew-ice' } as const;
    this.#renewing ??= this.#parts.requests
      .request(() => request, { timeoutMs: ICE_RENEWAL_TIMEOUT_MS })
      .then(
        ({ ice }) => this.learn(ice),
        () => {
          // What there is may still do: a path is looked for with it rather than not at all.
        },
      )
      .finally(() => (this.#renewing = undefined));
    return this.#renewing;
  }
}
