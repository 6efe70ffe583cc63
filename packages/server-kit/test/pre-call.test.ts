import { MAX_CONTENT_BYTES, MAX_RING_TIMEOUT_MS, MIN_RING_TIMEOUT_MS } from '@ringline/protocol';
import { expect, test } from 'vitest';
import { ArgumentError, allow, deny, readPreCall } from '../src/index.ts';
import type { AlteredInvitation } from '../src/index.ts';
import { EVENT, NOW, SECRET, refusalOf, secretOf, signed } from './signed.ts';

const QUESTION = {
  type: 'call.requested',
  timestamp: '2026-01-02T03:04:05.000Z',
  data: {
    kind: 'call',
    call: '0123456789abcdef',
    caller: { user: 'alice' },
    callee: 'bob',
    media: 'audio',
    ringTimeoutMs: 60_000,
    holdable: true,
  },
};

test('[KIT11] a question is read, and nothing else', () => {
  const read = (content: object, secret = SECRET) =>
    readPreCall({ secret, now: NOW, ...signed(content) });
  expect(read(QUESTION)).toEqual({ ...QUESTION, id: 'msg_1' });
  expect(refusalOf(() => read(EVENT))).toBe('bad-body type: must be call.requested');
  expect(refusalOf(() => read({ ...QUESTION, data: 7 }))).toBe('bad-body data: must be an object');
  expect(refusalOf(() => read(QUESTION, secretOf(2)))).toMatch(/^bad-signature/);
});

test('[KIT11] the answers', () => {
  const altered = { media: 'video', content: 'é'.repeat(MAX_CONTENT_BYTES / 2) } as const;
  expect(allow()).toEqual({ decision: 'allow' });
  expect(allow(altered)).toEqual({ decision: 'allow', invitation: altered });
  for (const ringTimeoutMs of [MIN_RING_TIMEOUT_MS, MAX_RING_TIMEOUT_MS]) {
    expect(allow({ ringTimeoutMs, holdable: false })).toMatchObject({ decision: 'allow' });
  }
  expect(deny()).toEqual({ decision: 'deny' });
});

test.each<[invitation: object, flaw: string]>([
  [{ media: 'sound' }, 'media: must be audio or video'],
  [{ content: 'é'.repeat(MAX_CONTENT_BYTES / 2 + 1) }, 'content: must be at most 8192 bytes'],
  [{ content: '\ud800' }, 'content: contains half a character'],
  [{ ringTimeoutMs: MIN_RING_TIMEOUT_MS - 1 }, 'ringTimeoutMs: must be whole milliseconds'],
  [{ ringTimeoutMs: MAX_RING_TIMEOUT_MS + 1 }, 'ringTimeoutMs: must be whole milliseconds'],
  [{ ringTimeoutMs: 1000.5 }, 'ringTimeoutMs: must be whole milliseconds'],
  [{ holdable: 'yes' }, 'holdable: must be true or false'],
  [{ callee: 'carol' }, 'callee: is not known here'],
])('[KIT11] %j is no alteration', (invitation, flaw) => {
  expect(() => allow(invitation as AlteredInvitation)).toThrow(ArgumentError);
  expect(() => allow(invitation as AlteredInvitation)).toThrow(flaw);
});
