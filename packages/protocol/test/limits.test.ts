import { describe, expect, test } from 'vitest';
import {
  MAX_CANDIDATE_BYTES,
  MAX_CONTENT_BYTES,
  MAX_DATA_DEPTH,
  MAX_FREEZES,
  MAX_ID_BYTES,
  MAX_MEASURED_MS,
  MAX_MEASURED_SECONDS,
  MAX_MESSAGE_BYTES,
  MAX_MOS,
  MAX_NAMED_CALLS,
  MAX_OFFERED_VERSIONS,
  MAX_PAGE_ITEMS,
  MAX_RING_TIMEOUT_MS,
  MAX_SDP_BYTES,
  MAX_TOKEN_BYTES,
  MAX_WATCHED_USERS,
  MIN_RING_TIMEOUT_MS,
} from '../src/index.ts';
import { DEVICE_EXAMPLES, decodeFromDevice } from '../src/schema.ts';

const EXAMPLES: Readonly<Record<string, object>> = DEVICE_EXAMPLES;

/** The path at which an example of this type is refused when one field is replaced, or `accepted`. */
function answer(type: string, field: string, value: unknown): string {
  const message: Record<string, unknown> = structuredClone({ ...EXAMPLES[type] });
  const names = field.split('.');
  const last = names.pop() ?? '';
  const parent = names.reduce((place, name) => place[name] as Record<string, unknown>, message);
  parent[last] = value;
  const decoded = decodeFromDevice(JSON.stringify(message));
  return decoded.ok ? 'accepted' : `${decoded.refusal.code} ${decoded.refusal.path}`;
}

function expectEdge(type: string, field: string, largest: unknown, larger: unknown): void {
  expect(answer(type, field, largest)).toBe('accepted');
  expect(answer(type, field, larger)).toBe(`malformed ${field}`);
}

const candidate = (line: string) => ({
  kind: 'candidate',
  candidate: { candidate: line, sdpMid: null, sdpMLineIndex: null },
});
const offer = (sdp: string) => ({ kind: 'description', description: { type: 'offer', sdp } });

describe('sizes', () => {
  const FIELDS: [type: string, field: string, limit: number, wrap: (text: string) => unknown][] = [
    ['hello', 'token', MAX_TOKEN_BYTES, (text) => text],
    ['hello', 'device', MAX_ID_BYTES, (text) => text],
    ['hello', 'resumeKey', MAX_ID_BYTES, (text) => text],
    ['invite', 'to', MAX_ID_BYTES, (text) => text],
    ['invite', 'content', MAX_CONTENT_BYTES, (text) => text],
    ['accept', 'response', MAX_CONTENT_BYTES, (text) => text],
    ['refuse', 'response', MAX_CONTENT_BYTES, (text) => text],
    ['renew-token', 'token', MAX_TOKEN_BYTES, (text) => text],
    ['history', 'peer', MAX_ID_BYTES, (text) => text],
    ['send', 'key', MAX_ID_BYTES, (text) => text],
    ['send', 'body', MAX_MESSAGE_BYTES, (text) => ({ kind: 'text', text })],
    ['signal', 'signal', MAX_SDP_BYTES, offer],
    ['signal', 'signal', MAX_CANDIDATE_BYTES, candidate],
  ];

  test.each(FIELDS)('[PRO10] %s.%s: %i bytes and no more', (type, field, limit, wrap) => {
    // 爱 is three bytes, 😀 four: what counts is neither characters nor UTF-16 units.
    for (const [unit, bytes] of [
      ['a', 1],
      ['é', 2],
      ['爱', 3],
      ['😀', 4],
    ] as const) {
      const full = unit.repeat(Math.floor(limit / bytes)).padEnd(0);
      const filled = full + 'a'.repeat(limit - Buffer.byteLength(full));
      expect(answer(type, field, wrap(filled))).toBe('accepted');
      expect(answer(type, field, wrap(`${filled}a`))).toMatch(`malformed ${field}`);
    }
  });

  test('[PRO10] what JSON escapes six-fold counts as what it is', () => {
    const text = '\u0001'.repeat(MAX_MESSAGE_BYTES);
    expect(JSON.stringify(text).length).toBeGreaterThan(6 * MAX_MESSAGE_BYTES);
    expect(answer('send', 'body', { kind: 'text', text })).toBe('accepted');
  });

  test('[PRO13] data of 32 KB is accepted, of a byte more refused', () => {
    const data = 'x'.repeat(MAX_MESSAGE_BYTES - 2);
    expect(answer('send', 'body', { kind: 'data', data })).toBe('accepted');
    expect(answer('send', 'body', { kind: 'data', data: `${data}x` })).toBe('malformed body.data');
  });

  test('[PRO13] data nested 32 deep is accepted, deeper refused', () => {
    const nested = (depth: number) => JSON.parse('['.repeat(depth) + ']'.repeat(depth)) as unknown;
    const objects = (depth: number) =>
      JSON.parse(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`) as unknown;
    for (const make of [nested, objects]) {
      const ask = (depth: number) => answer('send', 'body', { kind: 'data', data: make(depth) });
      expect([ask(MAX_DATA_DEPTH), ask(MAX_DATA_DEPTH + 1)]).toEqual([
        'accepted',
        'malformed body.data',
      ]);
    }
  });

  test('[PRO13] data keeps null, fractions and empty keys, and has no infinity', () => {
    for (const data of [null, 0.5, { '': [] }, 1e308]) {
      expect(answer('send', 'body', { kind: 'data', data })).toBe('accepted');
    }
    const text = '{"type":"send","seq":1,"to":"bob","body":{"kind":"data","data":[1e999]}}';
    expect(decodeFromDevice(text)).toMatchObject({ refusal: { path: 'body.data' } });
  });
});

describe('texts', () => {
  test.each([['\ud800'], ['a\udc00'], ['\udc00\ud800']])('[PRO9] %j is no text', (text) => {
    expect(answer('invite', 'content', text)).toBe('malformed content');
    expect(answer('invite', 'to', text)).toBe('malformed to');
    expect(answer('hello', 'token', text)).toBe('malformed token');
    expect(answer('send', 'body', { kind: 'text', text })).toBe('malformed body.text');
    expect(answer('send', 'body', { kind: 'data', data: [text] })).toBe('malformed body.data');
    const data = { [text]: 1 };
    expect(answer('send', 'body', { kind: 'data', data })).toBe('malformed body.data');
  });

  test('[PRO9] U+0000 and every other character are kept', () => {
    const text = '\u0000\u0007\u2028\uffff\u{10ffff}';
    const decoded = decodeFromDevice(
      JSON.stringify({ ...DEVICE_EXAMPLES.send, body: { kind: 'text', text } }),
    );
    expect(decoded).toMatchObject({ ok: true, message: { body: { text } } });
  });

  test.each(['', 'a\u0000b', 'a\nb', '\u007f', '\u0085', 'x'.repeat(65), 'é'.repeat(33)])(
    '[PRO14] %j is no id',
    (id) => {
      expect(answer('invite', 'to', id)).toBe('malformed to');
      expect(answer('hello', 'device', id)).toBe('malformed device');
    },
  );

  test.each(['a', 'Bob', 'bob@example.com', 'x y', '爱丽丝', 'é', 'e\u0301', '__proto__'])(
    '[PRO14] %j is an id, and stays as it is',
    (to) => {
      const decoded = decodeFromDevice(JSON.stringify({ ...DEVICE_EXAMPLES.invite, to }));
      expect(decoded).toMatchObject({ ok: true, message: { to } });
    },
  );

  test('[PRO15] a call id has 16 to 64 characters of base64url', () => {
    expectEdge('cancel', 'call', 'a'.repeat(64), 'a'.repeat(65));
    expectEdge('cancel', 'call', 'a'.repeat(16), 'a'.repeat(15));
    for (const bad of ['a'.repeat(20) + '.', `${'a'.repeat(20)}\n`, 'é'.repeat(20), 20]) {
      expect(answer('cancel', 'call', bad)).toBe('malformed call');
    }
  });
});

describe('numbers and lists', () => {
  test.each([
    ['cancel', 'seq', 1, Number.MAX_SAFE_INTEGER],
    ['end', 'ageMs', 0, Number.MAX_SAFE_INTEGER],
    ['connected', 'epoch', 0, Number.MAX_SAFE_INTEGER],
    ['acknowledge', 'cursor', 0, Number.MAX_SAFE_INTEGER],
    ['history', 'before', 1, Number.MAX_SAFE_INTEGER],
    ['history', 'limit', 1, MAX_PAGE_ITEMS],
    ['invite', 'ringTimeoutMs', MIN_RING_TIMEOUT_MS, MAX_RING_TIMEOUT_MS],
  ])('[PRO11] %s.%s is a whole number from %d to %d', (type, field, least, most) => {
    expectEdge(type, field, most, most + 1);
    expectEdge(type, field, least, least - 1);
    for (const bad of [least + 0.5, String(least), null, true]) {
      expect(answer(type, field, bad)).toBe(`malformed ${field}`);
    }
  });

  test.each([
    ['seconds', 1, MAX_MEASURED_SECONDS],
    ['rttMs', 0, MAX_MEASURED_MS],
    ['jitterMs', 0, MAX_MEASURED_MS],
    ['freezes', 0, MAX_FREEZES],
  ])('[PRO11] %s of a summary is a whole number from %d to %d', (field, least, most) => {
    expectEdge('report-quality', `summary.${field}`, most, most + 1);
    expectEdge('report-quality', `summary.${field}`, least, least - 1);
    expect(answer('report-quality', `summary.${field}`, 1.5)).toBe(`malformed summary.${field}`);
  });

  test.each([
    ['mos', 1, MAX_MOS],
    ['mosMin', 1, MAX_MOS],
    ['lossRatio', 0, 1],
    ['concealedRatio', 0, 1],
  ])('[PRO11] %s of a summary is a number from %d to %d, with fractions', (field, least, most) => {
    expectEdge('report-quality', `summary.${field}`, most, most + 0.01);
    expectEdge('report-quality', `summary.${field}`, least, least - 0.01);
    expect(answer('report-quality', `summary.${field}`, least + 0.5)).toBe('accepted');
    for (const bad of ['1', null, true]) {
      expect(answer('report-quality', `summary.${field}`, bad)).toBe(`malformed summary.${field}`);
    }
  });

  test.each(['-0', '1e999', '9007199254740993', '1.5'])('[PRO11] %s is no cursor', (number) => {
    const decoded = decodeFromDevice(`{"type":"acknowledge","cursor":${number}}`);
    expect(decoded).toMatchObject({ ok: false, refusal: { path: 'cursor' } });
  });

  test('[PRO12] lists of their limit are read, longer ones refused as a whole', () => {
    const calls = (count: number) =>
      Array.from({ length: count }, () => ({ id: 'a'.repeat(16), version: 1 }));
    expectEdge('heartbeat', 'calls', calls(MAX_NAMED_CALLS), calls(MAX_NAMED_CALLS + 1));
    expectEdge('hello', 'calls', calls(MAX_NAMED_CALLS), calls(MAX_NAMED_CALLS + 1));
    const versions = (count: number) => Array.from({ length: count }, (_, i) => i + 1);
    const [most, more] = [versions(MAX_OFFERED_VERSIONS), versions(MAX_OFFERED_VERSIONS + 1)];
    expectEdge('hello', 'versions', most, more);
    expectEdge('hello', 'versions', [1], []);
    const users = (count: number) => Array.from({ length: count }, (_, i) => `user ${i}`);
    expectEdge('watch', 'users', users(MAX_WATCHED_USERS), users(MAX_WATCHED_USERS + 1));
    expect(answer('watch', 'users', [])).toBe('accepted');
    expect(answer('heartbeat', 'calls', Array(MAX_NAMED_CALLS + 1).fill(0))).toBe(
      'malformed calls',
    );
    expect(answer('heartbeat', 'calls', { length: 1 })).toBe('malformed calls');
  });
});

describe('fields that depend on others', () => {
  test('[PRO17] what asks for something carries a seq, the rest carries none', () => {
    const without = ['hello', 'acknowledge', 'heartbeat', 'rtm-got'];
    for (const type of Object.keys(DEVICE_EXAMPLES)) {
      const expected = without.includes(type) ? 'malformed seq' : 'accepted';
      expect([type, answer(type, 'seq', 1)]).toEqual([type, expected]);
      const missing = without.includes(type) ? 'accepted' : 'malformed seq';
      expect([type, answer(type, 'seq', undefined)]).toEqual([type, missing]);
    }
  });

  test('[PRO18] silence goes with the receipt `silent`, which goes without it too', () => {
    expect(answer('ring', 'receipt', 'alerting')).toBe('malformed silence');
    expect(answer('ring', 'silence', undefined)).toBe('accepted');
    expect(answer('ring', 'silence', 'shy')).toBe('malformed silence');
  });
});
