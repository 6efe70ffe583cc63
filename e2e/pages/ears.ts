/** Quieter is silence, or what an encoder makes of it. */
export const LOUD = 0.02;
/** So that neighbouring tones are told apart: bins of 6 Hz at 48 kHz. */
export const FFT_SIZE = 8192;
export const LOOK_EVERY_MS = 20;
/** A sound that has just begun is mostly its beginning. */
const LOWEST_HZ = 100;

/** Looks at what is connected to it: whole windows of it, each by itself. */
export function analyserIn(context: AudioContext): AnalyserNode {
  const analyser = context.createAnalyser();
  analyser.fftSize = FFT_SIZE;
  analyser.smoothingTimeConstant = 0;
  return analyser;
}

/** How loud the loudest of this moment is, 0 to 1. */
export function levelOf(analyser: AnalyserNode): number {
  const samples = new Float32Array(analyser.fftSize);
  analyser.getFloatTimeDomainData(samples);
  return Math.max(...samples.map(Math.abs));
}

/** The frequency of which there is most at this moment, in Hz, of those that are no lower than this. */
export function strongestOf(analyser: AnalyserNode, lowestHz = 0): number {
  const { sampleRate } = analyser.context;
  const bins = new Float32Array(analyser.frequencyBinCount);
  analyser.getFloatFrequencyData(bins);
  const lowest = (lowestHz * FFT_SIZE) / sampleRate;
  const audible = bins.map((level, bin) => (bin < lowest ? -Infinity : level));
  return (audible.indexOf(Math.max(...audible)) * sampleRate) / FFT_SIZE;
}

/**
 * The frequencies of which there is most, in whole Hz, each time that it was loud: over so many
 * milliseconds, of all that these tracks give to a loudspeaker together.
 */
export async function pitchesOf(
  tracks: readonly MediaStreamTrack[],
  ms: number,
): Promise<readonly number[]> {
  const context = new AudioContext();
  const analyser = analyserIn(context);
  for (const track of tracks) {
    context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
  }
  const found = new Set<number>();
  const until = performance.now() + ms;
  while (performance.now() < until) {
    await new Promise((resolve) => void setTimeout(resolve, LOOK_EVERY_MS));
    if (levelOf(analyser) >= LOUD) found.add(Math.round(strongestOf(analyser, LOWEST_HZ)));
  }
  await context.close();
  return [...found];
}
