import { RinglineClient, RinglineError, tabDeviceId } from '@ringline/client';
import type {
  AcceptOptions,
  Call,
  CallOptions,
  CallRecord,
  ClientOptions,
  Choice,
  ConnectionState,
  EndOptions,
  Quality,
  MediaDevice,
  RefuseOptions,
  ReplyOptions,
  ResumeOptions,
  VideoLimit,
} from '@ringline/client';

/** A call as a test looks at it. */
export interface CallSeen {
  readonly id: string;
  readonly state: Call['state'];
  readonly connection: Call['connection'];
  readonly endReason: Call['endReason'];
  readonly media: Call['media'];
  readonly direction: Call['direction'];
  readonly restored: boolean;
  /** The states of the callee's devices. */
  readonly legs: readonly string[];
  readonly durationSeconds: number | undefined;
  readonly muted: boolean;
  readonly cameraOn: boolean;
  readonly peerMuted: boolean;
  readonly peerCameraOn: boolean;
  readonly needsGesture: boolean;
  readonly videoLimit: VideoLimit;
  readonly localHold: boolean;
  readonly remoteHold: boolean;
  readonly resuming: boolean;
  readonly videoRequestedBy: Call['videoRequestedBy'];
  /** As in `removed by peer`, or `expired`; undefined while there is no end to tell of. */
  readonly videoEnd: string | undefined;
}

/** What a device tells the server of itself. */
export type Wishes = Pick<ClientOptions, 'callWaiting' | 'language'>;

/** How a command went: `done`, or the code with which it was refused. */
export type Went = string;

/** A device without a face: tests press its buttons and look at its calls. */
export interface Device {
  /** Without a device id the tab's own is taken, as an app does. */
  connect(options: { token: string; deviceId: string | undefined } & Wishes): Promise<void>;
  readonly id: string | undefined;
  readonly connection: ConnectionState;
  call(user: string, options: CallOptions): Promise<Went>;
  accept(options?: AcceptOptions): Promise<Went>;
  refuse(options?: RefuseOptions): Promise<Went>;
  cancel(): Promise<Went>;
  end(options?: EndOptions): Promise<Went>;
  mute(on: boolean): void;
  camera(on: boolean): Promise<Went>;
  hold(): Promise<Went>;
  resume(options?: ResumeOptions): Promise<Went>;
  /** From now on the buttons are those of the call with this user. */
  turnTo(user: string): void;
  swap(): Promise<Went>;
  /** What the server's voice says to this device. */
  readonly voice: string | undefined;
  addVideo(): Promise<Went>;
  replyVideo(accept: boolean, options?: ReplyOptions): Promise<Went>;
  removeVideo(): Promise<Went>;
  /** Shows the newest call in other elements of the page from now on. */
  moveTo(local: string, remote: string): void;
  play(): Promise<Went>;
  choose(choice: Choice): Promise<Went>;
  devices(): Promise<readonly MediaDevice[]>;
  access(kind: 'microphone' | 'camera'): Promise<string>;
  /** What took over from what, by name, when devices were lost. */
  replaced(): readonly string[];
  /** The newest call of this device. */
  seen(): CallSeen | undefined;
  /** The quality of the newest call; undefined until it was measured. */
  quality(): Quality | undefined;
  /** Every call this device has had, with the events of each in their order. */
  events(): Readonly<Record<string, readonly string[]>>;
  /** The records that arrived as messages. */
  records(): readonly CallRecord[];
}

declare global {
  interface Window {
    device: Device;
  }
}

const EVENTS = [
  'ringing',
  'accepted',
  'connected',
  'reconnecting',
  'reconnected',
  'announcing',
  'ended',
  'holdChanged',
  'videoRequested',
  'videoRefused',
  'videoAdded',
  'videoRemoved',
] as const;

let client: RinglineClient | undefined;
let newest: Call | undefined;
const calls: Call[] = [];
const events: Record<string, string[]> = {};
const records: CallRecord[] = [];
const replaced: string[] = [];

function element(id: string): HTMLVideoElement {
  return document.querySelector<HTMLVideoElement>(`#${id}`) ?? document.createElement('video');
}

function follow(call: Call): void {
  newest = call;
  calls.push(call);
  if (events[call.id] !== undefined) return;
  const told: string[] = [];
  events[call.id] = told;
  for (const name of EVENTS) call.on(name, () => told.push(name));
  call.on('problem', ({ code }) => told.push(`problem: ${code}`));
  call.attach({ local: element('local'), remote: element('remote') });
}

async function went(act: () => Promise<unknown> | undefined): Promise<Went> {
  try {
    await act();
    return 'done';
  } catch (error) {
    return error instanceof RinglineError ? error.code : String(error);
  }
}

function see(call: Call): CallSeen {
  const { id, state, connection, endReason, media, direction, restored, durationSeconds } = call;
  const { muted, cameraOn, peerMuted, peerCameraOn, needsGesture, videoLimit } = call;
  const { localHold, remoteHold, resuming, videoRequestedBy, videoEnd: end } = call;
  const shown = { muted, cameraOn, peerMuted, peerCameraOn, needsGesture, videoLimit };
  const videoEnd = end && (end.by === undefined ? end.why : `${end.why} by ${end.by}`);
  const holds = { localHold, remoteHold, resuming, videoRequestedBy, videoEnd };
  const legs = call.legs.map((leg) => leg.state);
  const told = { id, state, connection, endReason, media, direction, restored, durationSeconds };
  return { ...told, ...shown, ...holds, legs };
}

window.device = {
  connect: async ({ token, deviceId, ...wishes }) => {
    const id = deviceId ?? (await tabDeviceId());
    client = new RinglineClient({ url: location.origin, token, deviceId: id, ...wishes });
    client.on('incoming', follow);
    client.on('restored', follow);
    client.on('deviceReplaced', ({ from, to }) =>
      replaced.push(`${from?.label ?? 'none'} -> ${to?.label ?? 'none'}`),
    );
    client.on('message', (message) => {
      if (message.kind === 'record') records.push(message.record);
    });
    await client.connect();
  },
  get id() {
    return client?.deviceId;
  },
  get connection() {
    return client?.connectionState ?? 'disconnected';
  },
  call: (user, options) =>
    went(async () => {
      const call = await client?.call(user, options);
      if (call !== undefined) follow(call);
    }),
  accept: (options) => went(() => newest?.accept(options)),
  refuse: (options) => went(() => newest?.refuse(options)),
  cancel: () => went(() => newest?.cancel()),
  end: (options) => went(() => newest?.end(options)),
  mute: (on) => newest?.mute(on),
  camera: (on) => went(() => newest?.camera(on)),
  hold: () => went(() => newest?.hold()),
  resume: (options) => went(() => newest?.resume(options)),
  turnTo: (user) => {
    newest = calls.findLast(({ peer }) => peer.user === user);
  },
  swap: () => went(() => newest?.swap()),
  get voice() {
    return client?.voice;
  },
  addVideo: () => went(() => newest?.addVideo()),
  replyVideo: (accept, options) => went(() => newest?.replyVideo(accept, options)),
  removeVideo: () => went(() => newest?.removeVideo()),
  moveTo: (local, remote) => newest?.attach({ local: element(local), remote: element(remote) }),
  play: () => went(() => newest?.play()),
  choose: (choice) => went(() => client?.devices.choose(choice)),
  devices: async () => (await client?.devices.list()) ?? [],
  access: async (kind) => (await client?.devices.access(kind)) ?? 'none',
  replaced: () => replaced,
  seen: () => newest && see(newest),
  quality: () => newest?.quality,
  events: () => events,
  records: () => records,
};
