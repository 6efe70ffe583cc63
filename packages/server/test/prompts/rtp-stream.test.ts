import { SeededRandomness } from '@ringline/testkit';
import { expect, test } from 'vitest';
import { RtpStream } from '../../src/prompts/engine/rtp-stream.ts';

/** Randomness that gives these bytes. */
const giving = (...bytes: number[]) => ({ bytes: () => Uint8Array.from(bytes) });

test('a packet has the header of RFC 3550: version, marker, type, sequence, timestamp, source', () => {
  const stream = new RtpStream(0x01020304, giving(0, 0, 0, 100, 0, 7));
  const first = stream.next(Uint8Array.of(0xaa, 0xbb), 0, true);
  expect(first.toString('hex')).toBe(['80ef0007', '00000064', '01020304', 'aabb'].join(''));
  const second = stream.next(Uint8Array.of(0xcc), 960, false);
  expect(second.toString('hex')).toBe(['806f0008', '00000424', '01020304', 'cc'].join(''));
});

test('sequence and timestamp begin again at zero when they are full', () => {
  const stream = new RtpStream(1, giving(255, 255, 255, 255, 255, 255));
  const [last, next] = [
    stream.next(Uint8Array.of(1), 0, false),
    stream.next(Uint8Array.of(1), 960, false),
  ];
  expect([last.readUInt16BE(2), last.readUInt32BE(4)]).toEqual([65_535, 2 ** 32 - 1]);
  expect([next.readUInt16BE(2), next.readUInt32BE(4)]).toEqual([0, 959]);
});

test('after a day of tone the timestamp is still right', () => {
  const stream = new RtpStream(1, giving(0, 0, 0, 0, 0, 0));
  const day = 24 * 3600 * 48_000;
  expect(stream.next(Uint8Array.of(1), 2 * day, false).readUInt32BE(4)).toBe((2 * day) % 2 ** 32);
});

test('no two listeners begin at the same numbers', () => {
  const randomness = new SeededRandomness(1);
  const heads = Array.from({ length: 50 }, () =>
    new RtpStream(1, randomness).next(Uint8Array.of(0), 0, true).toString('hex'),
  );
  expect(new Set(heads.map((head) => head.slice(4, 8))).size).toBeGreaterThan(45);
  expect(new Set(heads.map((head) => head.slice(8, 16))).size).toBe(50);
});
