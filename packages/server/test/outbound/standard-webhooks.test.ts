import { SeededRandomness } from '@ringline/testkit';
import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import {
  MAX_WEBHOOK_SECRET_BYTES,
  MIN_WEBHOOK_SECRET_BYTES,
  flawOfWebhookSecret,
  newWebhookSecret,
  standardHeaders,
} from '../../src/outbound/standard-webhooks.ts';

const randomness = new SeededRandomness('secrets');
const secretOf = (bytes: number) =>
  `whsec_${Buffer.from(randomness.bytes(bytes)).toString('base64')}`;
// The library looks at the machine's clock, and takes five minutes more or less.
const at = Date.now();
const body = JSON.stringify({ type: 'call.requested', data: { name: '张三' } });

test('[OUT11] the library of Standard Webhooks verifies what is signed here, and nothing else', () => {
  const secret = newWebhookSecret(randomness);
  const headers = standardHeaders({ secrets: [secret], id: 'msg_1', at, body });
  expect(new Webhook(secret).verify(body, headers)).toEqual(JSON.parse(body));
  expect(() => new Webhook(secret).verify(`${body} `, headers)).toThrow('No matching signature');
  const moved = { ...headers, 'webhook-id': 'msg_2' };
  expect(() => new Webhook(secret).verify(body, moved)).toThrow('No matching signature');
  expect(() => new Webhook(secretOf(32)).verify(body, headers)).toThrow('No matching signature');
});

test('[OUT11] it is the signature that the library makes', () => {
  const secret = secretOf(MIN_WEBHOOK_SECRET_BYTES);
  expect(standardHeaders({ secrets: [secret], id: 'msg_1', at, body })).toEqual({
    'content-type': 'application/json',
    'webhook-id': 'msg_1',
    'webhook-timestamp': String(Math.floor(at / 1000)),
    'webhook-signature': new Webhook(secret).sign('msg_1', new Date(at), body),
  });
});

test('[OUT12] while a secret is changed both the old and the new one verify', () => {
  const secrets = [secretOf(32), secretOf(64)];
  const headers = standardHeaders({ secrets, id: 'msg_1', at, body });
  expect(headers['webhook-signature'].split(' ')).toHaveLength(2);
  for (const secret of secrets) expect(new Webhook(secret).verify(body, headers)).toBeTruthy();
});

test('[OUT13] a secret is whsec_ and the base64 of 24 to 64 bytes; what is wrong with another is said without it', () => {
  for (const bytes of [MIN_WEBHOOK_SECRET_BYTES, 25, 32, MAX_WEBHOOK_SECRET_BYTES]) {
    expect(flawOfWebhookSecret(secretOf(bytes))).toBeUndefined();
  }
  expect(flawOfWebhookSecret(newWebhookSecret(randomness))).toBeUndefined();
  const short = secretOf(MIN_WEBHOOK_SECRET_BYTES - 1);
  expect(flawOfWebhookSecret(short)).toContain('holds 23 bytes, needs 24 to 64');
  expect(flawOfWebhookSecret(secretOf(MAX_WEBHOOK_SECRET_BYTES + 1))).toContain('holds 65 bytes');
  for (const text of ['', 'secret', 'whsec_a', 'whsec_a b=', secretOf(32).slice(6), `${short}=`]) {
    expect(flawOfWebhookSecret(text)).toContain('must be “whsec_” and base64');
  }
  expect(flawOfWebhookSecret(short)).not.toContain(short.slice(6));
});
