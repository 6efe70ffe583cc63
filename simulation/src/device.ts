import type { Call, Conversation, Message, Presence } from '@ringline/client';
import { RinglineClient } from '@ringline/client';
import type {
  FakeMedia,
  FakeMediaDevice,
  SeededRandomness,
  VirtualClock,
  WireSide,
} from '@ringline/testkit';
import { ProcessClock, Wire } from '@ringline/testkit';
import type { Cluster } from './cluster.ts';
import { tokenFor } from './cluster.ts';

/** Tokens live this long, so that they are renewed, and now and then expire, in every run. */
const TOKEN_LIFE_MS = 90_000;

/** One loaded page: what it was told belongs to it alone. */
export interface Page {
  readonly client: RinglineClient;
  readonly clock: ProcessClock;
  readonly wires: Set<Wire>;
  readonly messages: Message[];
  /** What it was told of conversations, by peer, since there was this revision. */
  readonly conversations: Map<string, Conversation>;
  revision: number | undefined;
  /** The users that it watches, and what it was told of each. */
  watched: readonly string[];
  readonly presences: Map<string, Presence>;
}

/** A device of a user whose page can be loaded anew, and whose network can fail. */
export class SimulatedDevice {
  readonly user: string;
  readonly name: string;
  /** Every page it has shown, the last one living or not. */
  readonly pages: Page[] = [];
  /** Calls of its newest page of which a voice told. */
  readonly announced = new Set<Call>();
  /** What its pages heard of the server's voice. */
  readonly heard = new Set<string>();
  readonly #clock: VirtualClock;
  readonly #cluster: Cluster;
  readonly #media: FakeMedia;
  readonly #randomness: SeededRandomness;
  readonly #onCall: (device: SimulatedDevice, call: Call) => void;
  readonly #onPage: (device: SimulatedDevice, page: Page) => void;
  #cutUntil = 0;
  /** Tells the newest page. */
  #networkChanged = () => {};
  /** From then on its page is left alone. */
  troubledUntil = 0;

  constructor(
    of: { readonly user: string; readonly name: string },
    world: {
      readonly clock: VirtualClock;
      readonly cluster: Cluster;
      readonly media: FakeMedia;
      readonly randomness: SeededRandomness;
    },
    onCall: (device: SimulatedDevice, call: Call) => void,
    onPage: (device: SimulatedDevice, page: Page) => void = () => {},
  ) {
    this.user = of.user;
    this.name = of.name;
    this.#clock = world.clock;
    this.#cluster = world.cluster;
    this.#media = world.media;
    this.#randomness = world.randomness.fork(of.name);
    this.#onCall = onCall;
    this.#onPage = onPage;
  }

  /** The living page, if there is one. */
  get page(): Page | undefined {
    const last = this.pages.at(-1);
    return last?.clock.isDead ? undefined : last;
  }

  get client(): RinglineClient | undefined {
    return this.page?.client;
  }

  get mediaDevice(): FakeMediaDevice {
    return this.#media.device(this.name);
  }

  /** Loads the page and connects. */
  load(): void {
    if (this.page) return;
    this.mediaDevice.revive();
    this.announced.clear();
    const clock = new ProcessClock(this.#clock);
    const wires = new Set<Wire>();
    const messages: Message[] = [];
    const client = new RinglineClient({
      url: 'ws://ringline.test',
      deviceId: this.name,
      tokenProvider: () => Promise.resolve(tokenFor(this.user, clock.now() + TOKEN_LIFE_MS)),
      clock,
      randomness: this.#randomness.fork(`page ${this.pages.length}`),
      openSocket: (_, events) => this.#openSocket(events, wires),
      onWake: () => () => undefined,
      onNetworkChange: (changed) => {
        this.#networkChanged = changed;
        return () => undefined;
      },
      media: this.mediaDevice,
      connectTimeoutMs: Infinity,
      callWaiting: this.#randomness.chance(0.7),
      language: 'en',
    });
    client.on('incoming', (call) => this.#onCall(this, call));
    client.on('restored', (call) => this.#onCall(this, call));
    client.on('voiceChanged', ({ voice }) => {
      if (voice !== undefined) this.heard.add(voice);
    });
    client.on('message', (message) => messages.push(message));
    const conversations = new Map<string, Conversation>();
    client.on('conversationChanged', (each) => conversations.set(each.peer, each));
    const presences = new Map<string, Presence>();
    client.on('presenceChanged', (presence) => presences.set(presence.user, presence));
    const told = { messages, conversations, revision: undefined, presences };
    const page: Page = { client, clock, wires, watched: [], ...told };
    this.pages.push(page);
    this.#onPage(this, page);
    // A page that is killed while it connects never hears the end of it.
    client.connect().then(
      () => this.#noteRevision(page),
      () => undefined,
    );
    this.watch(['alice', 'bob', 'carol', 'nobody']);
  }

  /** It is told at least what changes from now on. */
  async #noteRevision(page: Page): Promise<void> {
    page.revision = (await this.#cluster.store.inboxStanding(this.user)).revision;
  }

  /** The page shows where these users stand, and nobody else. */
  watch(users: readonly string[]): void {
    const { page } = this;
    if (!page) return;
    page.watched = users;
    page.client.presence.watch(users).catch(() => undefined);
  }

  /** The tab crashes or is closed: nothing of it runs any more. */
  kill(): void {
    const { page } = this;
    if (!page) return;
    this.#noteTrouble(0);
    page.clock.kill();
    this.mediaDevice.kill();
    for (const wire of page.wires) wire.kill('client');
  }

  /** The machine sleeps: no timer runs, and nothing is read from the network. */
  sleep(ms: number): void {
    this.#noteTrouble(ms);
    this.page?.clock.sleep(ms);
    this.stall(ms);
  }

  /** The network is silent, for signalling and media, until then. */
  cut(ms: number): void {
    this.#noteTrouble(ms);
    this.#cutUntil = this.#clock.now() + ms;
    for (const wire of this.#wires()) wire.cut();
    this.#media.cut(this.name);
    this.#clock.after(ms, () => this.#mayRestore());
  }

  /** Media alone find no way until then: a firewall that lets only the signalling through. */
  cutMedia(ms: number): void {
    this.#noteTrouble(ms);
    this.#media.cut(this.name);
    this.#clock.after(ms, () => this.#mayRestore());
  }

  /** Another network takes the place of this one: sockets and paths of the old one are dead, and nobody says so. */
  switchNetwork(): void {
    this.#noteTrouble(0);
    for (const wire of this.#wires()) wire.cut();
    this.#media.fail(this.name);
    if (this.page !== undefined) this.#networkChanged();
  }

  /** The connection breaks at once, and may be made again. */
  drop(): void {
    this.#noteTrouble(0);
    for (const wire of this.#wires()) wire.drop();
  }

  /** Nothing reaches the page for a while. */
  stall(ms: number): void {
    this.#noteTrouble(ms);
    for (const wire of this.#wires()) wire.stall(ms, 'client');
  }

  #noteTrouble(ms: number): void {
    this.troubledUntil = Math.max(this.troubledUntil, this.#clock.now() + ms);
  }

  #wires(): Iterable<Wire> {
    return this.page?.wires ?? [];
  }

  #mayRestore(): void {
    if (this.#clock.now() < this.#cutUntil) return;
    for (const wire of this.#wires()) wire.restore();
    this.#media.restore(this.name);
  }

  #openSocket(events: ConstructorParameters<typeof Wire>[1], wires: Set<Wire>): Wire['client'] {
    const accept = this.#cluster.anyNode(this.#randomness);
    const delayMs = () => this.#randomness.integer(1, 60);
    const { doubled } = this.#cluster.weather;
    const double = (from: WireSide, text: string) =>
      from === 'client' && isKept(text) && this.#randomness.chance(doubled);
    const wire = new Wire(this.#clock, events, { accept, delayMs, double });
    wires.add(wire);
    if (this.#clock.now() < this.#cutUntil) wire.cut();
    return wire.client;
  }
}

/** Whether a text is a command whose result the server keeps: repeated, it is not done twice. */
function isKept(text: string): boolean {
  return text.includes('"seq":') && !text.includes('"type":"signal"');
}
