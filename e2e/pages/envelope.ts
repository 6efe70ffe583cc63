/** The rate of Opus, which nothing has to be converted from. */
const RATE = 48_000;
/** Samples in one value of an envelope: 21 ms. */
const BLOCK = 1024;

/** How loud a sound is, block by block of 21 ms: the root of its mean square. */
export type Envelope = readonly number[];

function loudnessOf(samples: Float32Array): number {
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
}

/** The envelope of a file of sound. */
export async function envelopeOfFile(base64: string): Promise<Envelope> {
  const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  const context = new OfflineAudioContext(1, 1, RATE);
  const samples = (await context.decodeAudioData(bytes.buffer)).getChannelData(0);
  const blocks = Math.floor(samples.length / BLOCK);
  return Array.from({ length: blocks }, (_, i) =>
    loudnessOf(samples.subarray(i * BLOCK, (i + 1) * BLOCK)),
  );
}

/** Adds up the blocks of a track; the code of an AudioWorklet is a file of its own. */
const WORKLET = `registerProcessor('loudness', class extends AudioWorkletProcessor {
  sum = 0;
  samples = 0;
  process([[samples = new Float32Array(128)]]) {
    for (const sample of samples) this.sum += sample * sample;
    this.samples += samples.length;
    if (this.samples >= ${BLOCK}) {
      this.port.postMessage(Math.sqrt(this.sum / this.samples));
      this.sum = this.samples = 0;
    }
    return true;
  }
})`;

/** Records tracks. It is made before there are any, so that it misses nothing of their beginning. */
export class Recorder {
  readonly #context: AudioContext;
  /** One for each track that was recorded, without a gap for as long as it was played. */
  readonly envelopes: Envelope[] = [];

  private constructor(context: AudioContext) {
    this.#context = context;
  }

  static async make(): Promise<Recorder> {
    const context = new AudioContext({ sampleRate: RATE });
    const url = URL.createObjectURL(new Blob([WORKLET], { type: 'text/javascript' }));
    await context.audioWorklet.addModule(url);
    return new Recorder(context);
  }

  record(track: MediaStreamTrack): void {
    const heard: number[] = [];
    this.envelopes.push(heard);
    const worklet = new AudioWorkletNode(this.#context, 'loudness', { numberOfOutputs: 0 });
    worklet.port.addEventListener('message', ({ data }: MessageEvent<number>) => heard.push(data));
    worklet.port.start();
    this.#context.createMediaStreamSource(new MediaStream([track])).connect(worklet);
  }
}
