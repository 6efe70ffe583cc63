/** A stand-in for a client: it says what a state of the gallery wants to show, and calls nobody. */
import type {
  Call,
  CallRecord,
  Conversation,
  ListedConversation,
  Message,
  RinglineClient,
  UserId,
} from '@ringline/client';

type Listener = (payload: never) => void;

/** Events by hand, as the SDK tells them. */
class Told {
  readonly #listeners = new Map<string, Set<Listener>>();

  on(name: string, listener: Listener): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners.add(listener));
    return () => void listeners.delete(listener);
  }

  once(name: string, listener: Listener): () => void {
    return this.on(name, listener);
  }

  off(name: string, listener: Listener): void {
    this.#listeners.get(name)?.delete(listener);
  }

  tell(name: string, payload: unknown): void {
    for (const listener of this.#listeners.get(name) ?? []) listener(payload as never);
  }
}

/** A picture that moves a little, as a camera's does. */
function picture(hue: number): MediaStream {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [640, 480];
  const context = canvas.getContext('2d');
  let frame = 0;
  setInterval(() => {
    if (context === null) return;
    const ground = context.createLinearGradient(0, 0, 640, 480);
    ground.addColorStop(0, `hsl(${hue} 30% 46%)`);
    ground.addColorStop(1, `hsl(${hue + 40} 32% 24%)`);
    context.fillStyle = ground;
    context.fillRect(0, 0, 640, 480);
    context.fillStyle = `hsl(${hue + 20} 26% 72%)`;
    context.beginPath();
    context.arc(320, 200 + Math.sin(frame++ / 4) * 3, 92, 0, 7);
    context.fill();
    context.beginPath();
    context.ellipse(320, 470, 190, 160, 0, 0, 7);
    context.fill();
  }, 40);
  return canvas.captureStream(25);
}

/** What a state says of a call; whatever it leaves away is as in a quiet call that is on. */
export type CallShown = Partial<Record<keyof Call, unknown>>;

/** A call that stands still. */
export function standInCall(
  shown: CallShown,
): Call & { tell(name: string, payload: unknown): void } {
  const told = new Told();
  const done = () => Promise.resolve();
  const defaults = {
    id: 'gallery',
    direction: 'outgoing',
    peer: { user: 'bob.li', name: 'Bob Li' },
    media: 'audio',
    state: 'established',
    connection: 'connected',
    endReason: undefined,
    legs: [],
    connectedAt: Date.now() - 83_000,
    durationSeconds: undefined,
    restored: false,
    muted: false,
    cameraOn: true,
    peerMuted: false,
    peerCameraOn: true,
    quality: { level: 'good' },
    videoLimit: 'none',
    needsGesture: false,
    localHold: false,
    remoteHold: false,
    resuming: false,
    videoRequestedBy: undefined,
    videoEnd: undefined,
    on: (name: string, listener: Listener) => told.on(name, listener),
    tell: (name: string, payload: unknown) => told.tell(name, payload),
    accept: done,
    refuse: done,
    cancel: done,
    end: done,
    mute: () => {},
    camera: done,
    hold: done,
    resume: done,
    swap: done,
    addVideo: done,
    replyVideo: done,
    removeVideo: done,
    play: done,
    reportRinging: done,
  };
  const call = { ...defaults, ...shown };
  const show = (element: HTMLVideoElement | null | undefined, hue: number) => {
    if (!element || (call.media !== 'video' && call.videoRequestedBy !== 'self')) return;
    element.srcObject = picture(hue);
    void element.play();
  };
  const attach = (to: Partial<Record<'local' | 'remote' | 'preview', HTMLVideoElement | null>>) => {
    if (call.peerCameraOn && call.media === 'video') show(to.remote, 205);
    if (call.cameraOn) show(to.local, 155);
    show(to.preview, 155);
  };
  return { attach, ...call } as unknown as Call & { tell(name: string, payload: unknown): void };
}

/** What a state says of the client. */
export interface ClientShown {
  readonly connectionState?: string;
  /** False: the page was made without video. */
  readonly hasVideo?: boolean;
  readonly devices?: readonly object[];
  readonly people?: readonly { user: UserId; name?: string; online: boolean; seenAt: number }[];
  readonly records?: readonly CallRecord[];
  readonly messages?: readonly Message[];
  /** How many calls were missed and not seen. */
  readonly missedCalls?: number;
  /** Where this user stands with a peer, where not everything is read. */
  readonly stands?: Readonly<Record<UserId, Partial<Conversation>>>;
  readonly callWaiting?: boolean;
  /** What the server's voice says. */
  readonly voice?: string;
  /** What `call()` gives, or throws. */
  readonly calls?: () => Promise<Call>;
}

/** A client that stands still, signed in as Alice. */
export function standInClient(shown: ClientShown): RinglineClient & Told {
  const told = new Told();
  const { people = [], records = [], messages = [] } = shown;
  const never = new Promise<Call>(() => {});
  const client = {
    user: 'alice',
    connectionState: shown.connectionState ?? 'connected',
    hasVideo: shown.hasVideo ?? true,
    calls: [],
    callWaiting: shown.callWaiting ?? true,
    voice: shown.voice,
    missedCalls: shown.missedCalls ?? 0,
    seeCalls: () => Promise.resolve(),
    markRead: () => Promise.resolve(),
    setCallWaiting: () => Promise.resolve(),
    on: (name: string, listener: Listener) => told.on(name, listener),
    once: (name: string, listener: Listener) => told.once(name, listener),
    off: (name: string, listener: Listener) => told.off(name, listener),
    tell: (name: string, payload: unknown) => told.tell(name, payload),
    call: () => shown.calls?.() ?? never,
    connect: () => Promise.resolve(),
    send: () => Promise.resolve({ id: '1', at: Date.now() }),
    history: (peer: UserId) =>
      Promise.resolve({
        messages: messages.filter(({ from, to }) => from === peer || to === peer).toReversed(),
        more: false,
      }),
    inbox: {
      list: () => Promise.resolve({ items: messages, head: messages.at(-1)?.cursor ?? 0 }),
    },
    conversations: {
      list: () => Promise.resolve({ items: conversationsOf(shown), next: null }),
    },
    users: { list: () => Promise.resolve({ items: people, next: null }) },
    records: { list: () => Promise.resolve({ items: records, next: null }) },
    presence: {
      watch: () => Promise.resolve(),
      of: (user: UserId) => people.find((each) => each.user === user),
    },
    devices: {
      chosen: {},
      list: () => Promise.resolve(shown.devices ?? []),
      choose: () => Promise.resolve(),
      access: () => Promise.resolve('granted'),
      preview: () => Promise.resolve(),
    },
  };
  return client as unknown as RinglineClient & Told;
}

/** Everybody who wrote or was written to, the newest first; everything is read and delivered unless it is said. */
function conversationsOf({
  messages = [],
  stands = {},
}: ClientShown): readonly ListedConversation[] {
  const byPeer = Map.groupBy(messages, ({ from, to }) => (from === 'alice' ? to : from));
  const listed = [...byPeer].flatMap(([peer, all]) => {
    const last = all.at(-1);
    if (last === undefined) return [];
    const marks = { readUpTo: last.cursor, deliveredUpTo: last.cursor, peerReadUpTo: last.cursor };
    return { peer, revision: 1, unread: 0, ...marks, ...stands[peer], last };
  });
  return listed.sort((a, b) => b.last.cursor - a.last.cursor);
}
