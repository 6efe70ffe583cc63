import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import type { Command, Namespace } from './net/namespace.ts';

/** One that does not start by then has another trouble than a busy machine. */
const START_TIMEOUT_MS = 120_000;

/** Every page that asks for a microphone or camera is given it. */
const YES_TO_ALL = '--use-fake-ui-for-media-stream';

const FLAGS = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Two of each kind, beside the default microphone and speaker.
  '--use-fake-device-for-media-stream=device-count=2',
  '--allow-loopback-in-peer-connection',
  '--autoplay-policy=no-user-gesture-required',
];

/**
 * Starts a Chromium with fake cameras and microphones, here or in a namespace; `CHROMIUM_PATH` says where
 * it is. With `askUser` only what a context was granted is given to its pages, as nobody is there to ask.
 */
export async function launchChromium(
  flags: readonly string[] = [],
  { namespace, askUser = false }: { namespace?: Namespace; askUser?: boolean } = {},
): Promise<Browser> {
  const program = process.env['CHROMIUM_PATH'];
  if (!program) throw new Error('CHROMIUM_PATH is not set: run `npm run test:e2e`.');
  const args = [...FLAGS, ...(askUser ? [] : [YES_TO_ALL]), ...flags];
  const options = { args, ignoreDefaultArgs: ['--mute-audio'], timeout: START_TIMEOUT_MS };
  if (namespace === undefined) return chromium.launch({ ...options, executablePath: program });
  const folder = await mkdtemp(join(tmpdir(), 'ringline-browser-'));
  try {
    const executablePath = await scriptOf(namespace.command(program), folder);
    return await chromium.launch({ ...options, executablePath });
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** A program that is another with its first arguments given. */
async function scriptOf([program, args]: Command, folder: string): Promise<string> {
  const path = join(folder, 'chromium');
  const words = [program, ...args].map((word) => `'${word}'`).join(' ');
  await writeFile(path, `#!/bin/sh\nexec ${words} "$@"\n`, { mode: 0o755 });
  return path;
}
