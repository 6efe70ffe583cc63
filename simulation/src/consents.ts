import type { Call } from '@ringline/client';
import { RinglineError } from '@ringline/client';
import type { SimulatedDevice } from './device.ts';

/** What a user has agreed to in one call. */
interface Consent {
  /** Acts under way that agree to be seen. */
  pending: number;
  isWithdrawn: boolean;
  isGiven: boolean;
  /** Nobody knows whether the server did what was asked: what was agreed to may come at any time. */
  isUncertain: boolean;
}

const NOTHING: Consent = { pending: 0, isGiven: false, isWithdrawn: false, isUncertain: false };

/** Who has agreed to be seen, so that it can be told which cameras may be open. */
export class Consents {
  /** By page: one that dies is told nothing. */
  readonly #calling = new Map<object, number>();
  readonly #given = new Map<string, Map<string, Consent>>();

  /** Whether some act of this device's user lets its camera be open now. */
  allows({ name, page }: SimulatedDevice): boolean {
    if (!page || (this.#calling.get(page) ?? 0) > 0) return true;
    return page.client.calls.some((call) => {
      const consent = this.#given.get(name)?.get(call.id);
      return consent !== undefined && (consent.pending > 0 || consent.isGiven);
    });
  }

  /** The user calls with a picture. */
  calling({ name, page }: SimulatedDevice, called: Promise<Call>): void {
    if (!page) return;
    const count = (by: number) => this.#calling.set(page, (this.#calling.get(page) ?? 0) + by);
    count(1);
    called.then(
      (call) => {
        count(-1);
        this.#of(name, call).isGiven = true;
        this.follow(name, call);
      },
      // A call that came to nothing does so for good, also where what both wanted at once has met.
      () => count(-1),
    );
  }

  /** The user agrees to a picture of itself in this call. */
  agreeing({ name }: SimulatedDevice, call: Call, act: Promise<unknown>): void {
    const consent = this.#of(name, call);
    consent.pending++;
    const settled = (isGiven: boolean, isUncertain = false) => {
      consent.pending--;
      consent.isUncertain ||= isUncertain;
      if (isGiven) Object.assign(consent, { isGiven, isWithdrawn: false });
      this.follow(name, call);
    };
    act.then(
      () => settled(true),
      (error: unknown) => {
        // What was refused changes nothing about what was agreed to before.
        const isLost = isUnanswered(error);
        settled(isLost, isLost);
      },
    );
  }

  /** The user wants to be seen no more. */
  withdraw({ name }: SimulatedDevice, call: Call): void {
    const consent = this.#of(name, call);
    consent.isGiven = false;
    consent.isWithdrawn = true;
  }

  /** A page loaded anew has the call: what the one before had asked for, or taken back, may have been lost. */
  restored({ name }: SimulatedDevice, call: Call): void {
    const known = this.#given.get(name)?.get(call.id);
    const isLost = known && (known.pending > 0 || known.isWithdrawn);
    if (isLost) Object.assign(known, { pending: 0, isGiven: true, isUncertain: true });
    // Answered by a page that died before it heard of that, or called by one; a hold may have set the picture aside since.
    else if (!known && (call.media === 'video' || call.videoEnd?.why === 'held')) {
      this.#of(name, call).isGiven = true;
    }
  }

  /** The call has changed: a picture that came to its end needs a new consent, unless a hold has set it aside. */
  follow(name: string, call: Call): void {
    if (call.state === 'ended') return void this.#given.get(name)?.delete(call.id);
    const consent = this.#of(name, call);
    if (call.state !== 'established' || consent.isUncertain) return;
    const { media, videoRequestedBy, videoEnd } = call;
    if (media === 'video' || videoRequestedBy === 'self' || videoEnd?.why === 'held') return;
    consent.isGiven = false;
  }

  #of(name: string, call: Call): Consent {
    const calls = this.#given.get(name) ?? new Map<string, Consent>();
    this.#given.set(name, calls);
    const known = calls.get(call.id) ?? { ...NOTHING };
    calls.set(call.id, known);
    return known;
  }
}

/** No answer came, or the store fell and may have done it. */
const DOUBTFUL: ReadonlySet<string> = new Set(['timeout', 'unavailable']);

/** Nobody knows whether the server did it. */
function isUnanswered(error: unknown): boolean {
  return error instanceof RinglineError && DOUBTFUL.has(error.code);
}
