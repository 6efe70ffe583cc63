import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RinglineClient } from '@ringline/client';
import { startReceiver } from '@ringline/example-receiver';
import type { ReceiverOptions } from '@ringline/example-receiver';
import { MAX_MESSAGE_BYTES } from '@ringline/protocol';
import { allow, deny, mintToken } from '@ringline/server-kit';
import { expect, onTestFinished, test } from 'vitest';
import { ServerProcess } from '../src/server-process.ts';

const TOKEN_SECRET = 'a secret of at least thirty-two bytes for this test';
const WEBHOOK_SECRET = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;
const APP_SECRET = 'the-secret-of-an-app';
const WITHIN = { timeout: 30_000, interval: 50 };

type Told = Parameters<ReceiverOptions['onEvent']>[0];

/** The example receiver, with what it was told. */
async function receiving() {
  const told: Told[] = [];
  const receiver = await startReceiver({
    port: 0,
    webhookSecret: WEBHOOK_SECRET,
    appSecret: APP_SECRET,
    onEvent: (event) => void told.push(event),
    decide: ({ data }) => (data.callee === 'nobody' ? deny() : allow({ content: 'altered' })),
  });
  onTestFinished(() => receiver.stop());
  return { url: receiver.url, told };
}

/** A real server that tells this receiver in both forms. */
async function telling(url: string): Promise<ServerProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'ringline-receiver-'));
  const file = join(folder, 'webhooks.json');
  const app = { appKey: 'app', appSecret: APP_SECRET };
  const endpoints = [
    { id: 'a', url: `${url}/webhooks`, format: 'standard', secrets: [WEBHOOK_SECRET] },
    { id: 'b', url: `${url}/netease`, format: 'netease', ...app },
  ];
  writeFileSync(file, JSON.stringify(endpoints));
  const settings = {
    WEBHOOKS_FILE: file,
    PRE_CALL_URL: `${url}/pre-call`,
    PRE_CALL_SECRET: WEBHOOK_SECRET,
    TOKEN_SECRET,
    VOICE: 'off',
    LOG_LEVEL: 'error',
  };
  const server = await ServerProcess.start(settings);
  onTestFinished(async () => {
    await server.stop();
    rmSync(folder, { recursive: true });
  });
  return server;
}

async function device(url: string, user: string): Promise<RinglineClient> {
  const token = mintToken({ secret: TOKEN_SECRET, user, name: `${user} 📞` });
  const client = new RinglineClient({ url, token, signallingOnly: true });
  await client.connect();
  onTestFinished(() => client.disconnect());
  return client;
}

test('the example receiver, written with the kit, is told of a call in both forms, with a token of the kit', async () => {
  const { url, told } = await receiving();
  const server = await telling(url);
  const [alice, bob] = [await device(server.url, 'alice'), await device(server.url, 'bob')];
  bob.on('incoming', (call) => void call.refuse());
  await expect(alice.call('nobody')).rejects.toMatchObject({ code: 'not-permitted' });
  const call = await alice.call('bob', { media: 'video' });
  await alice.send('bob', { text: 'call me' });

  const events = () => told.flatMap((each) => ('type' in each ? [each] : []));
  // The question at the start whether it is there tells of nothing.
  const copies = () =>
    told.flatMap((each) => ('kind' in each && each.kind !== 'check' ? [each] : []));
  const kinds = () =>
    copies()
      .map(({ kind }) => kind)
      .toSorted();
  const types = () => events().map(({ type }) => type);
  await expect.poll(kinds, WITHIN).toEqual(['duration', 'message', 'record']);
  const expected = ['call.invited', 'call.ended', 'record.created', 'message.sent'] as const;
  await expect.poll(types, WITHIN).toEqual(expect.arrayContaining([...expected]));

  const invited = events().find(({ type }) => type === 'call.invited');
  expect(invited?.data).toMatchObject({
    call: call.id,
    caller: { name: 'alice 📞' },
    media: 'video',
    content: 'altered',
  });
  const record = events().flatMap((e) => (e.type === 'record.created' ? [e.data.record] : []))[0];
  expect(record).toMatchObject({ call: call.id, status: 3, reason: 'refused' });
  const copied = copies().toSorted((a, b) => a.kind.localeCompare(b.kind));
  expect(copied).toMatchObject([
    { kind: 'duration', duration: { seconds: 0, status: 'SINGLE_PARTICIPATE', type: 'video' } },
    { kind: 'message', message: { from: 'alice', to: 'bob', text: 'call me' } },
    {
      kind: 'record',
      record: {
        type: 'video',
        status: 3,
        roomId: String(record?.roomId),
        message: { from: 'alice', to: 'bob', at: record?.endedAt },
      },
    },
  ]);
});

test.each(['"', '\u0001'])(
  'a message as long as any, all of %j, arrives in both forms and in both kinds',
  async (character) => {
    const { url, told } = await receiving();
    const server = await telling(url);
    const alice = await device(server.url, 'alice');
    const text = character.repeat(MAX_MESSAGE_BYTES);
    const data = character.repeat((MAX_MESSAGE_BYTES - 2) / (JSON.stringify(character).length - 2));
    await alice.send('bob', { text });
    await alice.send('bob', { data });

    const copied = () =>
      told.flatMap((each) => ('kind' in each && each.kind === 'message' ? [each.message] : []));
    const posted = () =>
      told.flatMap((each) => ('type' in each && each.type === 'message.sent' ? [each.data] : []));
    await expect.poll(() => [copied().length, posted().length], WITHIN).toEqual([2, 2]);
    expect(posted().map(({ body }) => body)).toEqual([
      { kind: 'text', text },
      { kind: 'data', data },
    ]);
    const bodies = copied().toSorted((a, b) => (b.msgType ?? '').localeCompare(a.msgType ?? ''));
    expect(bodies).toMatchObject([{ text }, { attach: JSON.stringify(data) }]);
  },
);
