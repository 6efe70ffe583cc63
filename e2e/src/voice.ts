import { loadSounds } from '@ringline/server/voice';
import type { Device } from './device.ts';
import { eventually } from './device.ts';
import type { Scene } from './scene.ts';

/** What the voice can play, by its name. */
type ClipName = keyof ReturnType<typeof loadSounds>;

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

/** A busy machine may lose some packets of a clip. */
export const MOST = 0.9;

/** The packets of the voice that a page was sent since it began to log it, in hexadecimal digits. */
async function packetsLogged(device: Device): Promise<readonly string[]> {
  return device.page.evaluate(() => window.probe.loggedVoice());
}

/** The packets of a clip, in hexadecimal digits. */
function packetsOf(clip: ClipName): readonly string[] {
  return loadSounds()[clip].packets.map(({ bytes }) => Buffer.from(bytes).toString('hex'));
}

/**
 * Which announcements a page was sent, nearly whole, since it began to log the voice (`zh/busy` and so
 * on). No two share more than a few packets, those of silence.
 */
export async function announcementsHeard(device: Device): Promise<string[]> {
  const heard = new Set(await packetsLogged(device));
  const clips = Object.keys(loadSounds()) as ClipName[];
  return clips.filter((clip) => {
    if (!clip.includes('/')) return false;
    const packets = packetsOf(clip);
    return packets.filter((packet) => heard.has(packet)).length > MOST * packets.length;
  });
}

/** How often a page was sent the whole of a clip since it began to log the voice, by the packets that no tone has. */
export async function timesHeard(device: Device, clip: ClipName): Promise<number> {
  const tones = new Set([...packetsOf('ringback'), ...packetsOf('hold')]);
  const own = packetsOf(clip).filter((packet) => !tones.has(packet));
  const of = new Set(own);
  const heard = (await packetsLogged(device)).filter((packet) => of.has(packet));
  return heard.length / own.length;
}
