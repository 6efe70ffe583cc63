import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_RECORD_TEXT_BYTES } from '../../src/index.ts';
import type { ParseOptions, ParsedCallRecord } from '../../src/netease.ts';
import { CallRecordError, DIALECTS, parseCallRecord, readJson } from '../../src/netease.ts';
import { sample } from './samples.ts';

const DOCUMENTED: ParsedCallRecord = {
  type: 'audio',
  status: 1,
  roomId: '123',
  durations: [
    { user: 'acc01', seconds: 10 },
    { user: 'acc02', seconds: 12 },
  ],
  message: null,
};

const attach = (fields: object) => ({ type: 1, status: 2, ...fields });
const HEX = '0123456789abcdef0123456789abcdef';

/** The path and the flaw of the error, or what was read. */
function flawOf(input: unknown, options?: ParseOptions): string {
  try {
    return JSON.stringify(parseCallRecord(input, options));
  } catch (error) {
    if (error instanceof CallRecordError && error.message.startsWith(`${error.field}: `)) {
      return error.message;
    }
    throw error;
  }
}

describe('where a record stands', () => {
  test('[RDN1] the documented attachment, as text and as object', () => {
    const text = sample('cdr_attach_doc.json');
    expect(parseCallRecord(text)).toEqual(DOCUMENTED);
    expect(parseCallRecord(JSON.parse(text))).toEqual(DOCUMENTED);
  });

  test('[RDN1] a whole copy-out body, whose attach is a text', () => {
    const body = {
      ...(JSON.parse(sample('copyout_evt1_text_doc1.json')) as object),
      msgType: 'NRTC_NETCALL',
      attach: sample('cdr_attach_doc.json'),
    };
    const message = {
      from: '111',
      to: '222',
      at: 1441977355557,
      serverId: '3456789',
      clientId: '1234567',
    };
    expect(parseCallRecord(JSON.stringify(body))).toEqual({ ...DOCUMENTED, message });
    expect(parseCallRecord(body)).toEqual({ ...DOCUMENTED, message });
    const asObject = { ...body, attach: JSON.parse(body.attach) as object };
    expect(parseCallRecord(asObject)).toEqual({ ...DOCUMENTED, message });
  });

  test.each(['copyout_evt1_text_doc1.json', 'copyout_evt1_text_doc2.json'])(
    '[RDN1] a text message is none: %s',
    (name) => {
      expect(flawOf(sample(name))).toBe('msgType: must be NRTC_NETCALL');
    },
  );

  test('[RDN1] a record without its attachment is refused', () => {
    expect(flawOf({ msgType: 'NRTC_NETCALL', to: 'bob' })).toContain('attach: must be an object');
    expect(flawOf({ attach: '', to: 'bob' })).toContain('attach: is no JSON');
  });

  test('[RDN1] a message of V1: its own `type` is not that of the call', () => {
    const v1 = { type: 'g2', from: 'a', to: 'b', time: 5, idServer: '7', idClient: 'x' };
    expect(parseCallRecord({ ...v1, attach: attach({ channelId: '9' }) })).toEqual({
      type: 'audio',
      status: 2,
      roomId: '9',
      durations: [],
      message: { from: 'a', to: 'b', at: 5, serverId: '7', clientId: 'x' },
    });
  });

  test('[RDN1] a message of V2, by what it carries in `raw`', () => {
    const raw = `{"type":2,"channelId":6265489843204131361,"status":1,"durations":[{"accid":"a","duration":3}]}`;
    const attachment = { raw, type: 2, channelId: 'lost', status: 1, durations: [], text: '' };
    const v2 = { messageType: 12, senderId: 'a', receiverId: 'b', createTime: '8' };
    expect(parseCallRecord({ ...v2, attachment })).toEqual({
      type: 'video',
      status: 1,
      roomId: '6265489843204131361',
      durations: [{ user: 'a', seconds: 3 }],
      message: { from: 'a', to: 'b', at: 8, serverId: null, clientId: null },
    });
    expect(parseCallRecord({ ...attachment, raw: '' }).roomId).toBe('lost');
    expect(flawOf({ ...v2, attachment: { raw: '{' } })).toBe('attachment.raw: is no JSON');
  });

  test('[RDN1] a text of 64 KB is read, one byte more is not', () => {
    const text = JSON.stringify(attach({ pad: '' }));
    const padded = (bytes: number) => text.replace('""', `"${'a'.repeat(bytes - text.length)}"`);
    expect(flawOf(padded(MAX_RECORD_TEXT_BYTES))).toContain('"type":"audio"');
    expect(flawOf(padded(MAX_RECORD_TEXT_BYTES + 1))).toBe('record: must be at most 65536 bytes');
  });
});

describe('type and status', () => {
  test('[RDN2] every number of the document, as number and as text, by either name', () => {
    for (const [type, media] of [[1, 'audio'] as const, [2, 'video'] as const]) {
      for (const status of [1, 2, 3, 4, 5]) {
        const read = { type: media, status };
        const texts = { type: `${type}`, status: `${status}` };
        const ios = { callType: type, callStatus: status, durations: {} };
        expect(parseCallRecord({ type, status })).toMatchObject(read);
        expect(parseCallRecord(texts)).toMatchObject(read);
        expect(parseCallRecord(ios)).toMatchObject(read);
      }
    }
  });

  test.each([
    [{ status: 1 }, 'type: is missing'],
    [{ type: null, status: 1 }, 'type: is missing'],
    [{ type: 0, status: 1 }, 'type: must be 1 to 2'],
    [{ type: 3, status: 1 }, 'type: must be 1 to 2'],
    [{ type: 1.5, status: 1 }, 'type: must be 1 to 2'],
    [{ callType: 'audio', status: 1 }, 'callType: must be 1 to 2'],
    [{ type: 1 }, 'status: is missing'],
    [{ type: 1, status: 0 }, 'status: must be 1 to 5'],
    [{ type: 1, callStatus: 6 }, 'callStatus: must be 1 to 5'],
    [{ attach: '{"type":1,"status":"x"}' }, 'attach.status: must be 1 to 5'],
  ])('[RDN2] %j is refused: %s', (input, flaw) => {
    expect(flawOf(input)).toBe(flaw);
  });

  test('[RDN5] Flutter counts the status from 0 when the caller says so', () => {
    const options = { dialect: 'flutter' } as const;
    expect([0, 1, 2, 3, 4].map((s) => parseCallRecord(attach({ status: s }), options).status)) //
      .toEqual([1, 2, 3, 4, 5]);
    expect(() => parseCallRecord(attach({ status: 5 }), options)).toThrow('must be 0 to 4');
    const raw = JSON.stringify(attach({ status: 5 }));
    expect(parseCallRecord({ raw, status: 4 }, options).status).toBe(5);
  });

  test('[RDN5] Harmony counts callType from 0 when the caller says so', () => {
    const options = { dialect: 'harmony' } as const;
    const typeOf = (fields: object) => parseCallRecord({ status: 1, ...fields }, options).type;
    expect([typeOf({ callType: 0 }), typeOf({ callType: 1 })]).toEqual(['audio', 'video']);
    expect([typeOf({ type: 1 }), typeOf({ type: 2 })]).toEqual(['audio', 'video']);
    expect(() => typeOf({ callType: 2 })).toThrow('callType: must be 0 to 1');
  });
});

describe('room ids', () => {
  test('[RDN3] keep every digit of the text, in whatever form they stand', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 80n }), (id) => {
        const text = `{"type":1,"status":1,"channelId":${id}}`;
        const inBody = JSON.stringify({ attach: text });
        for (const input of [text, inBody, attach({ channelId: id }), { raw: text }]) {
          expect(parseCallRecord(input).roomId).toBe(`${id}`);
        }
        expect(parseCallRecord(attach({ channelId: `${id}` })).roomId).toBe(`${id}`);
      }),
    );
  });

  test('[RDN3] may be the 32 hex digits of a signalling channel, or missing', () => {
    expect(parseCallRecord(attach({ channelId: HEX })).roomId).toBe(HEX);
    for (const channelId of [undefined, null, '']) {
      expect(parseCallRecord(attach({ channelId })).roomId).toBeNull();
    }
  });

  test('[RDN3] a number that has lost digits already is refused', () => {
    const channelId = Number.MAX_SAFE_INTEGER;
    expect(parseCallRecord(attach({ channelId })).roomId).toBe('9007199254740991');
    expect(flawOf(attach({ channelId: channelId + 1 }))).toContain('channelId: has lost digits');
    expect(flawOf(attach({ channelId: {} }))).toBe('channelId: must be text or a number');
  });

  test('[RDN3] a text is read as JSON.parse reads it, but for whole numbers beyond 53 bits', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify({ value, digits: '1234567890123456' });
        const beyond = (_: string, each: unknown) =>
          typeof each === 'number' && Number.isInteger(each) && !Number.isSafeInteger(each)
            ? 'beyond'
            : each;
        const same = (read: unknown): unknown => JSON.parse(JSON.stringify(read), beyond);
        const isPlain = !/[\d.]{17}/.test(text.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""'));
        fc.pre(isPlain);
        expect(same(readJson(text))).toEqual(same(JSON.parse(text)));
        expect(() => readJson(`${text},`)).toThrow(SyntaxError);
      }),
    );
    expect(readJson('{"a":"9007199254740993","b":[-9007199254740993],"c":1.25e3}')).toEqual({
      a: '9007199254740993',
      b: ['-9007199254740993'],
      c: 1250,
    });
    expect(readJson(String.raw`{"a\"90071992547409931":"\\90071992547409931"}`)).toEqual({
      'a"90071992547409931': String.raw`\90071992547409931`,
    });
  });
});

describe('durations', () => {
  const read = (fields: object) => parseCallRecord(attach(fields)).durations;

  test.each([
    ['a list', { durations: [{ accid: 'a', duration: 7 }] }],
    ['a list of V2', { durations: [{ accountId: 'a', duration: 7 }] }],
    ['the list of Android', { durationList: [{ accid: 'a', duration: 7 }] }],
    ['a dictionary of iOS', { durations: { a: 7 } }],
    ['texts', { durations: [{ accid: 'a', duration: '7' }] }],
    ['a dictionary of texts', { durations: { a: '7' } }],
    ['the text of a list', { durations: '[{"accid":"a","duration":7}]' }],
    ['fractions', { durations: [{ accid: 'a', duration: 7.96 }] }],
    ['texts of fractions', { durations: [{ accid: 'a', duration: '7.96' }] }],
  ])('[RDN4] %s', (_, fields) => {
    expect(read(fields)).toEqual([{ user: 'a', seconds: 7 }]);
  });

  test('[RDN4] are unknown, and not 0, where there is none', () => {
    for (const durations of [undefined, null, '', [], {}]) expect(read({ durations })).toEqual([]);
    expect(read({ durations: [{ accid: 'a', duration: null }, { accid: 'b' }] })).toEqual([
      { user: 'a', seconds: null },
      { user: 'b', seconds: null },
    ]);
  });

  test('[RDN4] of the server say who called; a user may be a number', () => {
    const durations = [
      { accid: 10001, duration: 2, caller: true },
      { accid: 'b', duration: 2 },
    ];
    expect(read({ durations })).toEqual([
      { user: '10001', seconds: 2, isCaller: true },
      { user: 'b', seconds: 2 },
    ]);
  });

  test.each([
    [[{ duration: 1 }], 'durations.0.accid: is missing'],
    [[{ accid: 'a', duration: -1 }], 'durations.0.duration: must be seconds, 0 or more'],
    [[{ accid: 'a' }, { accid: 'b', duration: 'x' }], 'durations.1.duration: must be seconds'],
    [[null], 'durations.0: must be an object'],
    [{ a: [] }, 'durations.a: must be seconds'],
    [7, 'durations: must be a list, or seconds by user'],
    ['{', 'durations: is no JSON'],
  ])('[RDN4] %j is refused: %s', (durations, flaw) => {
    expect(flawOf(attach({ durations }))).toContain(flaw);
  });
});

describe('anything at all', () => {
  const dialect = fc.constantFrom(undefined, ...DIALECTS);
  const names =
    'type callType status callStatus channelId durations durationList raw attach attachment msgType fromAccount to msgTimestamp';
  const anyValue = fc.anything({ withBigInt: true, withNullPrototype: true, withDate: true });
  const nearly = fc.dictionary(
    fc.constantFrom(...names.split(' ')),
    fc.oneof(anyValue, fc.integer({ min: 0, max: 6 }), fc.json()),
  );

  test('[RDN6] is read, or refused with the field that is wrong', () => {
    const inputs = fc.oneof(anyValue, nearly, fc.json(), nearly.map(textOf), fc.string());
    fc.assert(
      fc.property(inputs, dialect, (input, which) => {
        const read = flawOf(input, which && { dialect: which });
        expect(read).toMatch(/^\{"type":"(?:audio|video)","status":[1-5],|^[^{:].*: ./s);
      }),
      { numRuns: 2000 },
    );
  });

  test.each([undefined, null, '', '[]', 'null', '7', 7, true, [], () => 1, Symbol('x'), 1n])(
    '[RDN6] %s is no record',
    (input) => {
      expect(flawOf(input)).toMatch(/^record: /);
    },
  );

  /** The JSON text of a value that may hold what JSON has no word for. */
  function textOf(value: unknown): string {
    try {
      return JSON.stringify(value);
    } catch {
      return 'undefined';
    }
  }
});
