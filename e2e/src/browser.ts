import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import type { Command, Namespace } from './net/namespace.ts';

const FLAGS = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
  '--allow-loopback-in-peer-connection',
  '--autoplay-policy=no-user-gesture-required',
];

/** Starts a Chromium with fake camera and microphone, here or in a namespace; `CHROMIUM_PATH` says where it is. */
export async function launchChromium(
  flags: readonly string[] = [],
  namespace?: Namespace,
): Promise<Browser> {
  const program = process.env['CHROMIUM_PATH'];
  if (!program) throw new Error('CHROMIUM_PATH is not set: run `npm run test:e2e`.');
  const args = [...FLAGS, ...flags];
  const options = { args, ignoreDefaultArgs: ['--mute-audio'] };
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
