import type { ConnectionChange, RinglineClient } from '@ringline/client';
import { Changing } from './changing.ts';
import { Names } from './names.ts';
import { Phone } from './phone.ts';

const sessions = new WeakMap<RinglineClient, Session>();

/** What all parts that are given the same client have in common: its calls, and what users are called. */
export class Session extends Changing {
  readonly client: RinglineClient;
  readonly names = new Names();
  readonly phone: Phone;
  #lastChange: ConnectionChange | undefined;

  private constructor(client: RinglineClient) {
    super();
    this.client = client;
    this.phone = new Phone(client, this.names);
    client.on('connectionChanged', (change) => {
      this.#lastChange = change;
      this.changed();
    });
  }

  /** The one session of this client. */
  static of(client: RinglineClient): Session {
    const known = sessions.get(client);
    if (known !== undefined) return known;
    const session = new Session(client);
    sessions.set(client, session);
    return session;
  }

  get isConnected(): boolean {
    return this.client.connectionState === 'connected';
  }

  /** Why the connection is gone, where the server said so. */
  get connectionError(): unknown {
    return this.isConnected ? undefined : this.#lastChange?.error;
  }
}
