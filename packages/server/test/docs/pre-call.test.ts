import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { PreCallRequest, ServerMessage } from '@ringline/protocol';
import { encode } from '@ringline/protocol';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Running } from '../../src/cli/world.ts';
import { compose } from '../../src/compose.ts';
import { loadConfig } from '../../src/config/load.ts';
import { answerIn } from '../../src/pre-call/answer.ts';
import { MemoryStore } from '../../src/store/memory/store.ts';
import { MemoryLog } from '../observe/memory-log.ts';
import { CALL, CALL2 } from '../support/calls.ts';

const PAGE = readFileSync(new URL('../../../../docs/pre-call.md', import.meta.url), 'utf8');
const SECRET = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;

const samples = (language: string) =>
  [...PAGE.matchAll(/```(\w+)\n(.*?)```/gs)].flatMap(([, of, text = '']) =>
    of === language ? [text] : [],
  );

let folder: string;
let server: Server;
let running: Running;

/** The server of the page, on a free port, and ours that asks it. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ringline-pre-call-'));
  const file = join(folder, 'server.mjs');
  writeFileSync(file, samples('js')[0] ?? '');
  Object.assign(process.env, { PRE_CALL_SECRET: SECRET, PORT: '0' });
  ({ server } = (await import(pathToFileURL(file).href)) as { server: Server });
  if (!server.listening) await once(server, 'listening');
  const url = addressOf(server);
  const env = { PRE_CALL_URL: url, PRE_CALL_SECRET: SECRET, VOICE: 'off' };
  const loaded = loadConfig({ flags: { port: '0' }, env, readFile: () => '' });
  if (!loaded.ok) throw new Error(loaded.problems.join());
  running = await compose(loaded.config, { store: new MemoryStore(), log: new MemoryLog() });
});

afterAll(async () => {
  await running.close();
  server.close();
  rmSync(folder, { recursive: true });
  for (const name of ['PRE_CALL_SECRET', 'PORT']) Reflect.deleteProperty(process.env, name);
});

function addressOf(listening: Server): string {
  return `http://127.0.0.1:${(listening.address() as AddressInfo).port}/before-call`;
}

/** A signed-in device, and how it asks one thing. */
async function device(user: string) {
  const headers = { 'content-type': 'application/json' };
  const minted = await fetch(`${running.url}/dev/token`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ user }),
  });
  const { token } = (await minted.json()) as { token: string };
  const socket = new WebSocket(`${running.url.replace('http', 'ws')}/v1/connect`);
  await once(socket, 'open');
  const heard: ServerMessage[] = [];
  socket.on('message', (frame: Buffer) =>
    heard.push(JSON.parse(frame.toString()) as ServerMessage),
  );
  socket.send(encode({ type: 'hello', versions: [1], token, device: `${user}1`, calls: [] }));
  const until = async (isSo: (message: ServerMessage) => boolean) => {
    while (!heard.some(isSo)) await once(socket, 'message');
    return heard.find(isSo);
  };
  await until(({ type }) => type === 'welcome');
  return { socket, until };
}

test('[PRE1] the server on the page is asked by ours, denies and alters', async () => {
  const alice = await device('alice');
  const invite = (seq: number, call: string, to: string) => {
    alice.socket.send(encode({ type: 'invite', seq, call, to, media: 'audio' }));
    return alice.until((message) => 're' in message && message.re === seq);
  };
  expect(await invite(1, CALL, 'nobody')).toMatchObject({ type: 'refused', code: 'not-permitted' });
  expect(await invite(2, CALL2, 'bob')).toMatchObject({ type: 'invited', call: CALL2 });
  alice.socket.close();
  const scrape = await (await fetch(`${running.url}/metrics`)).text();
  expect(scrape).toContain('ringline_pre_call_seconds_count{outcome="denied"} 1');
  expect(scrape).toContain('ringline_pre_call_seconds_count{outcome="altered"} 1');
});

test('[PRE1] the server on the page takes what is signed, and nothing else', async () => {
  const [body = ''] = samples('json');
  const ask = async (secret: string, at = new Date()) => {
    const signature = new Webhook(secret).sign('msg_1', at, body);
    const headers = {
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': signature,
    };
    const { status } = await fetch(addressOf(server), { method: 'POST', headers, body });
    return status;
  };
  expect(await ask(SECRET)).toBe(200);
  expect(await ask(`whsec_${Buffer.alloc(32, 8).toString('base64')}`)).toBe(401);
  expect(await ask(SECRET, new Date(Date.now() - 600_000))).toBe(401);
});

const INVITE = { type: 'invite', seq: 1, call: CALL, to: 'bob', media: 'video' } as const;

test('[PRE4] the answers on the page are answers, and its question is one', () => {
  const rows = [...PAGE.matchAll(/^\| `(\{"decision".*?\})` /gm)].map(([, text = '']) => text);
  expect(rows).toHaveLength(3);
  for (const text of rows) {
    const body = text.replace('{…}', '{"media":"audio","ringTimeoutMs":20000,"holdable":false}');
    expect(answerIn(body, INVITE)).toHaveProperty('answer');
  }
  const questions = samples('json').map((text) => JSON.parse(text) as PreCallRequest);
  for (const { type } of questions) expect(type).toBe('call.requested');
  const fields = ['call', 'caller', 'callee', 'media', 'content', 'ringTimeoutMs', 'holdable'];
  const ofInvitation = ['invitation', 'caller', 'callee', 'content', 'channel'];
  const asked = questions.map(({ data: { kind, ...data } }) => [kind, Object.keys(data)]);
  expect(asked).toEqual([
    ['call', fields],
    ['invitation', ofInvitation],
  ]);
});
