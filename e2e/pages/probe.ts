import { pitchesOf } from './ears.ts';
import { PacketLog } from './packets.ts';

/** What a page has received, added up over its peer connections since it was loaded. */
export interface Received {
  readonly audioPackets: number;
  /** What the packets carried, whether it was played or not; silence is a few bytes each. */
  readonly audioBytes: number;
  /** Grows only when sound comes in, not with silence. */
  readonly audioEnergy: number;
  /** Sound and silence alike: what was given to the loudspeaker. */
  readonly audioSeconds: number;
  readonly framesDecoded: number;
  /** How long samples of sound have waited in the jitter buffer, summed up, and how many they were. */
  readonly bufferedSeconds: number;
  readonly bufferedSamples: number;
}

/** What an element plays: kinds of its tracks, those of them that are not silenced, and its moving picture. */
export interface Played {
  readonly tracks: readonly string[];
  readonly enabled: readonly string[];
  readonly isMoving: boolean;
}

/** What the two sides of the standing connection have agreed on. */
export interface Agreed {
  readonly sections: number;
  readonly bytes: number;
}

/** Microphones and cameras that a page asked for, and what became of them. */
export interface DevicesUsed {
  readonly asked: number;
  readonly live: readonly string[];
  /** Kinds of the live tracks that peer connections send at this moment. */
  readonly sent: readonly string[];
  /** The names of the devices that those come from. */
  readonly sentFrom: readonly string[];
}

/** What tests learn of a page's media without the help of the code under test. */
export interface Probe {
  /** Of the other sides of its calls. */
  received(): Promise<Received>;
  /** Of the server's voice, which has connections of its own. */
  receivedOfVoice(): Promise<Received>;
  /** The frequencies that are heard of the other sides of calls, or of the voice, over so many milliseconds. */
  pitches(of: 'calls' | 'voice', ms: number): Promise<readonly number[]>;
  /** From here on the packets of the server's voice are noted. */
  logVoice(): void;
  /** What was noted: the Opus packets in hexadecimal digits. */
  loggedVoice(): readonly string[];
  /** Connections of the voice that stand or come to stand. */
  voices(): number;
  devices(): DevicesUsed;
  readonly connections: number;
  /** Peer connections that stand at this moment. */
  connected(): number;
  /** Kinds of the other side's candidates that came, over all connections: `host`, `srflx`, `relay`. */
  addressesSeen(): readonly string[];
  /** The kind of the other side's candidate that a standing connection uses. */
  path(): Promise<string | undefined>;
  /** The address of the candidate of its own that a standing connection uses. */
  ownAddress(): Promise<string | undefined>;
  played(id: string): Promise<Played>;
  agreed(): Agreed;
  /** Whether a tone that the page makes by itself sounds, over one of its rounds. */
  tone(): Promise<boolean>;
  /** How many such tones the page has begun. */
  readonly tonesBegun: number;
  /** What the standing connection lets its picture use; undefined while it sends none. */
  videoEncoding(): RTCRtpEncodingParameters | undefined;
  /** From here on the tab counts as hidden, and timers that are set fire this late at the earliest. */
  hideTab(timerMs: number): void;
  /**
   * Nobody can pull a plug of Chromium's fake devices: the tracks of one are stopped and told that they
   * ended, and it is listed and opened no more.
   */
  unplug(label: string): Promise<void>;
  /** From here on the page sends nothing, whatever it means to send: as if its packets were lost. */
  loseSenders(): Promise<void>;
  /** Makes every later getUserMedia fail as after a click on “Block”. */
  denyDevices(isDenied: boolean): void;
}

declare global {
  interface Window {
    probe: Probe;
  }
}

const connections: RTCPeerConnection[] = [];
/** Those that the server offered: sound alone. */
const voices = new Set<RTCPeerConnection>();
let log: PacketLog | undefined;
const tracks: MediaStreamTrack[] = [];
const seen = new Set<string>();
let asked = 0;
let leastTimerMs = 0;
let isDenied = false;

function noteVoice(connection: RTCPeerConnection): void {
  voices.add(connection);
  connection.addEventListener('track', ({ receiver }) => log?.follow(receiver));
}

function watchConnections(): void {
  const Original = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Original {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      connections.push(this);
    }

    override setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void> {
      if (description.sdp?.split('\nm=').length === 2) noteVoice(this);
      return super.setRemoteDescription(description);
    }

    override addIceCandidate(candidate?: RTCIceCandidateInit | null): Promise<void> {
      const [, type] = / typ (\w+)/.exec(candidate?.candidate ?? '') ?? [];
      if (type !== undefined) seen.add(type);
      return super.addIceCandidate(candidate);
    }
  };
}

function watchTracks(): void {
  if (!('mediaDevices' in navigator)) return;
  const { mediaDevices } = navigator;
  const original = mediaDevices.getUserMedia.bind(mediaDevices);
  mediaDevices.getUserMedia = async (wanted = {}) => {
    asked++;
    if (isDenied) throw new DOMException('Permission denied', 'NotAllowedError');
    // The browser's processing takes a steady tone for noise and removes it.
    const plain = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
    const { audio = false } = wanted;
    const sound = audio !== false && { ...plain, ...(audio !== true && audio) };
    const stream = await original({ ...wanted, audio: sound });
    tracks.push(...stream.getTracks());
    return stream;
  };
  const { prototype } = MediaStreamTrack;
  const clone = Reflect.get(prototype, 'clone');
  prototype.clone = function (this: MediaStreamTrack) {
    const copy = clone.call(this);
    tracks.push(copy);
    return copy;
  };
}

function watchTimers(): void {
  const setTimeout = window.setTimeout.bind(window);
  const setInterval = window.setInterval.bind(window);
  const late = (ms = 0) => Math.max(ms, leastTimerMs);
  Object.assign(window, {
    setTimeout: (run: () => void, ms?: number) => setTimeout(run, late(ms)),
    setInterval: (run: () => void, ms?: number) => setInterval(run, late(ms)),
  });
}

function callConnections(): RTCPeerConnection[] {
  return connections.filter((connection) => !voices.has(connection));
}

async function receivedOver(them: Iterable<RTCPeerConnection>): Promise<Received> {
  const sum = {
    audioPackets: 0,
    audioBytes: 0,
    audioEnergy: 0,
    audioSeconds: 0,
    framesDecoded: 0,
    bufferedSeconds: 0,
    bufferedSamples: 0,
  };
  for (const connection of them) {
    const report = await connection.getStats();
    report.forEach((stat: RTCInboundRtpStreamStats) => {
      if (stat.type !== 'inbound-rtp') return;
      if (stat.kind === 'audio') {
        sum.audioPackets += stat.packetsReceived ?? 0;
        sum.audioBytes += stat.bytesReceived ?? 0;
        sum.bufferedSeconds += stat.jitterBufferDelay ?? 0;
        sum.bufferedSamples += stat.jitterBufferEmittedCount ?? 0;
      }
      sum.audioSeconds += stat.totalSamplesDuration ?? 0;
      sum.audioEnergy += stat.totalAudioEnergy ?? 0;
      sum.framesDecoded += stat.framesDecoded ?? 0;
    });
  }
  return sum;
}

function isLive(track: MediaStreamTrack): boolean {
  return track.readyState === 'live';
}

function devices(): DevicesUsed {
  const open = connections.filter(({ connectionState }) => connectionState !== 'closed');
  const sent = open
    .flatMap((connection) => connection.getSenders())
    .flatMap(({ track }) => (track !== null && isLive(track) ? [track] : []));
  return {
    asked,
    live: tracks.filter(isLive).map(({ kind }) => kind),
    sent: sent.map(({ kind }) => kind),
    sentFrom: sent.map(({ label }) => label),
  };
}

function connected(): RTCPeerConnection[] {
  return callConnections().filter(({ connectionState }) => connectionState === 'connected');
}

function pitches(of: 'calls' | 'voice', ms: number): Promise<readonly number[]> {
  const them = of === 'voice' ? [...voices] : callConnections();
  const heard = them
    .filter(({ connectionState }) => connectionState === 'connected')
    .flatMap((connection) => connection.getReceivers())
    .map(({ track }) => track)
    .filter(({ kind, enabled }) => kind === 'audio' && enabled);
  return pitchesOf(heard, ms);
}

/** What is told of one of the two candidates that a standing connection uses. */
async function candidate(of: 'local' | 'remote'): Promise<Record<string, unknown> | undefined> {
  const report = await connected()[0]?.getStats();
  const stats = new Map<string, Record<string, unknown>>();
  report?.forEach((stat: { id: string }) => stats.set(stat.id, { ...stat }));
  const transport = [...stats.values()].find(({ type }) => type === 'transport');
  const pair = stats.get(String(transport?.['selectedCandidatePairId']));
  return stats.get(String(pair?.[`${of}CandidateId`]));
}

async function path(): Promise<string | undefined> {
  return (await candidate('remote'))?.['candidateType'] as string | undefined;
}

async function ownAddress(): Promise<string | undefined> {
  return (await candidate('local'))?.['address'] as string | undefined;
}

async function unplug(label: string): Promise<void> {
  const { mediaDevices } = navigator;
  const list = mediaDevices.enumerateDevices.bind(mediaDevices);
  const gone = (await list()).find((device) => device.label === label);
  mediaDevices.enumerateDevices = async () =>
    (await list()).filter(({ deviceId }) => deviceId !== gone?.deviceId);
  const ended = tracks.filter((track) => isLive(track) && track.label === label);
  for (const track of ended) track.stop();
  for (const track of ended) track.dispatchEvent(new Event('ended'));
  mediaDevices.dispatchEvent(new Event('devicechange'));
}

async function loseSenders(): Promise<void> {
  for (const sender of connected().flatMap((connection) => connection.getSenders())) {
    await sender.replaceTrack(null);
    sender.replaceTrack = () => Promise.resolve();
  }
}

function videoEncoding(): RTCRtpEncodingParameters | undefined {
  const senders = connected().flatMap((connection) => connection.getSenders());
  return senders.find(({ track }) => track?.kind === 'video')?.getParameters().encodings[0];
}

/** Over so long a picture that moves has moved, and a tone that comes back has come. */
const LOOK_MS = 300;
const TONE_ROUND_MS = 3_500;

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms));
}

async function played(id: string): Promise<Played> {
  const element = document.querySelector<HTMLVideoElement>(`#${id}`);
  const stream = element?.srcObject instanceof MediaStream ? element.srcObject : undefined;
  const all = stream?.getTracks() ?? [];
  const frames = () => element?.getVideoPlaybackQuality().totalVideoFrames ?? 0;
  const before = frames();
  await wait(LOOK_MS);
  return {
    tracks: all.map(({ kind }) => kind).toSorted(),
    enabled: all
      .filter(({ enabled }) => enabled)
      .map(({ kind }) => kind)
      .toSorted(),
    isMoving: frames() > before,
  };
}

function agreed(): Agreed {
  const { sdp = '' } = connected()[0]?.currentLocalDescription ?? {};
  return {
    sections: sdp.split('\nm=').length - 1,
    bytes: sdp.replace(/^a=(candidate|end-of-candidates).*\r\n/gm, '').length,
  };
}

const made: AudioContext[] = [];
const outlets: MediaStream[] = [];

function watchTones(): void {
  const { prototype } = AudioContext;
  const original = Reflect.get(prototype, 'createMediaStreamDestination');
  prototype.createMediaStreamDestination = function (this: AudioContext) {
    const node = original.call(this);
    made.push(this);
    outlets.push(node.stream);
    return node;
  };
}

async function tone(): Promise<boolean> {
  const index = made.findLastIndex(({ state }) => state === 'running');
  const stream = outlets[index];
  if (stream === undefined) return false;
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  let peak = 0;
  const until = performance.now() + TONE_ROUND_MS;
  while (performance.now() < until && peak < 0.05) {
    await wait(20);
    analyser.getFloatTimeDomainData(samples);
    peak = Math.max(peak, ...samples);
  }
  await context.close();
  return peak >= 0.05;
}

watchConnections();
watchTones();
watchTracks();
watchTimers();
window.probe = {
  received: () => receivedOver(callConnections()),
  receivedOfVoice: () => receivedOver(voices),
  pitches,
  logVoice: () => {
    log = new PacketLog();
  },
  loggedVoice: () => log?.packets ?? [],
  voices: () => [...voices].filter(({ connectionState }) => connectionState !== 'closed').length,
  devices,
  get connections() {
    return callConnections().length;
  },
  connected: () => connected().length,
  addressesSeen: () => [...seen],
  path,
  ownAddress,
  played,
  agreed,
  tone,
  get tonesBegun() {
    return made.length;
  },
  videoEncoding,
  hideTab: (timerMs) => {
    leastTimerMs = timerMs;
    Object.defineProperty(document, 'visibilityState', { get: () => 'hidden', configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  },
  unplug,
  loseSenders,
  denyDevices: (denied) => {
    isDenied = denied;
  },
};
