import type { UserId } from '../ids.ts';

/** How well one side of a call received the other, over all the time that it was measured. */
export interface QualitySummary {
  /** Whole seconds measured; time without media is not in it. */
  readonly seconds: number;
  /** Mean opinion score of the sound, 1 (bad) to 4.5, the mean over that time (ITU-T G.107). */
  readonly mos: number;
  /** The worst single measurement. */
  readonly mosMin: number;
  /** Packets lost or too late, of those that were due: 0 to 1. */
  readonly lossRatio: number;
  /** Sound that the receiver had to make up, of all that it played: 0 to 1; absent where the browser does not tell. */
  readonly concealedRatio?: number;
  /** Mean round trip, in milliseconds; absent where the browser does not tell. */
  readonly rttMs?: number;
  /** Mean jitter of the packets, in milliseconds. */
  readonly jitterMs?: number;
  /** Whether media went through a TURN server, at the last measurement. */
  readonly relayed?: boolean;
  /** How often the picture stood still; absent without one. */
  readonly freezes?: number;
}

/** The quality of a call as one of its two users received it. */
export interface MemberQuality extends QualitySummary {
  readonly user: UserId;
}
