import { expect, test } from 'vitest';
import type { QualityLevel } from '../../src/quality/level.ts';
import {
  CALM_SAMPLES,
  MAX_CALM_SAMPLES,
  POOR_SAMPLES,
  UNLIMITED,
  afterSample,
} from '../../src/quality/video-limit.ts';
import type { LimitState } from '../../src/quality/video-limit.ts';

function after(state: LimitState, level: QualityLevel, times: number): LimitState {
  return Array.from({ length: times }).reduce<LimitState>((s) => afterSample(s, level), state);
}

test('the picture gives way step by step while the path stays poor, and is off at last', () => {
  const limits = [1, 2, 3, 4, 5].map((n) => after(UNLIMITED, 'poor', n * POOR_SAMPLES).limit);
  expect(limits).toEqual(['bitrate', 'resolution', 'off', 'off', 'off']);
});

test('a poor moment is no poor path', () => {
  let state = UNLIMITED;
  for (let i = 0; i < 20; i++) {
    state = afterSample(after(state, 'poor', POOR_SAMPLES - 1), 'fair');
  }
  expect(state.limit).toBe('none');
});

test('it comes back slowly, by the same steps', () => {
  const off = after(UNLIMITED, 'poor', 3 * POOR_SAMPLES);
  expect(after(off, 'fair', CALM_SAMPLES - 1).limit).toBe('off');
  const limits = [1, 2, 3].map((n) => after(off, 'good', n * CALM_SAMPLES).limit);
  expect(limits).toEqual(['resolution', 'bitrate', 'none']);
});

test('each relapse doubles the wait, up to a bound, and a long calm forgets them', () => {
  let state = after(UNLIMITED, 'poor', POOR_SAMPLES);
  for (let wait = CALM_SAMPLES; wait <= 2 * MAX_CALM_SAMPLES; wait *= 2) {
    const patience = Math.min(wait, MAX_CALM_SAMPLES);
    expect(after(state, 'good', patience - 1).limit).toBe('bitrate');
    state = after(state, 'good', patience);
    expect(state.limit).toBe('none');
    state = after(state, 'poor', POOR_SAMPLES);
  }
  expect(after(state, 'good', 2 * MAX_CALM_SAMPLES)).toEqual(UNLIMITED);
});
