import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Envelope } from '../pages/envelope.ts';
import type { Device } from './device.ts';
import { eventually } from './device.ts';
import type { Scene } from './scene.ts';

/** Waits until the page hears more of the server's voice than it has: its sound, and not silence. */
export async function hearsVoice(device: Device): Promise<void> {
  const before = await device.receivedOfVoice();
  await eventually(async () => {
    const now = await device.receivedOfVoice();
    return now.audioEnergy > before.audioEnergy + 0.0005;
  }).toBe(true);
}

/**
 * Waits until the voice is over for this page, and for everybody else: it has no connection over which
 * more could come, and the server plays to nobody.
 */
export async function voiceIsOver(scene: Scene, device: Device): Promise<void> {
  await eventually(() => device.voice()).toBeUndefined();
  await eventually(() => device.page.evaluate(() => window.probe.voices())).toBe(0);
  await eventually(() => scene.rest.metric('ringline_voice_listeners')).toBe(0);
}

/** The announcements as files have them, `zh/busy` and so on. */
const CLIPS = ['en', 'zh'].flatMap((language) =>
  ['busy', 'refused', 'no-answer', 'offline'].map((reason) => `${language}/${reason}`),
);

/** A sound that is less alike than this is none of them: a busy machine tears one, and it is still above. */
const ALIKE = 0.85;

/** Which announcement a page has heard, whole, since it began to record the voice: the one most like it. */
export async function clipHeard(device: Device): Promise<string | undefined> {
  const heard = await device.page.evaluate(() => window.probe.recorded());
  let [best, found]: [number, string | undefined] = [ALIKE, undefined];
  for (const clip of CLIPS) {
    const whole = await envelopeOf(device, clip);
    const likeness = Math.max(...heard.map((each) => likenessOf(each, whole)));
    if (likeness > best) [best, found] = [likeness, clip];
  }
  return found;
}

async function envelopeOf({ page }: Device, clip: string): Promise<Envelope> {
  const url = new URL(`../../packages/server/prompts/${clip}.opus`, import.meta.url);
  const file = await readFile(fileURLToPath(url), 'base64');
  return page.evaluate((base64) => window.probe.envelopeOfFile(base64), file);
}

/** Blocks over which loudness is smoothed, as a jitter buffer moves a sound by parts of one. */
const SMOOTH = 5;

function smoothed(envelope: Envelope): Envelope {
  return envelope.map((_, i) => mean(envelope.slice(Math.max(0, i - SMOOTH + 1), i + 1)));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Blocks of silence around a sound, as a clip may have its own cut off: 1 s. */
const AROUND = Array.from({ length: 47 }, () => 0);

/** The correlation of the clip with that part of the sound which is most like it. */
function likenessOf(sound: Envelope, clip: Envelope): number {
  const heard = smoothed([...AROUND, ...sound, ...AROUND]);
  const whole = smoothed(clip);
  let best = 0;
  for (let from = 0; from + whole.length <= heard.length; from++) {
    best = Math.max(best, correlation(heard.slice(from, from + whole.length), whole));
  }
  return best;
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const [meanOfA, meanOfB] = [mean(a), mean(b)];
  let [both, squaresOfA, squaresOfB] = [0, 0, 0];
  for (const [i, value] of a.entries()) {
    const [x, y] = [value - meanOfA, (b[i] ?? 0) - meanOfB];
    both += x * y;
    squaresOfA += x * x;
    squaresOfB += y * y;
  }
  return squaresOfA === 0 ? 0 : both / Math.sqrt(squaresOfA * squaresOfB);
}
