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
  /** The frequency that is strongest when it is loud, in Hz; over so many milliseconds at most. */
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

/** Quieter is silence, or what an encoder makes of it. */
const LOUD = 0.02;
/** So that neighbouring tones are told apart: bins of 6 Hz at 48 kHz. */
const FFT_SIZE = 8192;
const LOOK_EVERY_MS = 20;

const context = new AudioContext();
const lines = new Map<string, Line>();

function lineOf(name: string): Line {
  const line = lines.get(name);
  if (line === undefined) throw new Error(`there is no connection ${name}`);
  return line;
}

async function answer(name: string, offer: string, withCandidates = false): Promise<string> {
  const connection = new RTCPeerConnection();
  const analyser = context.createAnalyser();
  analyser.fftSize = FFT_SIZE;
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

function levelOf({ analyser }: Line): number {
  const samples = new Float32Array(analyser.fftSize);
  analyser.getFloatTimeDomainData(samples);
  return Math.max(...samples.map(Math.abs));
}

async function peak(name: string, ms: number): Promise<number> {
  const line = lineOf(name);
  let loudest = 0;
  await looking(ms, () => {
    loudest = Math.max(loudest, levelOf(line));
    return undefined;
  });
  return loudest;
}

async function pitch(name: string, ms: number): Promise<number | undefined> {
  const line = lineOf(name);
  const isLoud = await looking(ms, () => (levelOf(line) > LOUD ? true : undefined));
  if (isLoud === undefined) return undefined;
  // A whole window of the sound that has begun.
  await wait((1000 * FFT_SIZE) / context.sampleRate);
  const bins = new Float32Array(line.analyser.frequencyBinCount);
  line.analyser.getFloatFrequencyData(bins);
  const strongest = bins.reduce(
    (best, level, i) => (level > (bins[best] ?? -Infinity) ? i : best),
    0,
  );
  return (strongest * context.sampleRate) / FFT_SIZE;
}

window.hearer = {
  answer,
  state: (name) => lineOf(name).connection.connectionState,
  heard,
  peak,
  pitch,
  leave: (name) => lineOf(name).connection.close(),
};
