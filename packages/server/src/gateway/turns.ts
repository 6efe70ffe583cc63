import type { CallId, DeviceMessage } from '@ringline/protocol';

/** Does one thing, once. */
type Turn = () => Promise<void>;

interface Invitation {
  readonly call: CallId;
  readonly withdrawal: AbortController;
}

/**
 * The messages of one device, carried out one after the other. While somebody else's server is asked about an
 * invitation those behind it wait, but for who leaves: an `end` goes past it, and a `cancel` withdraws it.
 */
export class Turns {
  #last: Promise<void> = Promise.resolve();
  #waiting = 0;
  #isAsking = false;
  /** Ends that wait. */
  readonly #ends: Turn[] = [];
  /** Invitations that are not decided, the one whose turn it is first. */
  readonly #invitations: Invitation[] = [];

  /** How many messages wait for those before them. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Carries a message out in its turn; that never rejects. */
  add(message: DeviceMessage, carryOut: () => Promise<void>): void {
    this.#waiting++;
    const turn = once(() => {
      this.#waiting--;
      return carryOut();
    });
    if (message.type === 'cancel') this.#withdraw(message.call);
    this.#last = this.#last.then(this.#turnOf(message, turn));
  }

  /** Waits for an answer about the invitation whose turn it is; the signal tells that it was cancelled. */
  async untilAnswered<T>(ask: (withdrawal: AbortSignal) => Promise<T>): Promise<T> {
    const { signal } = this.#invitations[0]?.withdrawal ?? new AbortController();
    this.#isAsking = true;
    for (const end of this.#ends) void end();
    try {
      return await ask(signal);
    } finally {
      this.#isAsking = false;
    }
  }

  #turnOf(message: DeviceMessage, turn: Turn): Turn {
    if (message.type === 'invite') return this.#inviting(message.call, turn);
    if (message.type === 'end') return this.#ending(turn);
    return turn;
  }

  #inviting(call: CallId, turn: Turn): Turn {
    this.#invitations.push({ call, withdrawal: new AbortController() });
    return async () => {
      await turn();
      this.#invitations.shift();
    };
  }

  #ending(turn: Turn): Turn {
    if (this.#isAsking) void turn();
    this.#ends.push(turn);
    return async () => {
      await turn();
      this.#ends.shift();
    };
  }

  #withdraw(call: CallId): void {
    for (const each of this.#invitations) if (each.call === call) each.withdrawal.abort();
  }
}

/** Done once, however often it is asked for. */
function once(run: () => Promise<void>): Turn {
  let done: Promise<void> | undefined;
  return () => (done ??= run());
}
