import { expect, test } from 'vitest';
import type { Stat } from '../../src/media/media.ts';
import { readingOf } from '../../src/quality/reading.ts';
import { goesOn, sampleBetween } from '../../src/quality/sample.ts';
import { Tally } from '../../src/quality/tally.ts';

const BEFORE: Stat = {
  type: 'inbound-rtp',
  kind: 'audio',
  packetsReceived: 1000,
  packetsLost: 10,
  jitterBufferDelay: 100,
  jitterBufferEmittedCount: 10_000,
  concealedSamples: 500,
  silentConcealedSamples: 100,
  totalSamplesReceived: 100_000,
};
const AFTER: Stat = {
  ...BEFORE,
  packetsReceived: 1147,
  packetsLost: 13,
  jitter: 0.004,
  jitterBufferDelay: 112,
  jitterBufferEmittedCount: 10_300,
  concealedSamples: 1_500,
  silentConcealedSamples: 400,
  totalSamplesReceived: 170_000,
};
const PATH: readonly Stat[] = [
  { id: 'T', type: 'transport', selectedCandidatePairId: 'P' },
  { id: 'old', type: 'candidate-pair', currentRoundTripTime: 9 },
  {
    id: 'P',
    type: 'candidate-pair',
    currentRoundTripTime: 0.08,
    localCandidateId: 'L',
    remoteCandidateId: 'R',
  },
  { id: 'L', type: 'local-candidate', candidateType: 'host' },
  { id: 'R', type: 'remote-candidate', candidateType: 'relay' },
];

function between(before: readonly Stat[], after: readonly Stat[], ms = 3000) {
  return sampleBetween(readingOf(before, 0), readingOf(after, ms));
}

test('a sample is what happened in its three seconds, not since the beginning', () => {
  const sample = between([BEFORE], [AFTER, ...PATH]);
  expect(sample).toMatchObject({ seconds: 3, rttMs: 80, jitterMs: 4, relayed: true });
  expect(sample?.lossRatio).toBeCloseTo(3 / 150, 5);
  expect(sample?.concealedRatio).toBeCloseTo(700 / 70_000, 5);
  // 40 + 40 + 26.5 ms, and 2 %: R = 93.2 − 2.56 − 7.01.
  expect(sample?.mos).toBeCloseTo(4.15, 2);
});

test('a muted side sends little: one lost of fifteen is not seven percent', () => {
  const after = { ...BEFORE, packetsReceived: 1014, packetsLost: 11 };
  expect(between([BEFORE], [after])?.lossRatio).toBeCloseTo(1 / 150, 5);
});

test('when nothing came in nothing is known, and the next packet tells what was lost', () => {
  expect(between([BEFORE], [BEFORE])).toBeUndefined();
  const after = { ...BEFORE, packetsReceived: 1050, packetsLost: 260 };
  expect(between([BEFORE], [after], 6000)?.lossRatio).toBeCloseTo(250 / 300, 5);
});

test('a packet that was lost and came after all makes no negative loss', () => {
  const after = { ...BEFORE, packetsReceived: 1150, packetsLost: 5 };
  expect(between([BEFORE], [after])?.lossRatio).toBe(0);
});

test('a browser that tells next to nothing still gives a score', () => {
  const [before, after] = [1000, 1150].map((packetsReceived) => [
    { type: 'inbound-rtp', kind: 'audio', packetsReceived },
  ]);
  const sample = between(before!, after!);
  expect(sample).toMatchObject({ lossRatio: 0, rttMs: undefined, relayed: undefined });
  expect(sample).toMatchObject({ concealedRatio: undefined, freezes: undefined });
  expect(sample?.mos).toBeGreaterThan(4.3);
});

test('Firefox names no transport: its pair is the selected one', () => {
  const pair = { id: 'P', type: 'candidate-pair', selected: true, currentRoundTripTime: 0.03 };
  expect(between([BEFORE], [AFTER, pair])).toMatchObject({ rttMs: 30, relayed: undefined });
});

test('the other side tells how it receives this one', () => {
  const remote = { type: 'remote-inbound-rtp', kind: 'audio', fractionLost: 0.3, jitter: 0.01 };
  expect(between([BEFORE], [AFTER, remote])?.sentMos).toBeLessThan(2.2);
  expect(between([BEFORE], [AFTER])?.sentMos).toBeUndefined();
});

test('counters that begin anew are of another connection', () => {
  const [old, fresh] = [readingOf([AFTER], 0), readingOf([{ ...AFTER, packetsReceived: 3 }], 3000)];
  expect(goesOn(old, fresh)).toBe(false);
  expect(goesOn(old, readingOf([AFTER], 3000))).toBe(true);
});

test('a summary is the mean over time, with the worst score and the last path', () => {
  const tally = new Tally();
  expect(tally.summary).toBeUndefined();
  const sample = between([BEFORE], [AFTER, ...PATH])!;
  tally.add({ ...sample, seconds: 30, mos: 4.4, lossRatio: 0 });
  tally.add({ ...sample, seconds: 10, mos: 2, lossRatio: 0.2, rttMs: undefined, relayed: false });
  expect(tally.summary).toEqual({
    seconds: 40,
    mos: 3.8,
    mosMin: 2,
    lossRatio: 0.05,
    concealedRatio: 0.01,
    rttMs: 80,
    jitterMs: 4,
    relayed: false,
  });
  tally.add({ ...sample, freezes: 2 });
  tally.add({ ...sample, freezes: 1 });
  expect(tally.summary?.freezes).toBe(3);
});
