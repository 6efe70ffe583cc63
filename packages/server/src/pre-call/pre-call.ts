import type { PreCallAnswer } from '@ringline/protocol';
import type { Clock } from '../clock.ts';
import type { Log } from '../observe/log.ts';
import type { Metrics } from '../observe/metrics.ts';
import type { Outbound, OutboundAnswer } from '../outbound/outbound.ts';
import { OutboundFault } from '../outbound/outbound.ts';
import { standardHeaders } from '../outbound/standard-webhooks.ts';
import { answerIn } from './answer.ts';
import { ANSWER_KEPT_MS, MAX_KEPT_ANSWERS, MAX_QUESTIONS } from './limits.ts';
import type { PreCallOutcome } from './outcome.ts';
import type { Question } from './question.ts';
import { bodyOf, idOf, namesOf } from './question.ts';

/** What becomes of an invitation when the customer's server does not answer. */
export const PRE_CALL_DEFAULTS = ['allow', 'deny'] as const;

/** Who is asked before an invitation is decided. */
export interface PreCallSettings {
  readonly url: string;
  /** As for webhooks; each signs. */
  readonly secrets: readonly string[];
  readonly timeoutMs: number;
  readonly byDefault: (typeof PRE_CALL_DEFAULTS)[number];
}

/** The answer, given or by default; or the caller did not want to know any more. */
export type Verdict = PreCallAnswer | 'withdrawn';

/** What asking needs. */
export interface PreCallParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly outbound: Outbound;
  readonly settings: PreCallSettings;
}

interface UnderWay {
  readonly verdict: Promise<Verdict>;
  readonly withdrawal: AbortController;
}

interface Outcome {
  readonly outcome: PreCallOutcome;
  readonly verdict: Verdict;
}

/** Asks a customer's server about each invitation once, and waits no longer for it than a person would. */
export class PreCall {
  readonly #parts: PreCallParts;
  readonly #underWay = new Map<string, UnderWay>();
  /** In the order in which they came. */
  readonly #kept = new Map<string, { readonly verdict: Verdict; readonly until: number }>();

  constructor(parts: PreCallParts) {
    this.#parts = parts;
  }

  /**
   * The verdict on an invitation; the same question, asked again meanwhile or soon after, has the same one. A
   * connection that ends leaves its question to the one on which the device repeats it.
   */
  async ask(question: Question, withdrawal: AbortSignal): Promise<Verdict> {
    if (withdrawal.aborted) return 'withdrawn';
    const id = idOf(question);
    const kept = this.#keptVerdict(id);
    if (kept) return kept;
    const underWay = this.#underWay.get(id) ?? this.#begin(id, question);
    if (!underWay) return { decision: this.#parts.settings.byDefault };
    const withdraw = () => underWay.withdrawal.abort();
    withdrawal.addEventListener('abort', withdraw);
    try {
      return await underWay.verdict;
    } finally {
      withdrawal.removeEventListener('abort', withdraw);
    }
  }

  #keptVerdict(id: string): Verdict | undefined {
    this.#forget();
    return this.#kept.get(id)?.verdict;
  }

  #keep(id: string, verdict: Verdict): void {
    this.#kept.set(id, { verdict, until: this.#parts.clock.now() + ANSWER_KEPT_MS });
    this.#forget();
  }

  /** What was kept long enough, and the oldest of too many. */
  #forget(): void {
    const now = this.#parts.clock.now();
    for (const [old, { until }] of this.#kept) {
      if (until > now && this.#kept.size <= MAX_KEPT_ANSWERS) break;
      this.#kept.delete(old);
    }
  }

  #begin(id: string, question: Question): UnderWay | undefined {
    if (this.#underWay.size >= MAX_QUESTIONS) {
      this.#parts.metrics.preCallAsked('full', 0);
      return undefined;
    }
    const withdrawal = new AbortController();
    const verdict = this.#settle(id, question, withdrawal.signal);
    const underWay = { verdict, withdrawal };
    this.#underWay.set(id, underWay);
    return underWay;
  }

  async #settle(id: string, question: Question, withdrawal: AbortSignal): Promise<Verdict> {
    const { clock, metrics } = this.#parts;
    const askedAt = clock.now();
    try {
      const { outcome, verdict } = await this.#outcomeOf(id, question, withdrawal);
      metrics.preCallAsked(outcome, clock.now() - askedAt);
      if (IS_KEPT[outcome]) this.#keep(id, verdict);
      return verdict;
    } finally {
      this.#underWay.delete(id);
    }
  }

  async #outcomeOf(id: string, question: Question, withdrawal: AbortSignal): Promise<Outcome> {
    const { clock, outbound, settings } = this.#parts;
    const at = clock.now();
    const body = bodyOf(question, at);
    const headers = standardHeaders({ secrets: settings.secrets, id, at, body });
    const { url, timeoutMs } = settings;
    try {
      const answer = await outbound.post({ url, headers, body, timeoutMs, signal: withdrawal });
      return withdrawal.aborted ? WITHDRAWN : this.#read(answer, question);
    } catch (error) {
      if (withdrawal.aborted) return WITHDRAWN;
      if (error instanceof OutboundFault) return this.#noAnswer(question, error.fault);
      throw error;
    }
  }

  #read({ status, body }: OutboundAnswer, question: Question): Outcome {
    if (status !== 200) return this.#noAnswer(question, `status ${status}`);
    const read = answerIn(body, question.invite);
    if ('flaw' in read) return this.#noAnswer(question, read.flaw);
    return { outcome: outcomeOf(read.answer), verdict: read.answer };
  }

  #noAnswer(question: Question, why: string): Outcome {
    const { byDefault } = this.#parts.settings;
    this.#parts.log.warn(
      { ...namesOf(question), why, byDefault },
      'no answer to a question before a call',
    );
    return { outcome: 'no-answer', verdict: { decision: byDefault } };
  }
}

const WITHDRAWN: Outcome = { outcome: 'withdrawn', verdict: 'withdrawn' };

/** What the customer said stands; everything else is asked anew. */
const IS_KEPT: Readonly<Record<PreCallOutcome, boolean>> = {
  allowed: true,
  altered: true,
  denied: true,
  'no-answer': false,
  full: false,
  withdrawn: false,
};

function outcomeOf(answer: PreCallAnswer): PreCallOutcome {
  if (answer.decision === 'deny') return 'denied';
  return answer.invitation ? 'altered' : 'allowed';
}
