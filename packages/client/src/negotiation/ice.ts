import type { IceConfig, Preconnect } from '@ringline/protocol';
import { PRECONNECT } from '@ringline/protocol';
import type { IceConfiguration, IceServer } from '../media/media.ts';
import type { Clock, Timer } from '../ports.ts';
import type { Requests } from '../signalling/requests.ts';
import { BACK_OFF_MAX_MS, ICE_RENEWAL_TIMEOUT_MS, RENEW_BEFORE_MS } from '../timing.ts';

/** What a connection asks before it looks for paths. */
export interface IceSource {
  /** What a connection is made with now. */
  readonly configuration: IceConfiguration;
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

  get configuration(): IceConfiguration {
    const { iceServers: own = [] } = this.#options;
    const named = own.flatMap(({ urls }) => urls);
    const theirs = this.#config.servers
      .map((server) => ({ ...server, urls: server.urls.filter((url) => !named.includes(url)) }))
      .filter(({ urls }) => urls.length > 0);
    const iceTransportPolicy = this.relayOnly ? 'relay' : 'all';
    return { iceServers: [...own, ...theirs], iceTransportPolicy };
  }

  /** For a call that is not answered yet. */
  get whileRinging(): IceSource {
    return this.preconnect === 'relay' ? new Relayed(this) : this;
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

  /** What a welcome says; an expired token is given nothing new, and goes on with what it has. */
  learn(config: IceConfig | undefined): void {
    if (config !== undefined) this.#take(config);
  }

  async refresh(): Promise<void> {
    if (this.#parts.clock.now() < this.#renewAt || !this.canSignal) return;
    await this.#renew();
  }

  /** The client has disconnected. */
  stop(): void {
    this.#timer?.cancel();
  }

  #take(config: IceConfig): void {
    const { clock } = this.#parts;
    this.#config = config;
    this.#timer?.cancel();
    this.#renewAt = Infinity;
    if (config.expiresMs === undefined) return;
    const ms = Math.max(config.expiresMs - RENEW_BEFORE_MS, config.expiresMs / 2);
    this.#renewAt = clock.now() + ms;
    this.#renewAfter(ms);
  }

  #renewAfter(ms: number): void {
    this.#timer = this.#parts.clock.after(ms, () => {
      // Tried again if it fails; a welcome after a reconnect brings new ones as well.
      this.#renewAfter(BACK_OFF_MAX_MS);
      void this.refresh();
    });
  }

  #renew(): Promise<void> {
    const timeoutMs = ICE_RENEWAL_TIMEOUT_MS;
    this.#renewing ??= this.#parts.requests
      .request(() => ({ type: 'renew-ice' }), { timeoutMs })
      .then(
        (answer) => {
          if (answer.type === 'ice-renewed') this.#take(answer.ice);
        },
        () => {
          // What there is may still do: a path is looked for with it rather than not at all.
        },
      )
      .finally(() => (this.#renewing = undefined));
    return this.#renewing;
  }
}

/** Over TURN only, so that who rings shows no address before the answer. */
class Relayed implements IceSource {
  readonly #source: IceSource;

  constructor(source: IceSource) {
    this.#source = source;
  }

  get configuration(): IceConfiguration {
    return { ...this.#source.configuration, iceTransportPolicy: 'relay' };
  }

  get canSignal(): boolean {
    return this.#source.canSignal;
  }

  refresh(): Promise<void> {
    return this.#source.refresh();
  }
}
