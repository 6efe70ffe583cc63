import { expect, test } from 'vitest';
import { Samples, spreadOf } from '../src/media/samples.ts';
import { readingCostLine } from '../src/media/reading-cost.ts';
import { timesTable, trafficTable } from '../src/media/table.ts';

test('a spread has the middle of its times, whatever their order and number', () => {
  expect(spreadOf([30, 10, 20])).toEqual({ median: 20, least: 10, most: 30, count: 3 });
  expect(spreadOf([40, 10, 30, 20])).toEqual({ median: 25, least: 10, most: 40, count: 4 });
  expect(spreadOf([7])).toEqual({ median: 7, least: 7, most: 7, count: 1 });
});

test('times are kept apart by what they measure and by mode, in the order in which they came', () => {
  const samples = new Samples();
  samples.add('off', { heard: 200, seen: 300 });
  samples.add('relay', { heard: 50 });
  samples.add('off', { heard: 220, seen: 310 });
  const rows = samples.rows();
  expect(rows.map(({ name }) => name)).toEqual(['heard', 'seen']);
  expect(rows[0]?.byMode.get('off')).toMatchObject({ median: 210, count: 2 });
  expect(rows[0]?.byMode.get('relay')).toMatchObject({ median: 50, count: 1 });
  expect(rows[1]?.byMode.has('relay')).toBe(false);
});

test('what never came is counted, and makes no time better or worse', () => {
  const samples = new Samples();
  samples.add('off', { heard: 200 });
  samples.add('off', { heard: undefined });
  expect(samples.rows()[0]?.byMode.get('off')).toMatchObject({ median: 200, count: 1 });
  expect([...samples.missing]).toEqual([['heard', 1]]);
});

test('the table shows medians with their ends, and how many times faster preparing makes it', () => {
  const samples = new Samples();
  for (const ms of [190, 200, 230]) samples.add('off', { heard: ms });
  for (const ms of [45, 50, 61]) samples.add('relay', { heard: ms });
  expect(timesTable('loopback, ms', samples.rows(), ['off', 'relay']).split('\n')).toEqual([
    'loopback, ms            off       relay  off/relay',
    'heard         200 (190–230)  50 (45–61)      4.0 ×',
  ]);
});

test('what was sent before the accept is told apart by what it is', () => {
  const nothing = {
    rtpPackets: 0,
    allPackets: 9,
    allBytes: 2100,
    stunRequests: 4,
    peerAddresses: ['relay'],
  };
  const found = { mode: 'relay', caller: nothing, callee: nothing, devicesOpened: 0 } as const;
  expect(trafficTable('sent', [found]).split('\n')).toEqual([
    'sent                            relay',
    'sound and picture, packets          0',
    'DTLS and RTCP, packets              9',
    'DTLS and RTCP, bytes             2100',
    'ICE checks                          4',
    'microphones and cameras opened      0',
    'addresses the caller sees       relay',
    'addresses the callee sees       relay',
  ]);
});

test('what reading statistics costs is told as a share of the call', () => {
  expect(readingCostLine({ callPerSecondMs: 300, readingMs: 0.3 })).toBe(
    'CPU of a browser in a video call: 300 ms a second; one reading of its statistics: 0.30 ms, every 3 s 0.03 % of the call',
  );
});
