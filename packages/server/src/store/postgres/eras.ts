import type { Call } from '@ringline/call';
import { RecentRows } from '../recent-rows.ts';
import { KnownDevices } from './known-devices.ts';

/** Calls whose body is kept as it was read: the next look at the same version parses nothing. */
const RECENT_CALLS = 1000;

/** A call as it was read, and its row's number: another call may have the id and the versions of one that was forgotten. */
export interface NumberedCall {
  readonly n: number;
  readonly call: Call;
}

/** Rows as the server of the database has said them that answered in this era: of it a version is written once. */
export class Era {
  readonly devices = new KnownDevices();
  readonly calls = new RecentRows<NumberedCall>(RECENT_CALLS);
}

/**
 * Another era begins with each connection: from then on another server may answer, and may have lost what the one
 * before said last. Who asks notes the answer in the era in which it asked, so that what comes of a server whose place
 * another has taken meanwhile is noted in vain. And one begins with each connection that breaks: until then it may have
 * been asked, in the era of the newer server too.
 */
export class Eras {
  #count = 0;
  #present = new Era();

  /** How many have begun. */
  get count(): number {
    return this.#count;
  }

  get present(): Era {
    return this.#present;
  }

  begin(): void {
    this.#count++;
    this.#present = new Era();
  }
}
