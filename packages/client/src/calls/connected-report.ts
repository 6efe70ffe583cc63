import type { CallId } from '@ringline/protocol';
import type { Clock } from '../ports.ts';
import { insist } from '../signalling/insist.ts';
import type { Requests } from '../signalling/requests.ts';

/** What a report of media asks of its call. */
export interface ConnectedReportParts {
  readonly call: CallId;
  readonly clock: Clock;
  readonly requests: Requests;
  isEstablished(): boolean;
}

/** This device's own word that it receives media: once for each epoch. */
export class ConnectedReport {
  readonly #parts: ConnectedReportParts;
  #epoch = 0;

  constructor(parts: ConnectedReportParts) {
    this.#parts = parts;
  }

  report(epoch: number): void {
    if (epoch === this.#epoch) return;
    this.#epoch = epoch;
    const { call, clock, requests } = this.#parts;
    const build = () => ({ type: 'connected', call, epoch }) as const;
    const isWanted = () => this.#parts.isEstablished() && this.#epoch === epoch;
    insist(requests, clock, { build, isWanted }).catch(() => {
      // Refused for good: the newest view says what the call has become.
    });
  }
}
