import type { Tone } from '../media/media.ts';

/** The frequency of the tones of European networks (ETSI TR 101 041-2), which is none of a voice's vowels. */
const HERTZ = 425;
/** One beep so long, and the next so much later: a sign of life that nobody takes for a ringing phone. */
const BEEP_SECONDS = 0.3;
const EVERY_SECONDS = 3;
const LOUDNESS = 0.15;

/** A beep every few seconds, soft at both its ends. */
export function createTone(): Tone {
  const context = new AudioContext();
  const { sampleRate } = context;
  const loop = context.createBuffer(1, EVERY_SECONDS * sampleRate, sampleRate);
  const samples = loop.getChannelData(0);
  for (let i = 0; i < BEEP_SECONDS * sampleRate; i++) {
    const seconds = i / sampleRate;
    const envelope = Math.sin((Math.PI * seconds) / BEEP_SECONDS);
    samples[i] = LOUDNESS * envelope * Math.sin(2 * Math.PI * HERTZ * seconds);
  }
  const source = context.createBufferSource();
  source.buffer = loop;
  source.loop = true;
  const destination = context.createMediaStreamDestination();
  source.connect(destination);
  source.start();
  return { stream: destination.stream, stop: () => void context.close() };
}
