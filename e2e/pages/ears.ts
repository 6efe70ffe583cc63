/** Quieter is silence, or what an encoder makes of it. */
const LOUD = 0.02;
/** So that neighbouring tones are told apart: bins of 6 Hz at 48 kHz. */
const FFT_SIZE = 8192;
const LOOK_EVERY_MS = 20;
const LOWEST_HZ = 100;

/**
 * The frequencies of which there is most, in Hz and whole bins, each time that it was loud: over so many
 * milliseconds, of all that these tracks give to a loudspeaker together.
 */
export async function pitchesOf(
  tracks: readonly MediaStreamTrack[],
  ms: number,
): Promise<readonly number[]> {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = FFT_SIZE;
  analyser.smoothingTimeConstant = 0;
  for (const track of tracks) {
    context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
  }
  const samples = new Float32Array(FFT_SIZE);
  const bins = new Float32Array(analyser.frequencyBinCount);
  const lowest = (LOWEST_HZ * FFT_SIZE) / context.sampleRate;
  const found = new Set<number>();
  const until = performance.now() + ms;
  while (performance.now() < until) {
    await new Promise((resolve) => void setTimeout(resolve, LOOK_EVERY_MS));
    analyser.getFloatTimeDomainData(samples);
    if (Math.max(...samples) < LOUD) continue;
    analyser.getFloatFrequencyData(bins);
    // A sound that has just begun is mostly its beginning.
    const audible = bins.map((level, bin) => (bin < lowest ? -Infinity : level));
    const strongest = audible.indexOf(Math.max(...audible));
    found.add(Math.round((strongest * context.sampleRate) / FFT_SIZE));
  }
  await context.close();
  return [...found];
}
