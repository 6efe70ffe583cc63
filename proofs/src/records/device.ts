import type { Call, CallRecord, Message } from '@ringline/client';
import { RinglineClient } from '@ringline/client';

/** One device of one user, by the SDK as an app uses it, without media. */
export class Device {
  readonly user: string;
  readonly client: RinglineClient;
  /** Every record as the SDK handed it to the app, in that order. */
  readonly records: CallRecord[] = [];
  /** Cursors of what was handed out: they may only grow. */
  readonly cursors: number[] = [];
  /** The network is back: it connects now, and not when its patience says so. */
  networkChanged = () => {};
  readonly #incoming = new Map<string, (call: Call) => void>();

  constructor(url: string, user: string, token: string) {
    this.user = user;
    this.client = new RinglineClient({
      url,
      token,
      deviceId: `${user}-1`,
      signallingOnly: true,
      onNetworkChange: (changed) => {
        this.networkChanged = changed;
        return () => {};
      },
    });
    this.client.on('incoming', (call) => this.#incoming.get(call.id)?.(call));
    this.client.on('message', (message) => this.#take(message));
  }

  /** The call of this id as this device sees it, as soon as it rings here; undefined when it is over before. */
  incoming({ id, ended }: Placed): Promise<Call | undefined> {
    const here = this.client.getCall(id);
    if (here) return Promise.resolve(here);
    const rings = new Promise<Call>((resolve) => this.#incoming.set(id, resolve));
    const over = ended.then(() => undefined);
    return Promise.race([rings, over]).finally(() => this.#incoming.delete(id));
  }

  #take(message: Message): void {
    this.cursors.push(message.cursor);
    if (message.kind === 'record') this.records.push(message.record);
  }
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
  if (call.state === 'ended') return Promise.resolve();
  return new Promise((resolve) => void call.once('ended', () => resolve()));
}
