import { readFileSync } from 'node:fs';
import { MAX_COPY_OUT_BYTES } from '@ringline/protocol';
import { describe, expect, test } from 'vitest';
import { verifyCopyOut } from '../src/index.ts';
import type { CopyOutRequest } from '../src/index.ts';
import { APP_SECRET, NOW, copied, refusalOf } from './signed.ts';

const sample = (name: string) => readFileSync(new URL(`samples/${name}`, import.meta.url), 'utf8');
const read = (body: string, type?: string, rest: Partial<CopyOutRequest> = {}) =>
  verifyCopyOut({ appSecret: APP_SECRET, ...copied(body, type), ...rest });
const refused = (body: string, rest: Partial<CopyOutRequest>) =>
  refusalOf(() => read(body, undefined, rest));

const TEXT = sample('copyout_evt1_text_doc1.json');
const recordBody = (attach: string) =>
  JSON.stringify({ ...(JSON.parse(TEXT) as object), msgType: 'NRTC_NETCALL', attach });

describe('who sent it', () => {
  test('[KIT6] the digest of the empty check is the documented one', () => {
    const { md5 } = JSON.parse(sample('urlcheck_md5_vector.json')) as { md5: string };
    expect(copied('{}').headers.MD5).toBe(md5);
    expect(read('{}')).toEqual({ kind: 'check', id: `body ${md5}` });
  });

  test('[KIT6] the sum is taken of what came, whatever the header MD5 says', () => {
    const { headers, body } = copied(TEXT);
    const without = { ...headers, MD5: undefined };
    const lying = { ...headers, MD5: '00000000000000000000000000000000' };
    for (const each of [without, lying])
      expect(read(body, undefined, { headers: each }).kind).toBe('message');
    expect(refused(TEXT, { body: `${body} ` })).toMatch(/^bad-signature CheckSum/);
    expect(refused(TEXT, { appSecret: 'another' })).toMatch(/^bad-signature CheckSum/);
    const later = { ...headers, CurTime: String(NOW + 1) };
    expect(refused(TEXT, { headers: later })).toMatch(/^bad-signature CheckSum/);
    const upper = { ...headers, CheckSum: headers.CheckSum.toUpperCase() };
    expect(refused(TEXT, { headers: upper })).toMatch(/^bad-signature CheckSum/);
    expect(refused(TEXT, { headers: { ...headers, CheckSum: '' } })).toMatch(/^bad-signature/);
  });

  test.each(['CurTime', 'CheckSum'])('[KIT6] without %s it is refused', (name) => {
    const headers = { ...copied(TEXT).headers, [name]: undefined };
    expect(refused(TEXT, { headers })).toBe(`missing-header ${name}: is missing`);
  });

  test('[KIT6] of any age, unless a tolerance is given', () => {
    expect(read(TEXT, undefined, { now: NOW + 1e12 }).kind).toBe('message');
    const tolerance = { toleranceSeconds: 60 };
    expect(read(TEXT, undefined, { ...tolerance, now: NOW + 60_000 }).kind).toBe('message');
    expect(refused(TEXT, { ...tolerance, now: NOW + 61_000 })).toMatch(/^too-old CurTime/);
    const headers = { ...copied(TEXT).headers, CurTime: 'now' };
    expect(refused(TEXT, { headers })).toBe('bad-header CurTime: must be milliseconds since 1970');
    expect(() => read(TEXT, undefined, { appSecret: '' })).toThrow('appSecret: is empty');
  });
});

describe('what it tells', () => {
  test('[KIT7] the documented text messages', () => {
    expect(read(TEXT)).toEqual({
      kind: 'message',
      id: 'message 3456789',
      message: {
        from: '111',
        to: '222',
        at: 1441977355557,
        serverId: '3456789',
        clientId: '1234567',
        msgType: 'TEXT',
        convType: 'PERSON',
        text: 'hello',
        attach: 'thisisattach',
        fields: JSON.parse(TEXT) as object,
      },
    });
    const second = read(sample('copyout_evt1_text_doc2.json'));
    expect(second).toMatchObject({ message: { text: '文字消息', attach: null } });
  });

  test('[KIT7] the documented record', () => {
    const told = read(recordBody(sample('cdr_attach_doc.json')));
    expect(told).toMatchObject({
      kind: 'record',
      id: 'message 3456789',
      message: { from: '111', msgType: 'NRTC_NETCALL' },
      record: {
        type: 'audio',
        status: 1,
        roomId: '123',
        durations: [
          { user: 'acc01', seconds: 10 },
          { user: 'acc02', seconds: 12 },
        ],
      },
    });
  });

  test('[KIT7] the documented duration, a sum, with every digit of its room', () => {
    expect(read(sample('copyout_evt5_doc.json'))).toEqual({
      kind: 'duration',
      id: 'duration 6265489843204131361',
      duration: {
        roomId: '6265489843204131361',
        seconds: 25,
        members: [
          { user: 'lisi', seconds: 13 },
          { user: 'zhangsan', seconds: 12, isCaller: true },
        ],
        type: 'audio',
        status: 'SUCCESS',
        createdAt: 1458798033925,
        isRunning: false,
        ext: null,
      },
    });
    const running = {
      channelId: '1',
      duration: '5',
      eventType: '21',
      type: 'VEDIO',
      running: true,
    };
    expect(read(JSON.stringify(running))).toMatchObject({
      id: 'duration 1 at 5',
      duration: { type: 'video', isRunning: true, members: [] },
    });
    const data = JSON.stringify({ ...running, type: 'constructor' });
    expect(read(data)).toMatchObject({ duration: { type: null } });
  });

  test('[KIT7] the documented begin and end of a room, the misspelt name included', () => {
    const room = { roomId: '123', roomName: 'abc', createdAt: 1606974852379 };
    expect(read(sample('g2_evt1_room_start.json'), 'G2')).toEqual({
      kind: 'room-start',
      id: 'room-start 123',
      room: { ...room, at: 1606974852479 },
    });
    expect(read(sample('g2_evt2_room_end.json'), 'G2')).toEqual({
      kind: 'room-end',
      id: 'room-end 123',
      room: { ...room, at: 1606974952479 },
    });
  });

  test('[KIT7] the header type decides: the same number is another event without it', () => {
    const body = sample('g2_evt1_room_start.json');
    expect([read(body, 'G2').kind, read(body).kind]).toEqual(['room-start', 'message']);
    expect(refusalOf(() => read(TEXT, 'G2'))).toContain('bad-body data: must be an object');
  });

  test('[KIT7] anything else is handed on, with all digits', () => {
    const told = read(sample('hook_evt36_doc.json'));
    expect(told).toMatchObject({ kind: 'unknown', body: { msgId: '184409700039655569' } });
    expect(read('{"eventType":{}}'.replace('{}', '8'), 'G2').kind).toBe('unknown');
  });

  test.each([
    ['[]', 'body: must be an object'],
    ['{', 'body: is no JSON'],
    [recordBody('{"type":1,"status":9}'), 'attach.status: must be 1 to 5'],
    [recordBody(''), 'attach: is no JSON'],
    ['{"eventType":"5"}', 'channelId: is missing'],
    ['{"eventType":{}}', 'eventType: must be text or a number'],
  ])('[KIT7] %s is refused with the field', (body, flaw) => {
    expect(refused(body, {})).toContain(`bad-body ${flaw}`);
  });
});

test('[KIT12] a body of MAX_COPY_OUT_BYTES is read, one byte more is not', () => {
  const pad = (bytes: number) => TEXT.replace('"hello"', `"${'a'.repeat(bytes)}"`);
  const room = MAX_COPY_OUT_BYTES - Buffer.byteLength(pad(0));
  expect(read(pad(room))).toMatchObject({ message: { text: 'a'.repeat(room) } });
  expect(refused(pad(room + 1), {})).toBe('bad-body body: must be at most 262144 bytes');
});

test('[KIT8] sent again it has the same id, and another one another', () => {
  const ids = [TEXT, TEXT.replace('"111"', '"112"'), sample('copyout_evt1_text_doc2.json')];
  expect(ids.map((body) => read(body).id)).toEqual([
    'message 3456789',
    'message 3456789',
    'message 8364607',
  ]);
  const nameless = '{"eventType":"1","msgType":"CUSTOM"}';
  expect(read(nameless).id).toMatch(/^body [0-9a-f]{32}$/);
  expect(read('{"eventType":"2"}').id).not.toBe(read('{"eventType":"3"}').id);
});
