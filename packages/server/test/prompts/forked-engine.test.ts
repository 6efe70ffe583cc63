import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import * as fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { environmentOf, forkEngine } from '../../src/prompts/forked-engine.ts';
import type { EngineProcess } from '../../src/prompts/engine-process.ts';
import type { FromEngine, Play } from '../../src/prompts/engine-messages.ts';
import { loadSounds } from '../../src/prompts/sounds.ts';
import { writeDevice } from '../../src/prompts/engine/answer.ts';

const PLAY: Play = { clip: 'hold', plays: 'endless', turn: 1 };
const SPEAKING = fileURLToPath(new URL('support/speaking-process.ts', import.meta.url));

const started: EngineProcess[] = [];

afterEach(() => {
  for (const process of started.splice(0)) process.kill();
});

/** A real process, once it is ready. */
async function engine() {
  const told: FromEngine[] = [];
  const ready = Promise.withResolvers<void>();
  const gone = Promise.withResolvers<string>();
  const process = forkEngine({
    told: (message) => {
      told.push(message);
      if (message.type === 'ready') ready.resolve();
    },
    exited: (why) => gone.resolve(why),
  });
  started.push(process);
  process.send({ type: 'start', port: 0, publicIps: [], sounds: loadSounds() });
  await ready.promise;
  return { gone: gone.promise, process, told };
}

const SOON = { timeout: 30_000, interval: 10 };
const countOf = (told: readonly FromEngine[], type: FromEngine['type']) =>
  told.filter((message) => message.type === type).length;

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test('a real process offers a connection, and goes when it is let go of', async () => {
  const { gone, process, told } = await engine();
  process.send({ type: 'open', id: 1, play: PLAY });
  await expect.poll(() => countOf(told, 'offered'), SOON).toBe(1);
  expect(told.at(-1)).toMatchObject({ id: 1, sdp: expect.stringContaining('a=end-of-candidates') });
  process.release();
  expect(await gone).toBe('ended by code 0.');
});

test('a process that is killed tells so, and takes what is sent to it in silence', async () => {
  const { gone, process } = await engine();
  process.kill();
  process.send({ type: 'ping' });
  expect(await gone).toBe('ended by SIGKILL.');
  process.send({ type: 'ping' });
  process.release();
});

test('a process that is let go of before it has begun goes as well', async () => {
  const gone = Promise.withResolvers<string>();
  const process = forkEngine({ told: () => undefined, exited: gone.resolve });
  started.push(process);
  process.release();
  expect(await gone.promise).toBe('ended by code 0.');
});

test('signals that the terminal sends to all do not end it: the server does, in its turn', async () => {
  const { process: engineProcess, told } = await engine();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.kill(engineProcess.pid ?? 0, signal);
  engineProcess.send({ type: 'ping' });
  await expect.poll(() => countOf(told, 'pong'), SOON).toBe(1);
});

test('no answer of a form that is let through ends the native code', async () => {
  const { process, told } = await engine();
  const letters = 'abcXYZ019+/'.split('');
  const chars = (minLength: number, maxLength: number) =>
    fc.array(fc.constantFrom(...letters), { minLength, maxLength }).map((all) => all.join(''));
  const hex = fc.uint8Array({ minLength: 32, maxLength: 32 });
  const fingerprint = hex.map((bytes) =>
    [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(':'),
  );
  const answers = fc.record({
    ufrag: chars(4, 256),
    password: chars(22, 256),
    fingerprint: fingerprint.map((hash) => `sha-256 ${hash.toUpperCase()}`),
    setup: fc.constantFrom('active', 'passive'),
  });
  const samples = fc.sample(answers, 100);
  samples.forEach((_, id) => process.send({ type: 'open', id, play: PLAY }));
  await expect.poll(() => countOf(told, 'offered'), SOON).toBe(samples.length);
  samples.forEach((answer, id) => process.send({ type: 'answer', id, sdp: writeDevice(answer) }));
  samples.forEach((_, id) => process.send({ type: 'close', id }));
  process.send({ type: 'ping' });
  await expect.poll(() => countOf(told, 'pong'), SOON).toBe(1);
  process.send({ type: 'open', id: 1_000, play: PLAY });
  await expect.poll(() => countOf(told, 'offered'), SOON).toBe(samples.length + 1);
});

test('when the server is killed, the process of its voice ends', async () => {
  const server = spawn(process.execPath, [SPEAKING], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [printed] = (await once(server.stdout, 'data')) as [Buffer];
  const pid = Number(printed.toString());
  expect(lives(pid)).toBe(true);
  server.kill('SIGKILL');
  await expect.poll(() => lives(pid), SOON).toBe(false);
});

test('the server’s secrets are not in the environment of the process', () => {
  const env = environmentOf({
    PATH: '/bin',
    TOKEN_SECRET: 's',
    TURN_SECRET: 't',
    NODE_OPTIONS: 'n',
  });
  expect(env).toEqual({ PATH: '/bin' });
});
