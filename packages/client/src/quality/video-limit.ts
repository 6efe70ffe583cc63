import type { Encoding } from '../media/media.ts';
import type { QualityLevel } from './level.ts';

/** What the sender may use at each step, the next of which takes more: 720p at 30 frames looks good with 1.2 Mbit/s. */
export const ENCODINGS = {
  none: { active: true, maxBitrate: 1_200_000, maxFramerate: 30, scaleResolutionDownBy: 1 },
  bitrate: { active: true, maxBitrate: 600_000, maxFramerate: 15, scaleResolutionDownBy: 1 },
  resolution: { active: true, maxBitrate: 200_000, maxFramerate: 15, scaleResolutionDownBy: 2 },
  off: { active: false },
} as const satisfies Record<string, Encoding>;

/** How much of the picture is given up so that the sound gets through. */
export type VideoLimit = keyof typeof ENCODINGS;

/** Each step takes more than the one before. */
export const VIDEO_LIMITS = Object.keys(ENCODINGS) as VideoLimit[];

/** Poor samples in a row before a step down: nine seconds hold two receiver reports of the sound, which come every five. */
export const POOR_SAMPLES = 3;
/** Samples that are not poor before a step up: half a minute, for a path that was poor may be so again. */
export const CALM_SAMPLES = 10;
/** The longest wait before a step up: each relapse doubles it. */
export const MAX_CALM_SAMPLES = 80;

/** Where the policy stands. */
export interface LimitState {
  readonly limit: VideoLimit;
  /** Samples in a row that were poor, or were not. */
  readonly poor: number;
  readonly calm: number;
  /** Calm samples that the next step up needs. */
  readonly patience: number;
  /** The last step went up. */
  readonly hasRisen: boolean;
}

/** Where every call begins. */
export const UNLIMITED: LimitState = {
  limit: 'none',
  poor: 0,
  calm: 0,
  patience: CALM_SAMPLES,
  hasRisen: false,
};

/** Takes one more sample into account. */
export function afterSample(state: LimitState, level: QualityLevel): LimitState {
  if (level === 'poor') {
    const next = { ...state, poor: state.poor + 1, calm: 0 };
    return next.poor < POOR_SAMPLES || state.limit === 'off' ? next : lowered(next);
  }
  const next = { ...state, poor: 0, calm: state.calm + 1 };
  if (next.calm < state.patience) return next;
  return state.limit === 'none' ? UNLIMITED : raised(next);
}

function lowered(state: LimitState): LimitState {
  const patience = Math.min(MAX_CALM_SAMPLES, state.patience * (state.hasRisen ? 2 : 1));
  return { limit: beside(state.limit, 1), poor: 0, calm: 0, patience, hasRisen: false };
}

function raised(state: LimitState): LimitState {
  return { ...state, limit: beside(state.limit, -1), calm: 0, hasRisen: true };
}

function beside(limit: VideoLimit, steps: 1 | -1): VideoLimit {
  return VIDEO_LIMITS[VIDEO_LIMITS.indexOf(limit) + steps] ?? limit;
}
