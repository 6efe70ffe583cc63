/** What the estimate is made of. */
export interface Impairments {
  /** One way, from mouth to ear, in milliseconds. */
  readonly delayMs: number;
  /** Packets lost or too late, 0 to 1. */
  readonly lossRatio: number;
}

/** R with every parameter of the E-model at its default (ITU-T G.107, clause 7.7). */
const R_DEFAULT = 93.2;
/** Beyond this delay people begin to talk into each other (Cole and Rosenbluth 2001). */
const TALK_OVER_MS = 177.3;
/** Of G.711 with concealment, in percent (ITU-T G.113, Appendix I): it gives no value for Opus, which conceals at least as well. */
const LOSS_ROBUSTNESS = 25.1;

/** The rating R of the E-model, simplified, 0 to 93.2: the higher, the better. */
export function ratingOf({ delayMs, lossRatio }: Impairments): number {
  const talkOver = Math.max(0, delayMs - TALK_OVER_MS);
  const delay = 0.024 * delayMs + 0.11 * talkOver;
  // ITU-T G.107, clause 7.5, with Ie = 0 and random loss.
  const percent = lossRatio * 100;
  const loss = (95 * percent) / (percent + LOSS_ROBUSTNESS);
  return Math.max(0, R_DEFAULT - delay - loss);
}

/** The mean opinion score, 1 to 4.5, of a rating from 0 to 100 (ITU-T G.107, Annex B). */
export function mosOfRating(r: number): number {
  // Between 0 and 6.5 the polynomial dips below 1.
  return Math.max(1, 1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6);
}

/** The mean opinion score of a path: 4.4 at its best. */
export function mosOf(impairments: Impairments): number {
  return mosOfRating(ratingOf(impairments));
}
