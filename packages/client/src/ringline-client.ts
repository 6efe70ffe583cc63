import type { CallId, DeviceId, InboxItem, Prompt, UserId, Welcome } from '@ringline/protocol';
import { MAX_PAGE_ITEMS } from '@ringline/protocol';
import { defaultMedia } from './browser/media.ts';
import { defaultLanguage } from './browser/language.ts';
import { defaultNotes } from './browser/notes.ts';
import { defaultPorts } from './browser/ports.ts';
import type { Call } from './call.ts';
import type { ClientEvents } from './client-events.ts';
import { CallTable } from './calls/call-table.ts';
import { checkUser } from './calls/checks.ts';
import { EarlySignals } from './calls/early-signals.ts';
import type { LiveCall } from './calls/live-call.ts';
import type { CallOptions } from './calls/place.ts';
import { place } from './calls/place.ts';
import { Traces } from './calls/traces.ts';
import { defined } from './defined.ts';
import { Emitter } from './emitter.ts';
import { clientError } from './errors.ts';
import type { ExtensionPoint } from './extensions.ts';
import { isForExtension, pointOf } from './extensions.ts';
import type { DeviceChoice } from './media/devices.ts';
import { Devices } from './media/devices.ts';
import type { MediaPort } from './media/media.ts';
import { NO_MEDIA } from './media/no-media.ts';
import { sendMessage } from './messages/send.ts';
import { Inbox } from './messages/inbox.ts';
import type { HistoryPage, Outgoing, SendOptions, Sent } from './messages/message.ts';
import { messageOf } from './messages/message.ts';
import { Ice } from './negotiation/ice.ts';
import type { ClientOptions } from './options.ts';
import { socketUrl } from './options.ts';
import type { Ports } from './ports.ts';
import type { Presences } from './presence/presence-watch.ts';
import { PresenceWatch } from './presence/presence-watch.ts';
import { randomName } from './random.ts';
import type {
  ConversationsQuery,
  Listed,
  ListedConversation,
  ListedInbox,
  ListedRecord,
  RecordsQuery,
  SeenUser,
} from './rest/lists.ts';
import { listsOf } from './rest/rest.ts';
import type { ConnectionChange, ConnectionState, Told } from './signalling/signalling.ts';
import { Signalling } from './signalling/signalling.ts';
import { Tokens } from './signalling/tokens.ts';
import { Tones } from './voice/tones.ts';

/** One device of one user: calls, is called, and exchanges messages. Every promise rejects with a RinglineError. */
export class RinglineClient extends Emitter<ClientEvents> {
  readonly deviceId: DeviceId;
  /** Who of the watched users is there. */
  readonly presence: Presences;
  /** This user's call records, newest first. */
  readonly records: Listed<ListedRecord, RecordsQuery>;
  /** The users that the server has seen, by user id; `not-permitted` where the server, or the token, denies it. */
  readonly users: Listed<SeenUser>;
  /** Messages with everybody, oldest first. */
  readonly inbox: ListedInbox;
  /** With whom this user has exchanged messages, those with the newest first: what is unread, delivered and read. */
  readonly conversations: Listed<ListedConversation, ConversationsQuery>;
  /** Which microphone, camera and speaker calls use; on a client without media there are none. */
  readonly devices: DeviceChoice;
  /** Whether calls may be with pictures here: not with the option `video: false`, nor without media. */
  readonly hasVideo: boolean;
  /** Null on a client that signals only. */
  readonly #devices: Devices | null;
  readonly #ports: Ports;
  readonly #signalling: Signalling;
  readonly #point: ExtensionPoint;
  readonly #ice: Ice;
  readonly #table: CallTable;
  readonly #inbox: Inbox;
  /** Null on a client that signals only. */
  readonly #tones: Tones | null;
  #hasRingback = false;
  readonly #language: string;
  #callWaiting: boolean;
  /** Of the conversations, as far as they were told. */
  #revision: number | undefined;
  readonly #watch: PresenceWatch;
  #missed = 0;
  #unheard: { readonly name: 'incoming' | 'restored'; readonly call: LiveCall }[] = [];

  constructor(options: ClientOptions) {
    super();
    const ports: Ports = { ...defaultPorts(), ...options };
    this.#ports = ports;
    this.deviceId = options.deviceId ?? randomName(ports.randomness);
    const media = options.media === undefined ? defaultMedia() : options.media;
    const tokens = new Tokens(ports.clock, options.token, options.tokenProvider);
    this.#signalling = this.#makeSignalling(options, tokens);
    const devices = new Devices(media ?? NO_MEDIA, {
      changed: (devices) => void this.emit('devicesChanged', devices),
      replaced: (change) => void this.emit('deviceReplaced', change),
    });
    devices.watch();
    this.devices = devices;
    this.#devices = media && devices;
    const { signallingOnly = false, video = true, notes = defaultNotes(this.deviceId) } = options;
    this.hasVideo = video && (media !== null || signallingOnly);
    const { clock } = ports;
    const { requests } = this.#signalling;
    this.#point = pointOf(this, this.#signalling);
    const isConnected = () => this.connectionState === 'connected';
    this.#ice = new Ice({ clock, requests, isConnected }, options);
    this.#callWaiting = options.callWaiting ?? false;
    this.#language = options.language ?? defaultLanguage();
    this.#tones = media && this.#makeTones(media, devices);
    const ice = this.#ice;
    const mediaParts = media && { media, devices, ice, clock, early: new EarlySignals() };
    this.#table = new CallTable(
      {
        clock,
        requests,
        media: mediaParts,
        tones: this.#tones,
        signallingOnly,
        hasPictures: this.hasVideo,
        isConnected,
        traces: new Traces(notes),
      },
      {
        incoming: (call) => this.#point.extension?.takes(call) || this.#announce('incoming', call),
        restored: (call) => this.#announce('restored', call),
      },
    );
    this.#inbox = new Inbox(options.cursor, {
      deliver: (item) => this.#deliver(item),
      acknowledge: (cursor) => this.#signalling.say({ type: 'acknowledge', cursor }),
      resync: () => this.#signalling.resync(),
    });
    this.presence = this.#watch = new PresenceWatch({
      requests,
      requireConnection: () => this.#requireConnection(),
      changed: (presence) => this.emit('presenceChanged', presence),
    });
    const { fetch } = ports;
    const lists = listsOf({ clock, fetch, tokens, socketUrl: socketUrl(options.url) });
    this.records = lists.records;
    this.users = lists.users;
    this.inbox = lists.inbox;
    this.conversations = lists.conversations;
  }

  get connectionState(): ConnectionState {
    return this.#signalling.state;
  }

  /** Who the server says this is; undefined before the first connection. */
  get user(): UserId | undefined {
    return this.#signalling.user;
  }

  /** The calls that have not ended, the oldest first. */
  get calls(): readonly Call[] {
    return this.#table.shown;
  }

  /** The last message handed out: an app that keeps it passes it as `cursor` next time. */
  get cursor(): number | undefined {
    return this.#inbox.cursor;
  }

  /** How many calls this user missed and has not seen, on any device; 100 are 100 or more. */
  get missedCalls(): number {
    return this.#missed;
  }

  /** This user has seen its missed calls, up to the one of this record; all its devices are told. */
  async seeCalls(call: CallId): Promise<void> {
    this.#requireConnection();
    await this.#signalling.requests.request(() => ({ type: 'see-calls', call }));
  }

  /** What the server's own voice says or plays to this device at this moment. */
  get voice(): Prompt | undefined {
    return this.#tones?.voice;
  }

  /** Whether the server plays the ringing tone to this device, so that an app waits a moment before it plays one. */
  get hasRingback(): boolean {
    return this.#hasRingback;
  }

  /** Whether a second call rings beside the one that this device is in. */
  get callWaiting(): boolean {
    return this.#callWaiting;
  }

  /** From now on a second call rings beside the first, or its caller finds this user busy. */
  async setCallWaiting(on: boolean): Promise<void> {
    this.#callWaiting = on;
    if (this.connectionState !== 'connected') return;
    await this.#signalling.requests.request(() => ({ type: 'set-call-waiting', on }));
  }

  getCall(id: CallId): Call | undefined {
    return this.#table.get(id);
  }

  /**
   * Connects, and stays connected until `disconnect()`. Resolves when the server has welcomed this
   * device; rejects with `unauthorized`, `replaced`, `too-many-devices`,
   * `unsupported-version`, or with `timeout` when the first connection does not come about.
   */
  connect(): Promise<void> {
    this.#devices?.watch();
    return this.#signalling.connect();
  }

  /** Ends this device's calls and closes the connection. */
  disconnect(): void {
    this.#table.abandon();
    this.#signalling.disconnect();
  }

  /**
   * Rings a user on all devices. Opens microphone and camera first. Resolves when the server has taken
   * the invitation; when the other user was calling this one at the same time, with that call, answered.
   * Rejects as `Call.accept` does when a device cannot be opened, and with the server's refusals,
   * among them `caller-busy`, `self-call`, `forbidden`, `rate-limited` and `unavailable`; when `signal`
   * is aborted before, at once and with its reason. Whatever it rejects with, nothing comes of it: what was
   * placed all the same is taken back.
   */
  async call(userId: UserId, options: CallOptions = {}): Promise<Call> {
    this.#requireConnection();
    const parts = {
      table: this.#table,
      requests: this.#signalling.requests,
      devices: this.#devices,
      clock: this.#ports.clock,
      id: randomName(this.#ports.randomness),
    };
    return place(parts, userId, options);
  }

  /**
   * Sends a message of at most MAX_MESSAGE_BYTES; resolves when it is in both inboxes. After `timeout` it may
   * be there: give it a `key`, and send it again with the same.
   */
  async send(userId: UserId, message: Outgoing, options: SendOptions = {}): Promise<Sent> {
    this.#requireConnection();
    const { key = randomName(this.#ports.randomness) } = options;
    return sendMessage(this.#signalling.requests, userId, message, key);
  }

  /**
   * This user has read what the peer sent, up to a cursor of its own inbox; everything so far when
   * absent. Never goes back, and holds on all devices of the user.
   */
  async markRead(peer: UserId, cursor = this.cursor ?? 0): Promise<void> {
    this.#requireConnection();
    checkUser(peer);
    await this.#signalling.requests.request(() => ({ type: 'read', peer, cursor }));
  }

  /** Messages exchanged with a peer, newest first, older than the cursor `before`; at most 100 at once. */
  async history(
    peer: UserId,
    { before, limit = MAX_PAGE_ITEMS }: { before?: number; limit?: number } = {},
  ): Promise<HistoryPage> {
    this.#requireConnection();
    const request = { type: 'history', peer, limit, ...defined({ before }) } as const;
    const { items, more } = await this.#signalling.requests.request(() => request);
    return { messages: items.map(messageOf), more };
  }

  protected override listened(): void {
    queueMicrotask(() => this.#flush());
  }

  #makeTones(media: MediaPort, { speaker }: Devices): Tones {
    return new Tones({
      media,
      speaker,
      clock: this.#ports.clock,
      requests: this.#signalling.requests,
      ice: this.#ice,
      changed: () => void this.emit('voiceChanged', this),
    });
  }

  #makeSignalling({ url, connectTimeoutMs }: ClientOptions, tokens: Tokens): Signalling {
    const parts = {
      ports: this.#ports,
      url: socketUrl(url),
      device: this.deviceId,
      tokens,
      connectTimeoutMs,
    };
    return new Signalling(parts, {
      heldCalls: () => this.#table.held(),
      wishes: () => ({
        ...defined({
          cursor: this.cursor,
          cursorId: this.#inbox.id,
          revision: this.#revision,
        }),
        ...(this.#callWaiting && { callWaiting: true }),
        ...(this.#tones && { language: this.#language }),
        ...this.#point.extension?.hello(),
      }),
      beat: () => this.#point.extension?.beat() ?? {},
      welcomed: (welcome) => this.#welcomed(welcome),
      resumed: () => {
        this.#table.resumed();
        this.#watch.resumed();
        this.#point.extension?.resumed();
      },
      received: (message) => this.#receive(message),
      networkChanged: () => this.#table.networkChanged(),
      changed: (change) => this.#connectionChanged(change),
    });
  }

  #requireConnection(): void {
    if (this.connectionState === 'disconnected') throw clientError('not-connected');
  }

  #welcomed(welcome: Welcome): void {
    const { inbox, gone, ice, voice, ringback } = welcome;
    this.#tones?.welcomed(voice ?? false);
    this.#hasRingback = ringback === true && this.#tones !== null;
    this.#ice.learn(ice);
    this.#inbox.welcomed(inbox);
    this.#revision = inbox.revision;
    this.#table.welcomed(gone);
    this.#point.extension?.welcomed(welcome);
  }

  #receive(message: Told): void {
    if (isForExtension(message)) return this.#point.extension?.received(message);
    switch (message.type) {
      case 'call':
        return this.#table.receive(message.call);
      case 'signal':
        return this.#table.receiveSignal(message);
      case 'inbox':
        return this.#inbox.receive(message.items);
      case 'conversations':
        for (const conversation of message.items) {
          this.#revision = conversation.revision;
          this.emit('conversationChanged', conversation);
        }
        return;
      case 'missed':
        this.#missed = message.count;
        this.emit('missedChanged', message.count);
        return;
      case 'voice-offered':
      case 'voice-changed':
      case 'voice-ended':
        return this.#tones?.receive(message);
      case 'presence':
        return this.#watch.receive(message);
      case 'alive':
        this.#point.extension?.alive(message);
        return this.#table.alive(message.gone);
    }
  }

  #connectionChanged(change: ConnectionChange): void {
    if (change.state === 'disconnected') {
      this.#ice.stop();
      this.#tones?.stop();
      this.#table.lose();
      this.#devices?.unwatch();
    }
    this.#table.connectionChanged();
    this.emit('connectionChanged', change);
  }

  #announce(name: 'incoming' | 'restored', call: LiveCall): void {
    if (!this.isHeard(name)) {
      this.#unheard.push({ name, call });
      return;
    }
    this.emit(name, call);
    if (name === 'incoming') call.announced();
  }

  #deliver(item: InboxItem): boolean {
    return this.emit('message', messageOf(item)) > 0;
  }

  #flush(): void {
    const unheard = this.#unheard.filter(({ call }) => call.state !== 'ended');
    this.#unheard = [];
    for (const { name, call } of unheard) this.#announce(name, call);
    this.#inbox.flush();
  }
}
