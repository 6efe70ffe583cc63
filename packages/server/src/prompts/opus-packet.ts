/** Opus counts time in samples of 48 kHz, whatever was recorded (RFC 7587 §4.1). */
export const OPUS_RATE = 48_000;

/** One Opus packet, and for how many samples it sounds. */
export interface OpusPacket {
  readonly bytes: Uint8Array;
  readonly samples: number;
}

/** No packet is longer than 120 ms (RFC 6716 §3.2.5, R5). */
const MAX_SAMPLES = 0.12 * OPUS_RATE;

/** Samples of one frame by the three modes of RFC 6716, table 2. */
const SILK = [480, 960, 1920, 2880] as const;
const HYBRID = [480, 960] as const;
const CELT = [120, 240, 480, 960] as const;

/** For how many samples a packet sounds, by its first bytes (RFC 6716 §3.1); undefined when it is none. */
export function samplesIn(packet: Uint8Array): number | undefined {
  const [toc, second] = packet;
  if (toc === undefined) return undefined;
  const frames = framesIn(toc & 3, second);
  const samples = frames * frameSamples(toc >> 3);
  return samples > 0 && samples <= MAX_SAMPLES ? samples : undefined;
}

function framesIn(code: number, second: number | undefined): number {
  if (code === 0) return 1;
  return code === 3 ? (second ?? 0) & 63 : 2;
}

function frameSamples(configuration: number): number {
  const modes = configuration < 12 ? SILK : configuration < 16 ? HYBRID : CELT;
  return modes[configuration % modes.length] ?? 0;
}
