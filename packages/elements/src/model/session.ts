import type { ConnectionChange, Message, RinglineClient } from '@ringline/client';
import { browserClock } from '../browser/clock.ts';
import { randomKey } from '../browser/random-key.ts';
import { sharedPreferences } from '../browser/preference-store.ts';
import { fadeAsideNews } from './aside-news.ts';
import { CallWaiting } from './call-waiting.ts';
import { Changing } from './changing.ts';
import { Conversations } from './conversations.ts';
import { DeviceMemory } from './device-memory.ts';
import { DeviceNews } from './device-news.ts';
import { HoldTimes } from './hold-times.ts';
import type { ListsClient } from './lists-client.ts';
import { Names } from './names.ts';
import { People } from './people.ts';
import { Phone } from './phone.ts';
import { Records } from './records.ts';
import { VideoNews } from './video-news.ts';

const sessions = new WeakMap<RinglineClient, Session>();

/** What all parts that are given the same client have in common: its calls, its people, what was said, and what users are called. */
export class Session extends Changing {
  readonly client: RinglineClient;
  readonly names = new Names();
  readonly phone: Phone;
  readonly devices: DeviceMemory;
  readonly callWaiting: CallWaiting;
  readonly holdTimes: HoldTimes;
  readonly deviceNews: DeviceNews;
  readonly videoNews: VideoNews;
  /** Everybody who can be called. */
  readonly people: People;
  /** Past calls; `missed` counts those that this user has not looked at. */
  readonly records: Records;
  /** What was said with whom; `unread` counts what this user has not read. */
  readonly conversations: Conversations;
  #lastChange: ConnectionChange | undefined;

  private constructor(client: RinglineClient) {
    super();
    this.client = client;
    this.phone = new Phone(client, this.names);
    this.devices = new DeviceMemory(client.devices, sharedPreferences());
    this.callWaiting = new CallWaiting(client, sharedPreferences());
    this.holdTimes = new HoldTimes(this.phone, () => Date.now());
    fadeAsideNews(this.phone, browserClock);
    this.deviceNews = new DeviceNews(client, this.phone, browserClock);
    this.videoNews = new VideoNews(this.phone, browserClock);
    const lists: ListsClient = client;
    this.people = new People(lists, this.names);
    this.records = new Records(lists);
    this.conversations = new Conversations(lists, { now: () => Date.now(), newKey: randomKey });
    client.on('connectionChanged', (change) => this.#connectionChanged(change));
    client.on('presenceChanged', () => this.people.presenceChanged());
    client.on('message', (message) => this.#receive(message));
    client.on('missedChanged', () => this.records.missedChanged());
    client.on('conversationChanged', (stand) => this.conversations.follow(stand));
    client.on('incoming', ({ peer }) => this.people.meet(peer.user));
  }

  /** The one session of this client. */
  static of(client: RinglineClient): Session {
    const known = sessions.get(client);
    if (known !== undefined) return known;
    const session = new Session(client);
    sessions.set(client, session);
    return session;
  }

  #connectionChanged(change: ConnectionChange): void {
    this.#lastChange = change;
    if (this.isConnected) {
      for (const list of [this.people, this.records, this.conversations]) list.connected();
    }
    this.changed();
  }

  #receive(message: Message): void {
    if (message.kind === 'record') this.records.add(message.record);
    this.conversations.receive(message);
    this.people.meet(message.from);
  }

  get isConnected(): boolean {
    return this.client.connectionState === 'connected';
  }

  /** Why the connection is gone, where the server said so. */
  get connectionError(): unknown {
    return this.isConnected ? undefined : this.#lastChange?.error;
  }
}
