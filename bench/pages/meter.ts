/** When something was first heard or seen of a call, in epoch milliseconds with fractions. */
export interface Onset {
  /** `voice`: the server's own. */
  readonly what: 'sound' | 'picture' | 'voice';
  readonly at: number;
  /** When the peer connection that brought it was made: a later one belongs to a later epoch. */
  readonly connectedSince: number;
}

/** How loud a sample must be to count as heard: the tone is at 0.37, silence at 0. */
const HEARD = 0.01;

/** Runs among the audio threads: tells of the first block that is not silent, at most 2.7 ms late. */
const LISTENER = `
registerProcessor('listener', class extends AudioWorkletProcessor {
  process([[samples]]) {
    if (samples === undefined || !samples.some((sample) => Math.abs(sample) > ${HEARD})) return true;
    this.port.postMessage('heard');
    return false;
  }
});`;

/** Now, comparable between pages and processes of one machine. */
export function now(): number {
  return performance.timeOrigin + performance.now();
}

const onsets: Onset[] = [];
const connections: RTCPeerConnection[] = [];
const context = new AudioContext();
const ready = context.audioWorklet.addModule(
  URL.createObjectURL(new Blob([LISTENER], { type: 'text/javascript' })),
);

const received: { readonly track: MediaStreamTrack; readonly since: number }[] = [];

async function listen(
  track: MediaStreamTrack,
  connectedSince: number,
  what: 'sound' | 'voice' = 'sound',
): Promise<void> {
  await ready;
  const listener = new AudioWorkletNode(context, 'listener');
  listener.port.addEventListener('message', () => onsets.push({ what, at: now(), connectedSince }));
  listener.port.start();
  context.createMediaStreamSource(new MediaStream([track])).connect(listener);
}

/** Which frame was shown last, in the units of its track's clock. */
let lastFrame: number | undefined;

/** Keeps track of the frames that an element shows. */
export function noteFrames(video: HTMLVideoElement): void {
  const look: VideoFrameRequestCallback = (_, { rtpTimestamp }) => {
    lastFrame = rtpTimestamp ?? lastFrame;
    video.requestVideoFrameCallback(look);
  };
  video.requestVideoFrameCallback(look);
}

function watch(track: MediaStreamTrack, connectedSince: number): void {
  const video = document.createElement('video');
  video.muted = true;
  // Only what is on the screen is drawn in time.
  video.style.cssText = 'position: fixed; top: 0; left: 0; width: 160px';
  video.srcObject = new MediaStream([track]);
  document.body.append(video);
  const stood = lastFrame;
  const look: VideoFrameRequestCallback = (_, { rtpTimestamp }) => {
    // A track that has stood still shows its last picture once more.
    if (rtpTimestamp === undefined || rtpTimestamp === stood) {
      return void video.requestVideoFrameCallback(look);
    }
    onsets.push({ what: 'picture', at: now(), connectedSince });
    video.remove();
  };
  video.requestVideoFrameCallback(look);
  void video.play();
}

function attend(track: MediaStreamTrack, since: number): void {
  if (track.kind === 'audio') void listen(track, since);
  else watch(track, since);
}

/** From now on the next sound and the next picture of every track are told of again. */
export function listenAgain(): void {
  for (const { track, since } of received) {
    if (track.readyState === 'live') attend(track, since);
  }
}

/** Measures every peer connection that the page makes from here on. */
export function meter(): void {
  const Original = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Original {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      const since = now();
      connections.push(this);
      this.addEventListener('track', ({ track }) => {
        // The server offers sound alone.
        if (this.remoteDescription?.sdp.split('\nm=').length === 2) {
          return void listen(track, since, 'voice');
        }
        received.push({ track, since });
        attend(track, since);
      });
    }
  };
}

/** The first of its kind since an instant, of a connection made after another. */
export function firstSince(what: Onset['what'], since: number, madeAfter = 0): number | undefined {
  return onsets.find(
    (onset) => onset.what === what && onset.at >= since && onset.connectedSince >= madeAfter,
  )?.at;
}

/** What the page's peer connections have sent and learned so far. */
export interface Traffic {
  readonly rtpPackets: number;
  readonly allPackets: number;
  readonly allBytes: number;
  /** Checks and keep-alives of ICE; not part of the packets above. */
  readonly stunRequests: number;
  /** Kinds of the other side's addresses that this page knows. */
  readonly peerAddresses: readonly string[];
}

interface Stat {
  readonly type: string;
  readonly packetsSent?: number;
  readonly bytesSent?: number;
  readonly requestsSent?: number;
  readonly consentRequestsSent?: number;
  readonly candidateType?: string;
}

/** Sums over the open connections of the page. */
export async function traffic(): Promise<Traffic> {
  const open = connections.filter(({ connectionState }) => connectionState !== 'closed');
  const reports = await Promise.all(open.map((connection) => connection.getStats()));
  const stats = reports.flatMap((report) => [...(report as Map<string, Stat>).values()]);
  const sum = (type: string, of: (stat: Stat) => number | undefined) =>
    stats.filter((stat) => stat.type === type).reduce((total, stat) => total + (of(stat) ?? 0), 0);
  const known = stats.filter(({ type }) => type === 'remote-candidate');
  return {
    rtpPackets: sum('outbound-rtp', ({ packetsSent }) => packetsSent),
    allPackets: sum('transport', ({ packetsSent }) => packetsSent),
    allBytes: sum('transport', ({ bytesSent }) => bytesSent),
    stunRequests: sum(
      'candidate-pair',
      ({ requestsSent, consentRequestsSent }) => (requestsSent ?? 0) + (consentRequestsSent ?? 0),
    ),
    peerAddresses: [...new Set(known.flatMap(({ candidateType }) => candidateType ?? []))].sort(),
  };
}

/** Reads the statistics of every connection, so many times: what one reading costs is too little to see. */
export async function readStats(times: number): Promise<void> {
  for (let i = 0; i < times; i++) {
    for (const connection of connections) await connection.getStats();
  }
}
