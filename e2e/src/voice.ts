import { loadSounds } from '@ringline/server/voice';
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

/** A busy machine may lose some packets of a clip. */
const MOST = 0.9;

/**
 * Which announcements a page was sent, nearly whole, since it began to log the voice (`zh/busy` and so
 * on). No two share more than a few packets, those of silence.
 */
export async function announcementsHeard(device: Device): Promise<string[]> {
  const heard = new Set(await device.page.evaluate(() => window.probe.loggedVoice()));
  return Object.entries(loadSounds())
    .filter(([name, { packets }]) => {
      if (!name.includes('/')) return false;
      const known = packets.filter(({ bytes }) => heard.has(Buffer.from(bytes).toString('hex')));
      return known.length > MOST * packets.length;
    })
    .map(([name]) => name);
}
