import type { CallId } from '@ringline/protocol';
import type { Forgotten, PastDone, PastPortion } from '../past-calls.ts';
import { NOTHING_FORGOTTEN, pastDone, pastOf } from '../past-calls.ts';
import type { MemoryCalls } from './calls.ts';
import type { MemoryOutbox } from './outbox.ts';
import type { MemoryQuality } from './quality.ts';
import type { MemoryRecords } from './records.ts';

/** Where what is kept of calls lies. */
export interface PastCallParts {
  readonly calls: MemoryCalls;
  readonly outbox: MemoryOutbox;
  readonly quality: MemoryQuality;
  readonly records: MemoryRecords;
}

/** Removes what need not be kept of calls that are over. */
export class MemoryPastCalls {
  readonly #parts: PastCallParts;
  #forgotten = NOTHING_FORGOTTEN;

  constructor(parts: PastCallParts) {
    this.#parts = parts;
  }

  get forgotten(): Forgotten {
    return this.#forgotten;
  }

  shortenLogs(before: number, limit: number): number {
    const past = this.#past(this.#forgotten.logsTo, before, limit);
    for (const { call } of past) this.#parts.calls.shortenLog(call);
    const logsTo = past.at(-1)?.position ?? this.#forgotten.logsTo;
    this.#forgotten = { ...this.#forgotten, logsTo };
    return past.length;
  }

  forget(before: number, portion: PastPortion): PastDone {
    const { after = 0, limit } = portion;
    const past = this.#past(after, before, limit);
    const kept = new Set(this.#parts.outbox.events.map(({ key }) => key));
    const gone = past.filter(({ call }) => !kept.has(call));
    for (const { call } of gone) this.#remove(call);
    const last = gone.at(-1);
    if (last) {
      const { callsTo, callsBefore } = this.#forgotten;
      this.#forgotten = {
        ...this.#forgotten,
        callsTo: Math.max(callsTo, last.position),
        callsBefore: Math.max(callsBefore, before),
      };
    }
    return pastDone(past, gone, portion);
  }

  #past(after: number, before: number, limit: number) {
    const looked = this.#parts.records.all
      .filter(({ position }) => position > after)
      .slice(0, limit)
      .map(({ position, record: { call, endedAt } }) => {
        const writtenAt = this.#parts.calls.log(call).at(-1)?.at ?? endedAt;
        return { position, call, overAt: Math.max(endedAt, writtenAt) };
      });
    return pastOf(looked, before);
  }

  #remove(call: CallId): void {
    const { calls, quality, records } = this.#parts;
    calls.remove(call);
    quality.remove(call);
    records.remove(call);
  }
}
