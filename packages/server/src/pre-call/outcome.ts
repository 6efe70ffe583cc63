/** What came of a question; counted by these words. */
export const PRE_CALL_OUTCOMES = [
  'allowed',
  'altered',
  'denied',
  /** Late, broken, of another status than 200, or none that can be read. */
  'no-answer',
  /** Not asked: MAX_QUESTIONS were under way. */
  'full',
  /** The caller cancelled meanwhile. */
  'withdrawn',
] as const;
export type PreCallOutcome = (typeof PRE_CALL_OUTCOMES)[number];
