import { analyserIn, levelOf, LOOK_EVERY_MS, LOUD, strongestOf } from './ears.ts';

/** What a page has heard over one connection. */
export interface Heard {
  /** When it was looked at, in milliseconds. */
  readonly at: number;
  readonly packets: number;
  readonly lost: number;
  /** Samples that the browser had to make up because packets were late or missing, silence left out. */
  readonly madeUp: number;
}

/** A page that hears a server's voice, over as many connections as it is offered; each has a name. */
export interface Hearer {
  /** Answers an offer, without any candidate of its own unless asked; the sound is analysed from now on. */
  answer(name: string, offer: string, withCandidates?: boolean): Promise<string>;
  state(name: string): string;
  heard(name: string): Promise<Heard>;
  /** The loudest it gets within so many milliseconds, 0 to 1. */
  peak(name: string, ms: number): Promise<number>;
  /** The frequency that is strongest when it is loud, in Hz: the middle one of several looks, over so many milliseconds at most. */
  pitch(name: string, ms: number): Promise<number | undefined>;
  /** Closes the connection as a page that leaves. */
  leave(name: string): void;
}

declare global {
  interface Window {
    hearer: Hearer;
  }
}

interface Line {
  readonly connection: RTCPeerConnection;
  readonly analyser: AnalyserNode;
}

/** A beginning, or sound that came late, may be in one or two of them. */
const PITCH_LOOKS = 25;

const context = new AudioContext();
const lines = new Map<string, Line>();

function lineOf(name: string): Line {
  const line = lines.get(name);
  if (line === undefined) throw new Error(`there is no connection ${name}`);
  return line;
}

async function answer(name: string, offer: string, withCandidates = false): Promise<string> {
  const connection = new RTCPeerConnection();
  const analyser = analyserIn(context);
  connection.ontrack = ({ streams: [stream] }) => {
    if (stream === undefined) return;
    // Chromium decodes a remote sound only for an element.
    const element = new Audio();
    element.srcObject = stream;
    element.muted = true;
    void element.play();
    context.createMediaStreamSource(stream).connect(analyser);
  };
  lines.set(name, { connection, analyser });
  await connection.setRemoteDescription({ type: 'offer', sdp: offer });
  const made = await connection.createAnswer();
  await connection.setLocalDescription(made);
  if (!withCandidates) return made.sdp ?? '';
  await gathered(connection);
  return connection.localDescription?.sdp ?? '';
}

function gathered(connection: RTCPeerConnection): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (connection.iceGatheringState === 'complete') resolve();
    };
    connection.addEventListener('icegatheringstatechange', look);
    look();
  });
}

async function heard(name: string): Promise<Heard> {
  const report = await lineOf(name).connection.getStats();
  const sum = { at: 0, packets: 0, lost: 0, madeUp: 0 };
  report.forEach((stat: RTCInboundRtpStreamStats) => {
    if (stat.type !== 'inbound-rtp') return;
    sum.at = stat.timestamp;
    sum.packets += stat.packetsReceived ?? 0;
    sum.lost += stat.packetsLost ?? 0;
    sum.madeUp += (stat.concealedSamples ?? 0) - (stat.silentConcealedSamples ?? 0);
  });
  return sum;
}

const wait = (ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, ms));

/** Looks again and again until a look gives something, or the time is over. */
async function looking<T>(ms: number, look: () => T | undefined): Promise<T | undefined> {
  const until = performance.now() + ms;
  while (performance.now() < until) {
    const seen = look();
    if (seen !== undefined) return seen;
    await wait(LOOK_EVERY_MS);
  }
  return undefined;
}

async function peak(name: string, ms: number): Promise<number> {
  const { analyser } = lineOf(name);
  let loudest = 0;
  await looking(ms, () => {
    loudest = Math.max(loudest, levelOf(analyser));
    return undefined;
  });
  return loudest;
}

async function pitch(name: string, ms: number): Promise<number | undefined> {
  const { analyser } = lineOf(name);
  const found: number[] = [];
  await looking(ms, () => {
    // A page that was kept from looking may look into a pause: what is loud and what is strongest are of one moment.
    if (levelOf(analyser) > LOUD) found.push(strongestOf(analyser));
    return found.length < PITCH_LOOKS ? undefined : found;
  });
  return found.length < PITCH_LOOKS ? undefined : found.toSorted((a, b) => a - b)[PITCH_LOOKS >> 1];
}

window.hearer = {
  answer,
  state: (name) => lineOf(name).connection.connectionState,
  heard,
  peak,
  pitch,
  leave: (name) => lineOf(name).connection.close(),
};
