import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { secondsOf } from '../../src/prompts/ogg-opus.ts';
import { CLIP_NAMES } from '../../src/prompts/prompt.ts';
import {
  MAX_SOUND_BYTES,
  MAX_SOUND_SECONDS,
  flawsOfSounds,
  loadSounds,
} from '../../src/prompts/sounds.ts';
import { oggFile, packetOf } from './support/ogg.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringline-prompts-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

function put(name: string, bytes: Uint8Array): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), bytes);
}

const packets = (count: number) => Array.from({ length: count }, () => packetOf(9, 2));

test('every sound of ours can be played, is short, and together they are small', () => {
  const sounds = loadSounds();
  expect(Object.keys(sounds)).toEqual([...CLIP_NAMES]);
  for (const name of CLIP_NAMES) {
    const seconds = secondsOf(sounds[name]);
    expect([name, seconds > 2 && seconds < 8]).toEqual([name, true]);
  }
  const all = Object.values(sounds).flatMap((clip) => clip.packets);
  expect(all.reduce((sum, { bytes }) => sum + bytes.length, 0)).toBeLessThan(400_000);
  expect(all.every(({ samples }) => samples === 960)).toBe(true);
});

test('an operator’s own sounds take the places of ours, and what is missing stays', () => {
  put('zh/busy.opus', oggFile({ packets: packets(5) }));
  const [own, ours] = [loadSounds(folder), loadSounds()];
  expect(secondsOf(own['zh/busy'])).toBeCloseTo(0.1);
  expect({ ...own, 'zh/busy': ours['zh/busy'] }).toEqual(ours);
  expect(flawsOfSounds(folder)).toEqual([]);
});

test('files that cannot be played are named, each with what is wrong', () => {
  put('hold.opus', Buffer.from('RIFF'));
  put('en/busy.opus', Buffer.alloc(MAX_SOUND_BYTES + 1));
  mkdirSync(join(folder, 'ringback.opus'));
  put('en/offline.opus', oggFile({ packets: packets(1) }));
  expect(flawsOfSounds(folder)).toEqual([
    `${join(folder, 'hold.opus')} is not an Ogg file`,
    `${join(folder, 'ringback.opus')} cannot be read`,
    `${join(folder, 'en/busy.opus')} has 4194305 bytes, the biggest may have 4194304`,
  ]);
});

test('a sound may last five minutes and no longer', () => {
  put('hold.opus', oggFile({ packets: packets(MAX_SOUND_SECONDS * 50) }, 255));
  expect(flawsOfSounds(folder)).toEqual([]);
  put('hold.opus', oggFile({ packets: packets(MAX_SOUND_SECONDS * 50 + 1) }, 255));
  expect(flawsOfSounds(folder)).toEqual([
    `${join(folder, 'hold.opus')} lasts 301 s, the longest may 300`,
  ]);
});

function load(env: Record<string, string>) {
  return loadConfig({ env, flags: {}, readFile: () => '' });
}

test('the server does not start with sounds that cannot be played', () => {
  put('hold.opus', Buffer.from('RIFF'));
  expect(load({ PROMPTS_DIR: folder })).toEqual({
    ok: false,
    problems: [`PROMPTS_DIR ${join(folder, 'hold.opus')} is not an Ogg file`],
  });
  expect(load({ PROMPTS_DIR: join(folder, 'hold.opus') })).toMatchObject({
    problems: [expect.stringContaining('which is no folder')],
  });
  expect(load({ PROMPTS_DIR: folder, VOICE: 'off' })).toMatchObject({ ok: true });
});

test('the settings of the voice are read, and VOICE=off leaves it out', () => {
  const env = { VOICE_PORT: '5000', PUBLIC_IP: '203.0.113.7, 2001:db8::7', VOICE_LISTENERS: '20' };
  expect(load({ ...env, ANNOUNCEMENT_PLAYS: '1', PROMPTS_DIR: folder })).toMatchObject({
    config: {
      voice: {
        port: 5000,
        publicIps: ['203.0.113.7', '2001:db8::7'],
        maxListeners: 20,
        plays: 1,
        promptsDir: folder,
      },
    },
  });
  const off = load({ VOICE: 'off' });
  expect(off.ok && 'voice' in off.config).toBe(false);
});

test.each([
  [{ PUBLIC_IP: 'voice.example.com' }, 'PUBLIC_IP must be an IP address'],
  [{ PUBLIC_IP: '[2001:db8::7]' }, 'PUBLIC_IP must be an IP address'],
  [{ PUBLIC_IP: '203.0.113.7,203.0.113.8' }, 'PUBLIC_IP may have one IPv4 and one IPv6 address'],
  [{ ANNOUNCEMENT_PLAYS: '0' }, 'ANNOUNCEMENT_PLAYS must be a whole number from 1 to 10'],
  [{ ANNOUNCEMENT_PLAYS: '11' }, 'ANNOUNCEMENT_PLAYS must be a whole number from 1 to 10'],
  [{ VOICE_LISTENERS: '0' }, 'VOICE_LISTENERS must be'],
  [{ VOICE_PORT: '65536' }, 'VOICE_PORT must be'],
  [{ VOICE: 'loud' }, 'VOICE must be on or off'],
])('%o is refused', (env, problem) => {
  expect(load(env as Record<string, string>)).toMatchObject({
    problems: [expect.stringContaining(problem)],
  });
});
