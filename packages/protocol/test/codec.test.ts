import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeFromServer, encode } from '../src/index.ts';
import type { DeviceMessage } from '../src/index.ts';
import {
  DEVICE_EXAMPLES,
  DEVICE_SCHEMAS,
  SERVER_EXAMPLES,
  SERVER_SCHEMAS,
  decodeFromDevice,
} from '../src/schema.ts';
import { FROM_DEVICE, FROM_SERVER, anyDeviceMessage } from './arbitraries.ts';

/** Decodes a value that stands for a device's message, and gives what was refused and where. */
function refused(value: unknown): string {
  return refusedText(JSON.stringify(value));
}

function refusedText(text: string): string {
  const decoded = decodeFromDevice(text);
  if (decoded.ok) return 'accepted';
  return `${decoded.refusal.code} ${decoded.refusal.path ?? '-'} re ${decoded.re}`;
}

const CALL = 'aaaaaaaaaaaaaaaaaaaaaa';

describe('what is written is read the same', () => {
  const devices = Object.entries<fc.Arbitrary<DeviceMessage>>(FROM_DEVICE);
  test.each(devices)('[PRO1] %s of a device', (_type, arbitrary) => {
    fc.assert(
      fc.property(arbitrary, (message) => {
        expect(decodeFromDevice(encode(message))).toEqual({ ok: true, message });
      }),
    );
  });

  const servers = Object.entries<fc.Arbitrary<Parameters<typeof encode>[0]>>(FROM_SERVER);
  test.each(servers)('[PRO1] %s of a server, and it fits its schema', (type, arbitrary) => {
    const schema = SERVER_SCHEMAS[type as keyof typeof SERVER_SCHEMAS];
    fc.assert(
      fc.property(arbitrary, (message) => {
        const read = decodeFromServer(encode(message));
        expect(read).toEqual(message);
        expect(schema.parse(read)).toEqual(message);
      }),
    );
  });

  test('[PRO1] every example of the documentation is what it says', () => {
    expect(Object.keys(DEVICE_EXAMPLES)).toEqual(Object.keys(DEVICE_SCHEMAS));
    expect(Object.keys(SERVER_EXAMPLES)).toEqual(Object.keys(SERVER_SCHEMAS));
    for (const message of Object.values(DEVICE_EXAMPLES)) {
      expect(decodeFromDevice(encode(message))).toEqual({ ok: true, message });
    }
    for (const message of Object.values(SERVER_EXAMPLES)) {
      expect(SERVER_SCHEMAS[message.type].parse(message)).toEqual(message);
    }
  });
});

describe('what is refused, and how', () => {
  test.each(['', 'x', '[]', '[{"type":"cancel"}]', 'null', '4', '"hello"', '{', '{"type":'])(
    '[PRO2] %j is no message',
    (text) => expect(refusedText(text)).toBe('malformed - re 0'),
  );

  test.each([[{}], [{ type: 4 }], [{ type: null }], [{ type: ['cancel'] }]])(
    '[PRO2] %j has no type',
    (value) => expect(refused(value)).toBe('malformed type re 0'),
  );

  test.each(['', 'Hello', 'constructor', 'toString', '__proto__', 'welcome'])(
    '[PRO2] nothing is of the type %j',
    (type) => expect(refused({ type, seq: 7 })).toBe('unknown-type type re 7'),
  );

  test.each([
    [{ type: 'invite', seq: 1, to: 'bob', media: 'audio' }, 'call'],
    [{ type: 'invite', seq: 1, call: CALL, to: '', media: 'smell' }, 'to'],
    [{ type: 'invite', seq: 1, call: CALL, to: 'bob', media: 'smell' }, 'media'],
    [{ type: 'invite', seq: 1, call: CALL, to: 'bob', media: 'audio', color: 1 }, 'color'],
    [{ type: 'invite', seq: 1, call: CALL, to: 'bob', media: 1, color: 1 }, 'media'],
    [{ type: 'send', seq: 1, to: 'bob' }, 'body'],
    [{ type: 'send', seq: 1, to: 'bob', body: null }, 'body'],
    [{ type: 'send', seq: 1, to: 'bob', body: {} }, 'body.kind'],
    [{ type: 'send', seq: 1, to: 'bob', body: { kind: 'record', record: {} } }, 'body.kind'],
    [{ type: 'send', seq: 1, to: 'bob', body: { kind: 'text' } }, 'body.text'],
    [{ type: 'send', seq: 1, to: 'bob', body: { kind: 'data' } }, 'body.data'],
    [{ type: 'cancel', seq: 1, call: CALL, content: null }, 'content'],
    [{ type: 'accept', seq: 1, call: CALL, response: null }, 'response'],
    [{ type: 'refuse', seq: 1, call: CALL, everywhere: 'yes' }, 'everywhere'],
  ])('[PRO3] %j names its first bad field', (value, path) => {
    expect(refused(value)).toBe(`malformed ${path} re 1`);
  });

  test('[PRO3] a field that a part does not have comes after a bad one of the message', () => {
    const calls = [{ id: CALL, version: 1, color: 'red' }];
    const hello = { ...DEVICE_EXAMPLES.hello, calls };
    expect(refused(hello)).toBe('malformed calls.0.color re 0');
    expect(refused({ ...hello, cursor: -1 })).toBe('malformed cursor re 0');
  });

  test('[PRO3] the path reaches into lists', () => {
    const calls = [
      { id: CALL, version: 1 },
      { id: CALL, version: 'one' },
    ];
    expect(refused({ type: 'heartbeat', calls })).toBe('malformed calls.1.version re 0');
  });

  test('[PRO3] a refusal says what the field must be, in a few words', () => {
    const decoded = decodeFromDevice('{"type":"end","seq":1,"call":"short"}');
    expect(decoded.ok ? '' : decoded.refusal.message).toBe(
      '`call` must be 16 to 64 characters of A–Z a–z 0–9 _ -.',
    );
    const long = decodeFromDevice(
      `{"type":"end","seq":1,"call":"${CALL}","${'x'.repeat(9999)}":1}`,
    );
    expect(long.ok ? '' : long.refusal.message.length).toBeLessThan(200);
  });

  test.each([[1], [Number.MAX_SAFE_INTEGER]])('[PRO4] seq %d is named in the refusal', (seq) => {
    expect(refused({ type: 'cancel', seq })).toBe(`malformed call re ${seq}`);
  });

  test.each([[0], [-1], [1.5], ['1'], [null], [2 ** 53], [[1]]])(
    '[PRO4] seq %j cannot be named',
    (seq) => expect(refused({ type: 'cancel', seq, call: CALL })).toBe('malformed seq re 0'),
  );

  test('[PRO6] of a key that stands twice the last counts', () => {
    const text = `{"type":"cancel","seq":1,"seq":2,"call":"${CALL}"}`;
    expect(decodeFromDevice(text)).toMatchObject({ ok: true, message: { seq: 2 } });
  });

  test.each([
    [`{"type":"cancel","seq":1,"call":"${CALL}","__proto__":{"seq":2}}`, '__proto__'],
    [
      '{"type":"send","seq":1,"to":"b","body":{"kind":"text","text":"","__proto__":1}}',
      'body.__proto__',
    ],
    [
      '{"type":"send","seq":1,"to":"b","body":{"kind":"data","data":[{"__proto__":1}]}}',
      'body.data',
    ],
  ])('[PRO6] __proto__ in %s is refused', (text, path) => {
    expect(refusedText(text)).toBe(`malformed ${path} re 1`);
  });

  test('[PRO6] fields that objects inherit are none of the message', () => {
    expect(refusedText('{"__proto__":{"type":"cancel"}}')).toBe('malformed type re 0');
    const text = '{"type":"send","seq":1,"to":"b","body":{"kind":"data","data":{"constructor":1}}}';
    expect(refusedText(text)).toBe('accepted');
  });

  test.each(['', 'x', '[]', 'null', '{}'])('a device takes %j for no message', (text) =>
    expect(decodeFromServer(text)).toBeUndefined(),
  );
});

describe('[PRO5] whatever arrives is answered', () => {
  const expectAnswer = (text: string) => {
    const decoded = decodeFromDevice(text);
    if (decoded.ok) expect(decodeFromDevice(encode(decoded.message)).ok).toBe(true);
    else expect(decoded.refusal.message.length).toBeLessThan(1000);
  };

  test('[PRO5] any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), expectAnswer));
    fc.assert(fc.property(fc.json(), expectAnswer));
  });

  test('[PRO5] valid frames with characters changed, cut out or put in', () => {
    const change = fc.record({ at: fc.nat(), cut: fc.nat(3), text: fc.string({ maxLength: 3 }) });
    const changes = fc.array(change, { minLength: 1, maxLength: 4 });
    const mutated = fc.property(anyDeviceMessage, changes, (message, list) => {
      let text = encode(message);
      for (const { at, cut, text: put } of list) {
        const i = at % (text.length + 1);
        text = text.slice(0, i) + put + text.slice(i + cut);
      }
      expectAnswer(text);
    });
    fc.assert(mutated, { numRuns: 2000 });
  });

  test('[PRO5] valid frames with any field replaced by anything', () => {
    const anything = fc.jsonValue({ stringUnit: 'binary' });
    const replaced = fc.property(anyDeviceMessage, fc.nat(), anything, (message, at, value) => {
      const keys = Object.keys(message);
      expectAnswer(JSON.stringify({ ...message, [keys[at % keys.length] ?? '']: value }));
    });
    fc.assert(replaced, { numRuns: 2000 });
  });

  test.each(['[', '{"a":', '[{"a":'])('[PRO5] %s nested without end', (opening) => {
    expectAnswer(opening.repeat(40_000));
    const closing = opening.includes('{') ? '1}' : ']';
    const deep = opening.repeat(20_000) + closing.repeat(20_000);
    expectAnswer(deep);
    expectAnswer(`{"type":"send","seq":1,"to":"bob","body":{"kind":"data","data":${deep}}}`);
    expectAnswer(`{"type":"cancel","seq":1,"call":${deep}}`);
  });

  test('[PRO5] numbers beyond all bounds', () => {
    for (const number of ['1e999', '-1e999', '9'.repeat(400), '-0', '1e-400', '0.1']) {
      expect(refusedText(`{"type":"cancel","seq":${number},"call":"${CALL}"}`)).toBe(
        'malformed seq re 0',
      );
    }
  });

  test('[PRO5] a frame full of fields or items is answered by a short refusal', () => {
    const fields = Array.from({ length: 20_000 }, (_, i) => `"k${i}":0`).join(',');
    expectAnswer(`{"type":"heartbeat",${fields}}`);
    expectAnswer(`{"type":"heartbeat","calls":[${'{},'.repeat(60_000)}{}]}`);
  });
});
