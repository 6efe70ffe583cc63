import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import * as fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { describe, expect, test, vi } from 'vitest';
import { ArgumentError, WEBHOOK_TOLERANCE_SECONDS, verifyWebhook } from '../src/index.ts';
import type { RequestHeaders, SignedRequest } from '../src/index.ts';
import { EVENT, NOW, SECRET, refusalOf, secretOf, signed } from './signed.ts';

const verify = (request: Partial<SignedRequest>) =>
  verifyWebhook({ secret: SECRET, now: NOW, ...signed(EVENT), ...request });
const refused = (request: Partial<SignedRequest>) => refusalOf(() => verify(request));

describe('signatures', () => {
  test('[KIT1] gives the event with its id, from text and from bytes', () => {
    const { body } = signed(EVENT);
    expect(verify({})).toEqual({ ...EVENT, id: 'msg_1' });
    expect(verify({ body: Buffer.from(body) })).toEqual({ ...EVENT, id: 'msg_1' });
    expect(verify({ body: new TextEncoder().encode(body) })).toEqual({ ...EVENT, id: 'msg_1' });
  });

  test('[KIT1] is typed by the event', () => {
    const event = verify({});
    const reason = event.type === 'call.ended' && event.data.reason;
    expect(reason).toBe('completed');
  });

  test('[KIT1] takes what the library of the standard signs, and that takes what is signed here', () => {
    vi.useFakeTimers({ now: NOW });
    const webhook = new Webhook(SECRET);
    const { headers, body } = signed(EVENT);
    expect(webhook.verify(body, headers)).toEqual(EVENT);
    const signature = webhook.sign('msg_2', new Date(NOW), body);
    const theirs = { ...headers, 'webhook-id': 'msg_2', 'webhook-signature': signature };
    expect(verify({ headers: theirs })).toEqual({ ...EVENT, id: 'msg_2' });
    vi.useRealTimers();
  });

  test('[KIT1] any of several secrets may have signed, and any of several signatures count', () => {
    const secret = [secretOf(2), SECRET];
    expect(verify({ secret }).id).toBe('msg_1');
    const { headers, body } = signed(EVENT);
    const other = signed(EVENT, { secret: secretOf(3) }).headers['webhook-signature'];
    const both = `v1a,AAAA ${other} ${headers['webhook-signature']}`;
    expect(verify({ headers: { ...headers, 'webhook-signature': both }, body }).id).toBe('msg_1');
    expect(refused({ secret: [secretOf(2), secretOf(4)] })).toMatch(/^bad-signature/);
  });

  test('[KIT4] a changed byte of body, id or time is a wrong signature', () => {
    const { headers, body } = signed(EVENT);
    const wrong = /^bad-signature webhook-signature: is of none of the secrets/;
    fc.assert(
      fc.property(fc.nat(body.length - 1), fc.integer({ min: 1, max: 255 }), (index, change) => {
        const bytes = Buffer.from(body);
        bytes[index] = bytes[index]! ^ change;
        expect(refused({ body: bytes })).toMatch(wrong);
      }),
    );
    expect(refused({ body: `${body}\n` })).toMatch(wrong);
    expect(refused({ headers: { ...headers, 'webhook-id': 'msg_2' } })).toMatch(wrong);
    const later = String(NOW / 1000 + 1);
    expect(refused({ headers: { ...headers, 'webhook-timestamp': later } })).toMatch(wrong);
    for (const signature of ['v1,', 'v1,AAAA', `${headers['webhook-signature']}AAAA`]) {
      const changed = { ...headers, 'webhook-signature': signature };
      expect(refused({ headers: changed })).toMatch(/^bad-(?:signature|header) webhook-signature/);
    }
  });

  test('[KIT4] a body that was parsed before, or a secret that is none, is a mistake of the program', () => {
    expect(() => verify({ body: EVENT as unknown as string })).toThrow('body: must be the text');
    for (const secret of [
      '',
      'whsec_',
      SECRET.slice(6),
      'whsec_ä',
      secretOf(1, 23),
      secretOf(1, 65),
    ]) {
      expect(() => verify({ secret })).toThrow('secret: must be “whsec_” and base64 of 24 to 64');
    }
    expect(() => verify({ secret: [] })).toThrow(ArgumentError);
    for (const secret of [secretOf(1, 24), secretOf(1, 64)]) {
      expect(verify({ secret, ...signed(EVENT, { secret }) }).id).toBe('msg_1');
    }
  });
});

describe('headers', () => {
  /** What `node:http` makes of headers that are sent. */
  async function received(sent: Record<string, string>): Promise<IncomingHttpHeaders> {
    const { promise, resolve } = Promise.withResolvers<IncomingHttpHeaders>();
    const server = createServer((request, response) => {
      resolve(request.headers);
      response.end();
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    await fetch(`http://127.0.0.1:${port}`, { headers: sent });
    server.close();
    return promise;
  }

  test('[KIT2] of node:http, of fetch, or of any object in any case', async () => {
    const { headers } = signed(EVENT);
    const upper = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name.toUpperCase(), [value]]),
    );
    const forms: RequestHeaders[] = [headers, new Headers(headers), upper, await received(headers)];
    expect(forms.map((form) => verify({ headers: form }).id)).toEqual(Array(4).fill('msg_1'));
  });

  test.each(['webhook-id', 'webhook-timestamp', 'webhook-signature'])(
    '[KIT2] without %s',
    (name) => {
      const { headers } = signed(EVENT);
      const without = { ...headers, [name]: undefined };
      expect(refused({ headers: without })).toBe(`missing-header ${name}: is missing`);
      const twice = { ...headers, [name]: ['a', 'b'] };
      expect(refused({ headers: twice })).toBe(`bad-header ${name}: stands there twice`);
      expect(refused({ headers: { ...headers, [name.toUpperCase()]: 'a' } })).toContain('twice');
      expect(refused({ headers: new Headers() })).toContain('missing-header');
    },
  );

  test.each([
    ['webhook-timestamp', 'yesterday', 'must be seconds since 1970'],
    ['webhook-timestamp', '1.5', 'must be seconds since 1970'],
    ['webhook-timestamp', '-1', 'must be seconds since 1970'],
    ['webhook-signature', 'v2,AAAA', 'has no signature of the version v1'],
    ['webhook-signature', '', 'has no signature of the version v1'],
  ])('[KIT2] %s “%s” is refused', (name, value, flaw) => {
    const headers = { ...signed(EVENT).headers, [name]: value };
    expect(refused({ headers })).toBe(`bad-header ${name}: ${flaw}`);
  });
});

describe('age', () => {
  const edge = WEBHOOK_TOLERANCE_SECONDS * 1000;

  test('[KIT3] five minutes either way are taken, more are not', () => {
    for (const now of [NOW - edge, NOW + edge]) expect(verify({ now }).id).toBe('msg_1');
    expect(refused({ now: NOW + edge + 1000 })).toMatch(
      /^too-old webhook-timestamp: was 301 seconds ago/,
    );
    expect(refused({ now: NOW - edge - 1000 })).toMatch(
      /^too-new webhook-timestamp: was 301 seconds from/,
    );
  });

  test('[KIT3] as much as is said; and whoever cannot sign learns nothing of the clock', () => {
    const now = NOW + 86_400_000;
    expect(verify({ now, toleranceSeconds: Infinity }).id).toBe('msg_1');
    expect(refused({ now: NOW + 1000, toleranceSeconds: 0 })).toMatch(/^too-old/);
    expect(refused({ now, secret: secretOf(2) })).toMatch(/^bad-signature/);
  });

  test('[KIT3] by the clock of the machine unless told otherwise', () => {
    vi.useFakeTimers({ now: NOW });
    expect(verifyWebhook({ secret: SECRET, ...signed(EVENT) }).id).toBe('msg_1');
    vi.setSystemTime(NOW + edge + 1000);
    expect(refusalOf(() => verifyWebhook({ secret: SECRET, ...signed(EVENT) }))).toMatch(/too-old/);
    vi.useRealTimers();
  });
});

describe('bodies', () => {
  test.each([
    ['{', 'body: is no JSON'],
    ['[]', 'body: must be a JSON object'],
    ['null', 'body: must be a JSON object'],
    [{ ...EVENT, type: 1 }, 'type: must be text'],
    [{ ...EVENT, type: 'call.requested' }, 'type: is a question before a call'],
    [{ ...EVENT, timestamp: undefined }, 'timestamp: must be text'],
    [{ ...EVENT, data: null }, 'data: must be an object'],
  ])('[KIT5] signed, but %j', (content, flaw) => {
    expect(refused(signed(content))).toContain(`bad-body ${flaw}`);
  });

  test('[KIT5] signed bytes that are no UTF-8', () => {
    const body = new Uint8Array([0xff]);
    const hmac = createHmac('sha256', Buffer.alloc(32, 1)).update(`msg_1.${NOW / 1000}.`);
    const signature = `v1,${hmac.update(body).digest('base64')}`;
    const headers = { ...signed('').headers, 'webhook-signature': signature };
    expect(refused({ headers, body })).toBe('bad-body body: is no UTF-8');
  });

  test('[KIT5] a type of a newer server is handed on', () => {
    expect(verify(signed({ ...EVENT, type: 'call.moved' }))).toMatchObject({ type: 'call.moved' });
  });
});
