/** What is heard of a microphone while somebody tries it out. */
export interface SoundCheck {
  /** How loud it is just now, from 0 to 1. */
  level(): number;
  stop(): void;
}

/** The quietest sound that the meter shows, in decibels below the loudest. */
const RANGE_DB = 50;

/** Opens this microphone, or the system's; rejects as getUserMedia does. */
export async function startSoundCheck(microphone: string | undefined): Promise<SoundCheck> {
  const audio = microphone === undefined ? true : { deviceId: { ideal: microphone } };
  const stream = await navigator.mediaDevices.getUserMedia({ audio });
  const context = new AudioContext();
  const analyser = new AnalyserNode(context, { fftSize: 1024 });
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  return {
    level: () => {
      analyser.getFloatTimeDomainData(samples);
      const power = samples.reduce((sum, each) => sum + each * each, 0) / samples.length;
      const decibels = 10 * Math.log10(power + 1e-10);
      return Math.min(1, Math.max(0, (decibels + RANGE_DB) / RANGE_DB));
    },
    stop: () => {
      for (const track of stream.getTracks()) track.stop();
      void context.close();
    },
  };
}

/** Plays a short tone on a loudspeaker; where the browser chooses none, on the system's. */
export async function playTestTone(speaker: string | undefined): Promise<void> {
  const context = new AudioContext();
  const gain = new GainNode(context, { gain: 0 });
  const end = context.currentTime + 0.9;
  gain.gain.linearRampToValueAtTime(0.2, context.currentTime + 0.05);
  gain.gain.linearRampToValueAtTime(0, end);
  const destination = context.createMediaStreamDestination();
  const oscillator = new OscillatorNode(context, { frequency: 587 });
  oscillator.connect(gain).connect(destination);
  const player = new Audio();
  player.srcObject = destination.stream;
  if (speaker !== undefined && 'setSinkId' in player) await player.setSinkId(speaker);
  oscillator.addEventListener('ended', () => void context.close());
  oscillator.start();
  oscillator.stop(end);
  await player.play();
}
