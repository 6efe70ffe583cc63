import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CLIP_NAMES } from './prompt.ts';
import type { ClipName } from './prompt.ts';
import { readOggOpus, secondsOf } from './ogg-opus.ts';
import type { Clip } from './ogg-opus.ts';
import { SoundFault } from './sound-fault.ts';

/** The sound of every name. */
export type Sounds = Readonly<Record<ClipName, Clip>>;

/** A piece of music, and no more: all sounds are held in memory, twice. */
export const MAX_SOUND_SECONDS = 300;
/** So long at over 100 kbit/s, which is beyond what a voice call needs. */
export const MAX_SOUND_BYTES = 4 * 1024 * 1024;

const OURS = fileURLToPath(new URL('../../prompts', import.meta.url));

/** Every sound, an operator's own where its folder has one; throws a SoundFault that names the file. */
export function loadSounds(folder?: string): Sounds {
  const entries = CLIP_NAMES.map((name) => [name, soundAt(pathOf(name, folder))]);
  return Object.fromEntries(entries) as Sounds;
}

/** What is wrong with an operator's folder of sounds, file by file. */
export function flawsOfSounds(folder: string): string[] {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    return [`names “${folder}”, which is no folder`];
  }
  return ownSounds(folder).flatMap((name) => flawOf(join(folder, `${name}.opus`)) ?? []);
}

/** The sounds that an operator's folder has. */
export function ownSounds(folder: string): ClipName[] {
  return CLIP_NAMES.filter((name) => exists(join(folder, `${name}.opus`)));
}

function pathOf(name: ClipName, folder: string | undefined): string {
  const own = folder === undefined ? undefined : join(folder, `${name}.opus`);
  return own !== undefined && exists(own) ? own : join(OURS, `${name}.opus`);
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

function flawOf(path: string): string | undefined {
  try {
    soundAt(path);
    return undefined;
  } catch (error) {
    if (error instanceof SoundFault) return error.message;
    throw error;
  }
}

function soundAt(path: string): Clip {
  try {
    const clip = readOggOpus(bytesOf(path));
    const seconds = secondsOf(clip);
    if (seconds <= MAX_SOUND_SECONDS) return clip;
    throw new SoundFault(`lasts ${Math.ceil(seconds)} s, the longest may ${MAX_SOUND_SECONDS}`);
  } catch (cause) {
    const why = cause instanceof SoundFault ? cause.message : 'cannot be read';
    throw new SoundFault(`${path} ${why}`, { cause });
  }
}

function bytesOf(path: string): Uint8Array {
  const { size } = statSync(path);
  if (size <= MAX_SOUND_BYTES) return new Uint8Array(readFileSync(path));
  throw new SoundFault(`has ${size} bytes, the biggest may have ${MAX_SOUND_BYTES}`);
}
