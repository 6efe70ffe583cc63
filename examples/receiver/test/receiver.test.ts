import { createHash, createHmac } from 'node:crypto';
import { allow, deny } from '@ringline/server-kit';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { MAX_BODY_BYTES, startReceiver } from '../src/receiver.ts';
import type { Receiver, ReceiverOptions } from '../src/receiver.ts';
import { Seen } from '../src/seen.ts';

const KEY = Buffer.alloc(32, 7);
const APP_SECRET = 'the secret of an app';

type Told = Parameters<ReceiverOptions['onEvent']>[0];

let receiver: Receiver;
let told: Told[];
/** What the application throws when it is told; it works without. */
let fault: Error | undefined;

beforeEach(async () => {
  told = [];
  fault = undefined;
  vi.spyOn(console, 'error').mockReturnValue();
  receiver = await startReceiver({
    port: 0,
    webhookSecret: `whsec_${KEY.toString('base64')}`,
    appSecret: APP_SECRET,
    onEvent: (event) => {
      if (fault !== undefined) throw fault;
      told.push(event);
    },
    decide: ({ data }) => (data.callee === 'bob' ? allow({ media: 'audio' }) : deny()),
  });
});

afterEach(async () => {
  vi.restoreAllMocks();
  await receiver.stop();
});

/** Status and body of the answer. */
async function post(path: string, body: string, headers: Record<string, string>) {
  const answer = await fetch(`${receiver.url}${path}`, { method: 'POST', body, headers });
  const text = await answer.text();
  return [answer.status, text === '' ? undefined : (JSON.parse(text) as unknown)];
}

function webhook(path: string, content: object, id = 'msg_1') {
  const body = JSON.stringify(content);
  const timestamp = String(Math.floor(Date.now() / 1000));
  const hmac = createHmac('sha256', KEY).update(`${id}.${timestamp}.${body}`).digest('base64');
  const signature = { 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${hmac}` };
  return post(path, body, { 'webhook-id': id, ...signature });
}

function copyOut(body: string) {
  const md5 = createHash('md5').update(body).digest('hex');
  const curTime = String(Date.now());
  const sum = createHash('sha1').update(`${APP_SECRET}${md5}${curTime}`).digest('hex');
  return post('/netease', body, { AppKey: 'app', CurTime: curTime, MD5: md5, CheckSum: sum });
}

const ENDED = {
  type: 'call.ended',
  timestamp: '2026-01-02T03:04:05.000Z',
  data: { call: '0123456789abcdef', sequence: 3, reason: 'refused' },
};
const QUESTION = { ...ENDED, type: 'call.requested' };

describe('the example receiver', () => {
  test('tells of an event once, however often it comes', async () => {
    const answers = await Promise.all([1, 2, 3].map(() => webhook('/webhooks', ENDED)));
    expect(answers).toEqual(answers.map(() => [204, undefined]));
    expect(await webhook('/webhooks', ENDED, 'msg_2')).toEqual([204, undefined]);
    expect(told).toEqual([
      { ...ENDED, id: 'msg_1' },
      { ...ENDED, id: 'msg_2' },
    ]);
  });

  test('takes the form of NetEase, and its check of the address', async () => {
    const attach = JSON.stringify({ type: 2, channelId: 5, status: 4, durations: [] });
    const body = { eventType: '1', msgType: 'NRTC_NETCALL', msgidServer: '9', attach };
    for (const text of ['{}', JSON.stringify(body), JSON.stringify(body)]) {
      expect(await copyOut(text)).toEqual([200, { code: 200 }]);
    }
    expect(told).toMatchObject([
      { kind: 'check' },
      { kind: 'record', id: 'message 9', record: { type: 'video', status: 4, roomId: '5' } },
    ]);
  });

  test('answers the question before a call', async () => {
    const ask = (callee: string) => webhook('/pre-call', { ...QUESTION, data: { callee } });
    expect(await ask('bob')).toEqual([200, { decision: 'allow', invitation: { media: 'audio' } }]);
    expect(await ask('carol')).toEqual([200, { decision: 'deny' }]);
  });

  test('refuses what is not signed, and says why', async () => {
    const refused = { code: 'missing-header', field: 'webhook-id' };
    expect(await post('/webhooks', '{}', {})).toEqual([400, refused]);
    const sum = { code: 'missing-header', field: 'CurTime' };
    expect(await post('/netease', '{}', {})).toEqual([400, sum]);
    expect(await webhook('/elsewhere', ENDED)).toEqual([404, undefined]);
    expect((await fetch(`${receiver.url}/webhooks`)).status).toBe(405);
    expect(told).toEqual([]);
  });

  test('is sent again what it could not keep, and never says 500', async () => {
    fault = new Error('the database is away');
    expect(await webhook('/webhooks', ENDED)).toEqual([503, undefined]);
    expect(await copyOut('{}')).toEqual([503, undefined]);
    fault = undefined;
    expect(await webhook('/webhooks', ENDED)).toEqual([204, undefined]);
    expect(told).toHaveLength(1);
  });

  test('reads a body of 256 KB, and not one byte more', async () => {
    const sized = (bytes: number) => post('/webhooks', 'a'.repeat(bytes), {});
    expect(await sized(MAX_BODY_BYTES)).toMatchObject([400, { code: 'missing-header' }]);
    expect(await sized(MAX_BODY_BYTES + 1)).toEqual([413, undefined]);
  });
});

test('ids are forgotten when there are too many, the oldest first', async () => {
  const seen = new Seen(2);
  const done: string[] = [];
  for (const id of ['a', 'b', 'a', 'c', 'b', 'a']) await seen.once(id, () => void done.push(id));
  expect(done).toEqual(['a', 'b', 'c', 'a']);
});
