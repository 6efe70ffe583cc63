import type { ConnectionChange, Message, RinglineClient, UserId } from '@ringline/client';
import { browserClock } from '../browser/clock.ts';
import { sharedPreferences } from '../browser/preference-store.ts';
import { fadeAsideNews } from './aside-news.ts';
import { CallWaiting } from './call-waiting.ts';
import { Changing } from './changing.ts';
import { Conversations } from './conversations.ts';
import { DeviceMemory } from './device-memory.ts';
import { DeviceNews } from './device-news.ts';
import { HoldTimes } from './hold-times.ts';
import type { ListsClient } from './lists-client.ts';
import type { Marks } from './marks.ts';
import { browserMarks, passingMarks } from './marks.ts';
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
  readonly #nobody = passingMarks();
  #marks: { readonly user: UserId; readonly marks: Marks } | undefined;
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
    const marks = () => this.#marksOf(client.user);
    this.people = new People(lists, this.names);
    this.records = new Records(lists, marks);
    this.conversations = new Conversations(lists, marks, () => Date.now());
    client.on('connectionChanged', (change) => this.#connectionChanged(change));
    client.on('presenceChanged', () => this.people.presenceChanged());
    client.on('message', (message) => this.#receive(message));
    client.on('incoming', ({ peer }) => this.people.meet(peer.user));
    if (this.isConnected) this.conversations.connected();
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

  #marksOf(user: UserId | undefined): Marks {
    if (user === undefined) return this.#nobody;
    if (this.#marks?.user !== user) this.#marks = { user, marks: browserMarks(user) };
    return this.#marks.marks;
  }

  get isConnected(): boolean {
    return this.client.connectionState === 'connected';
  }

  /** Why the connection is gone, where the server said so. */
  get connectionError(): unknown {
    return this.isConnected ? undefined : this.#lastChange?.error;
  }
}
