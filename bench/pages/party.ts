import { RinglineClient } from '@ringline/client';
import type { Call, CallState, ClientOptions, Media } from '@ringline/client';
import { firstSince, listenAgain, meter, noteFrames, now, readStats, traffic } from './meter.ts';
import type { Onset, Traffic } from './meter.ts';

/** What a page signs in with; kept for the tab, so that a page that is loaded anew signs in by itself. */
export type SignIn = Pick<ClientOptions, 'url' | 'token' | 'deviceId' | 'preconnect'>;

/** One side of a measured call, as the bench drives it. */
export interface Party {
  signIn(options: SignIn): Promise<void>;
  call(user: string): Promise<void>;
  /** Accepts, and says when the button was pressed. */
  accept(): Promise<number>;
  end(): Promise<void>;
  /** Holds, and says when the button was pressed. */
  hold(): Promise<number>;
  /** Resumes, and says when the button was pressed. */
  resume(): Promise<number>;
  removeVideo(): Promise<void>;
  /** Asks for a picture, and says when the button was pressed. */
  addVideo(): Promise<number>;
  /** Agrees to the picture that was asked for, and says when the button was pressed. */
  replyVideo(): Promise<number>;
  readonly isAsked: boolean;
  readonly media: Media | undefined;
  readonly state: CallState | undefined;
  firstSince(what: Onset['what'], since: number, madeAfter?: number): number | undefined;
  /** From now on the next sound and the next picture count as first. */
  listenAgain(): void;
  traffic(): Promise<Traffic>;
  /** Reads the statistics of every connection, so many times. */
  readStats(times: number): Promise<void>;
  readonly timesDevicesOpened: number;
  /** When microphone and camera were open last. */
  readonly devicesOpenSince: number;
}

declare global {
  interface Window {
    party: Party;
  }
}

const SIGN_IN = 'sign-in';

let client: RinglineClient | undefined;
let newest: Call | undefined;
let timesDevicesOpened = 0;
let devicesOpenSince = 0;

meter();
noteFrames(element('remote'));
watchDevices();

function watchDevices(): void {
  const { mediaDevices } = navigator;
  const open = mediaDevices.getUserMedia.bind(mediaDevices);
  mediaDevices.getUserMedia = async (wanted) => {
    timesDevicesOpened++;
    // The browser's processing takes a steady tone for noise and removes it.
    const plain = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
    const stream = await open({ ...wanted, audio: wanted?.audio ? plain : false });
    devicesOpenSince = now();
    return stream;
  };
}

function element(id: string): HTMLVideoElement {
  return document.querySelector<HTMLVideoElement>(`#${id}`) ?? document.createElement('video');
}

function follow(call: Call): void {
  newest = call;
  call.attach({ local: element('local'), remote: element('remote') });
}

async function signIn(options: SignIn): Promise<void> {
  client = new RinglineClient(options);
  client.on('incoming', follow);
  client.on('restored', follow);
  await client.connect();
}

window.party = {
  signIn: (options) => {
    sessionStorage.setItem(SIGN_IN, JSON.stringify(options));
    return signIn(options);
  },
  call: async (user) => {
    const call = await client?.call(user, { media: 'video' });
    if (call !== undefined) follow(call);
  },
  accept: async () => {
    const at = now();
    await newest?.accept();
    return at;
  },
  end: async () => {
    await newest?.end();
  },
  hold: async () => {
    const at = now();
    await newest?.hold();
    return at;
  },
  resume: async () => {
    const at = now();
    await newest?.resume();
    return at;
  },
  removeVideo: async () => {
    await newest?.removeVideo();
  },
  addVideo: async () => {
    const at = now();
    await newest?.addVideo();
    return at;
  },
  replyVideo: async () => {
    const at = now();
    await newest?.replyVideo(true);
    return at;
  },
  get isAsked() {
    return newest?.videoRequestedBy === 'peer';
  },
  get media() {
    return newest?.media;
  },
  listenAgain,
  get state() {
    return newest?.state;
  },
  firstSince,
  traffic,
  readStats,
  get timesDevicesOpened() {
    return timesDevicesOpened;
  },
  get devicesOpenSince() {
    return devicesOpenSince;
  },
};

const before = sessionStorage.getItem(SIGN_IN);
if (before !== null) void signIn(JSON.parse(before) as SignIn);
