import type { Call, Message } from '@ringline/client';
import { RinglineClient } from '@ringline/client';
import { Network } from './network.ts';

/** Who signs in, and where. */
export interface Account {
  readonly url: string;
  readonly user: string;
  readonly token: string;
}

/** What a device can do, and who watches it. */
export interface DeviceOptions {
  readonly callWaiting?: boolean;
  /** Told of each phone of it, before it connects. */
  readonly follow?: (phone: Phone, user: string) => void;
}

/** One device of one user, by the SDK as an app uses it, without media; its phone may be lost and replaced. */
export class Device {
  readonly user: string;
  /** Every message and record as the SDK handed it to the app, in that order. */
  readonly messages: Message[] = [];
  /** Why servers sent a phone of it away for good, each time: they never have a reason to. */
  readonly sentAway: string[] = [];
  readonly #account: Account;
  readonly #name: string;
  readonly #options: DeviceOptions;
  readonly #incoming = new Map<string, (call: Call) => void>();
  #hasLeft = false;
  #phones = 0;
  #phone: Phone;

  /** The name tells the devices of a user apart. */
  constructor(account: Account, name: string, options: DeviceOptions = {}) {
    this.user = account.user;
    this.#account = account;
    this.#name = name;
    this.#options = options;
    this.#phone = this.#newPhone();
  }

  get client(): RinglineClient {
    return this.#phone.client;
  }

  /** The network is back: it connects now, and not when its patience says so. */
  networkChanged(): void {
    this.#phone.networkChanged();
  }

  /** From now on its phone never says that it receives media, or does so again. */
  deafen(isDeaf: boolean): void {
    this.#phone.network.isDeaf = isDeaf;
  }

  /** The app is closed. */
  leave(): void {
    this.#hasLeft = true;
    this.client.disconnect();
  }

  /** The phone falls into the water: nobody hears of it again. */
  lose(): void {
    this.#phone.network.goAway();
    // What it has to say when its app is closed comes to nothing.
    this.#phone.client.disconnect();
  }

  /** The user has a new phone, another device for the server; the app knows how far the old one had come. */
  async replace(): Promise<void> {
    this.#phone = this.#newPhone(this.messages.at(-1)?.cursor);
    await this.#phone.client.connect();
  }

  /** Its user takes a call that rings here. */
  accept(call: Call): Promise<void> {
    this.#phone.answers.set(call.id, Date.now());
    return call.accept();
  }

  /** The call of this id as this device sees it, as soon as it rings here; undefined when it is over before. */
  incoming({ id, ended }: Placed): Promise<Call | undefined> {
    const here = this.client.getCall(id);
    if (here) return Promise.resolve(here);
    const rings = new Promise<Call>((resolve) => this.#incoming.set(id, resolve));
    const over = ended.then(() => undefined);
    return Promise.race([rings, over]).finally(() => this.#incoming.delete(id));
  }

  #newPhone(cursor?: number): Phone {
    const { url, token, user } = this.#account;
    const { callWaiting = false, follow } = this.#options;
    const network = new Network();
    let networkChanged = () => {};
    const client = new RinglineClient({
      url,
      token,
      deviceId: `${this.#name}-${++this.#phones}`,
      signallingOnly: true,
      connectTimeoutMs: Infinity,
      callWaiting,
      openSocket: network.open,
      onNetworkChange: (changed) => {
        networkChanged = changed;
        return () => {};
      },
      ...(cursor !== undefined && { cursor }),
    });
    client.on('incoming', (call) => this.#incoming.get(call.id)?.(call));
    client.on('connectionChanged', ({ state, error }) => {
      if (state !== 'disconnected' || network.isGone || this.#hasLeft) return;
      this.sentAway.push(error?.code ?? 'without a reason');
      // The story goes on, and the flaw is told in the end.
      client.connect().catch(() => {});
    });
    client.on('message', (message) => void this.messages.push(message));
    const phone = { client, network, answers: new Map(), networkChanged: () => networkChanged() };
    follow?.(phone, user);
    return phone;
  }
}

/** What is lost and replaced: an SDK and its network. */
export interface Phone {
  readonly client: RinglineClient;
  readonly network: Network;
  /** When its user answered each call, in epoch milliseconds. */
  readonly answers: Map<string, number>;
  networkChanged(): void;
}

/** A call that the server has taken, as its caller sees it. */
export interface Placed {
  readonly id: string;
  readonly call: Call;
  /** Resolves when it is over. */
  readonly ended: Promise<void>;
}

/** A call and its end. */
export function placed(call: Call): Placed {
  return { id: call.id, call, ended: endOf(call) };
}

/** Resolves when a call is over. */
export function endOf(call: Call): Promise<void> {
  return until(call, () => false);
}

/** Resolves when it is so, or the call is over. */
export function until(call: Call, isSo: () => boolean): Promise<void> {
  const isDue = () => call.state === 'ended' || isSo();
  if (isDue()) return Promise.resolve();
  return new Promise((resolve) => {
    const stop = call.on('stateChanged', () => {
      if (!isDue()) return;
      stop();
      resolve();
    });
  });
}
