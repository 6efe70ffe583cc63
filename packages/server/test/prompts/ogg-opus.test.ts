import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readOggOpus, secondsOf } from '../../src/prompts/ogg-opus.ts';
import { SoundFault } from '../../src/prompts/sound-fault.ts';
import { oggFile, oggPage, opusHead, packetOf, segmentsOf } from './support/ogg.ts';

const bytes = (file: Uint8Array) => readOggOpus(file).packets.map((p) => Buffer.from(p.bytes));

/** Why a file cannot be used. */
function flawOf(file: Uint8Array): string {
  try {
    readOggOpus(file);
    return 'none';
  } catch (error) {
    if (error instanceof SoundFault) return error.message;
    throw error;
  }
}

test('the packets of a file come out in order, across pages and at whatever length', () => {
  const packet = fc.integer({ min: 1, max: 1200 }).map((length) => packetOf(length, length));
  fc.assert(
    fc.property(
      fc.array(packet, { minLength: 1, maxLength: 20 }),
      fc.integer({ min: 1, max: 255 }),
      (packets, segmentsPerPage) => {
        expect(bytes(oggFile({ packets }, segmentsPerPage))).toEqual(packets);
      },
    ),
  );
});

test('a file of an ordinary encoder is read with its length', () => {
  const clip = readOggOpus(readFileSync(new URL('../../prompts/hold.opus', import.meta.url)));
  expect(secondsOf(clip)).toBeCloseTo(4.02, 2);
  expect(new Set(clip.packets.map(({ samples }) => samples))).toEqual(new Set([960]));
});

describe('what is wrong with a file is said', () => {
  const packets = [packetOf(1), packetOf(2)];
  const good = oggFile({ packets });
  const first = oggPage(segmentsOf(opusHead()), { flags: 2 });
  const cases: Record<string, [Uint8Array, string]> = {
    'nothing at all': [Buffer.alloc(0), 'is not Ogg Opus'],
    'something else': [Buffer.from('RIFF....WAVE'), 'is not an Ogg file'],
    'another codec': [oggFile({ head: Buffer.alloc(30), packets }), 'does not begin with OpusHead'],
    'a short head': [oggFile({ head: opusHead().subarray(0, 18), packets }), 'OpusHead'],
    'no tags': [oggFile({ tags: Buffer.from('OpusTag?'), packets }), 'no OpusTags'],
    'no sound': [oggFile({ packets: [] }), 'has no sound'],
    'a new version': [oggFile({ head: opusHead({ version: 16 }), packets }), 'version, 16'],
    'three channels': [oggFile({ head: opusHead({ channels: 3 }), packets }), 'has 3 channels'],
    'no channel': [oggFile({ head: opusHead({ channels: 0 }), packets }), 'has 0 channels'],
    'a channel mapping': [oggFile({ head: opusHead({ family: 1 }), packets }), 'channels'],
    'a gain': [oggFile({ head: opusHead({ gain: -256 }), packets }), 'output gain'],
    'an empty packet': [oggFile({ packets: [Buffer.alloc(0)] }), 'not Opus'],
    'a packet too long': [oggFile({ packets: [packetOf(1, 1201)] }), '1201 bytes'],
    'a cut page': [good.subarray(0, -1), 'is cut off'],
    'a cut header': [good.subarray(0, first.length + 10), 'is cut off'],
    'a cut segment table': [good.subarray(0, 27), 'is cut off'],
    'a packet without its end': [
      Buffer.concat([oggFile({ packets }), oggPage([packetOf(1, 255)], { sequence: 3 })]),
      'is cut off',
    ],
    'bytes between pages': [Buffer.concat([first, Buffer.from('junk')]), 'no Ogg page at byte 47'],
    'a second stream': [
      Buffer.concat([first, oggPage([], { sequence: 1, serial: 8 })]),
      'more than one stream',
    ],
    'a stream after the stream': [Buffer.concat([good, first]), 'more than one stream'],
    'a missing page': [Buffer.concat([first, oggPage([], { sequence: 2 })]), 'misses a page'],
    'a continuation of nothing': [
      Buffer.concat([first, oggPage([packetOf(1)], { sequence: 1, flags: 1 })]),
      'misses a page',
    ],
  };
  test.each(Object.entries(cases))('%s', (_, [file, flaw]) => {
    expect(flawOf(file)).toContain(flaw);
  });
});

test('whatever a file holds, it is read or refused', () => {
  const good = oggFile({ packets: [packetOf(1, 300), packetOf(2), packetOf(3)] }, 2);
  const spoilt = fc
    .array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 })
    .map((changes) => {
      const file = Buffer.from(good);
      for (const [at, value] of changes) file[at] = value;
      return file;
    });
  const cut = fc.nat(good.length).map((length) => good.subarray(0, length));
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), spoilt, cut), (file) => {
      expect(typeof flawOf(file)).toBe('string');
    }),
    { numRuns: 2000 },
  );
});
