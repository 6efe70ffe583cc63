import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const RATE = 48_000;
const HEADER_BYTES = 44;

/** Writes one second of a tone as WAV (whole periods, so that repeating it does not click). */
export async function writeTone(folder: string, hertz = 440): Promise<string> {
  const samples = Buffer.alloc(RATE * 2);
  for (let i = 0; i < RATE; i++) {
    samples.writeInt16LE(Math.round(12_000 * Math.sin((2 * Math.PI * hertz * i) / RATE)), i * 2);
  }
  const path = join(folder, `tone-${hertz}.wav`);
  await writeFile(path, Buffer.concat([headerOf(samples.length), samples]));
  return path;
}

/** RIFF/WAVE, PCM, one channel, 16 bits. */
function headerOf(bytes: number): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.write('RIFF', 0);
  header.writeUInt32LE(HEADER_BYTES - 8 + bytes, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(RATE, 24);
  header.writeUInt32LE(RATE * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(bytes, 40);
  return header;
}
