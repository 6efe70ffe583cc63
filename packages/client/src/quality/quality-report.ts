import type { CallId, QualitySummary } from '@ringline/protocol';
import { QUALITY_REPORT_WITHIN_MS } from '@ringline/protocol';
import type { Clock } from '../ports.ts';
import type { Requests } from '../signalling/requests.ts';
import { QUALITY_REPORT_EVERY_MS } from '../timing.ts';

/** What a report of quality asks of its call. */
export interface QualityReportParts {
  readonly call: CallId;
  readonly clock: Clock;
  readonly requests: Requests;
  summary(): QualitySummary | undefined;
}

/** Tells the server how well the other side was received: now and then, and once at the end. */
export class QualityReport {
  readonly #parts: QualityReportParts;
  #saidAt: number;
  #isSpeaking = false;
  #isOver = false;

  constructor(parts: QualityReportParts) {
    this.#parts = parts;
    this.#saidAt = parts.clock.now();
  }

  /** There is more to tell: a page that is closed leaves what it has said by then. */
  measured(): void {
    if (this.#isSpeaking || this.#parts.clock.now() - this.#saidAt < QUALITY_REPORT_EVERY_MS)
      return;
    this.#isSpeaking = true;
    void this.#say(() => !this.#isOver).finally(() => (this.#isSpeaking = false));
  }

  /** The call is over here: said once whoever ended it has had the first word. */
  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const { clock } = this.#parts;
    const until = clock.now() + QUALITY_REPORT_WITHIN_MS;
    clock.after(0, () => void this.#say(() => clock.now() < until));
  }

  async #say(isWanted: () => boolean): Promise<void> {
    const { call, clock, requests } = this.#parts;
    const summary = this.#parts.summary();
    if (summary === undefined) return;
    this.#saidAt = clock.now();
    try {
      await requests.insist(() => ({ type: 'report-quality', call, summary }), isWanted);
    } catch {
      // Refused for good, or there is no connection any more: the call was no different for it.
    }
  }
}
