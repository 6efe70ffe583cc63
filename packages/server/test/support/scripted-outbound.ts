import type { PreCallAnswer, PreCallRequest } from '@ringline/protocol';
import type { VirtualClock } from '@ringline/testkit';
import type {
  Outbound,
  OutboundAnswer,
  OutboundFaultKind,
  OutboundRequest,
} from '../../src/outbound/outbound.ts';
import { OutboundFault } from '../../src/outbound/outbound.ts';

/** One request of a test, to be answered when the test wishes. */
export interface Posted extends OutboundRequest {
  answer(what: PreCallAnswer | string, status?: number): void;
  fail(fault: OutboundFaultKind): void;
}

/** A way out without a network: requests lie here until they are answered or their time is up. */
export class ScriptedOutbound implements Outbound {
  readonly posted: Posted[] = [];
  /** How many were answered, failed, or given up. */
  settled = 0;
  readonly #clock: VirtualClock;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  post(request: OutboundRequest): Promise<OutboundAnswer> {
    const { promise, resolve, reject } = Promise.withResolvers<OutboundAnswer>();
    const fail = (fault: OutboundFaultKind) => reject(new OutboundFault(fault));
    const timer = this.#clock.after(request.timeoutMs, () => fail('timeout'));
    request.signal?.addEventListener('abort', () => fail('abandoned'));
    const answer = (what: PreCallAnswer | string, status = 200) =>
      resolve({ status, body: typeof what === 'string' ? what : JSON.stringify(what) });
    this.posted.push({ ...request, answer, fail });
    return promise.finally(() => {
      timer.cancel();
      this.settled++;
    });
  }

  /** The newest request. */
  get last(): Posted {
    const last = this.posted.at(-1);
    if (!last) throw new Error('nobody was asked');
    return last;
  }

  /** What the newest one asks. */
  get question(): PreCallRequest {
    return JSON.parse(this.last.body) as PreCallRequest;
  }

  async close(): Promise<void> {}
}
