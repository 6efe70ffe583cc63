/** What a person would say of it: satisfied, not quite, no. */
export type QualityLevel = 'good' | 'fair' | 'poor';

/** From R = 80 users are satisfied (ITU-T G.109, Table 1). */
export const GOOD_MOS = 4.03;
/** Below R = 60 nearly all users are dissatisfied (the same). */
export const POOR_MOS = 3.1;
/** To leave a level the score passes its bound by this: a path on the bound does not flicker. */
export const LEVEL_MARGIN = 0.1;

/** The level of a score, given the level before. */
export function levelOf(mos: number, before?: QualityLevel): QualityLevel {
  if (mos >= GOOD_MOS + towards(before, 'good')) return 'good';
  return mos >= POOR_MOS - towards(before, 'poor') ? 'fair' : 'poor';
}

/** How much further a bound is: beyond it when coming from the other side, short of it when staying. */
function towards(before: QualityLevel | undefined, level: QualityLevel): number {
  if (before === undefined) return 0;
  return before === level ? -LEVEL_MARGIN : LEVEL_MARGIN;
}
