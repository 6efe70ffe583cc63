import type { CallId, DeviceMessage, InvitationId } from '@ringline/protocol';

/** Does one thing, once. */
type Turn = () => Promise<void>;

/** What an invitation makes: a call, or a bare one. */
type Subject = { readonly call: CallId } | { readonly invitation: InvitationId };

interface Invitation {
  readonly subject: Subject;
  readonly withdrawal: AbortController;
}

/**
 * The messages of one device, carried out one after the other. While somebody else's server is asked about an
 * invitation those behind it wait, but for who leaves: an `end` goes past it, as does an `rtm-ping`, which looks for
 * nothing but the server; and a `cancel` of it, or an `rtm-cancel`, withdraws it.
 */
export class Turns {
  #last: Promise<void> = Promise.resolve();
  #waiting = 0;
  #isAsking = false;
  /** Those that wait and may go past. */
  readonly #passers: Turn[] = [];
  /** Invitations that are not decided, the one whose turn it is first. */
  readonly #invitations: Invitation[] = [];
  /** Tells the message whose turn it is, if it wants to know, that another one waits behind it. */
  #followed: (() => void) | undefined;

  /** How many messages wait for those before them. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Carries a message out in its turn; that never rejects. */
  add(message: DeviceMessage, carryOut: () => Promise<void>): void {
    this.#waiting++;
    this.#followed?.();
    const turn = once(() => {
      this.#waiting--;
      return carryOut();
    });
    this.#withdraw(message);
    this.#last = this.#last.then(this.#turnOf(message, turn));
  }

  /** Waits for an answer about the invitation whose turn it is; the signal tells that it was cancelled. */
  async untilAnswered<T>(ask: (withdrawal: AbortSignal) => Promise<T>): Promise<T> {
    const { signal } = this.#invitations[0]?.withdrawal ?? new AbortController();
    this.#isAsking = true;
    for (const pass of this.#passers) void pass();
    try {
      return await ask(signal);
    } finally {
      this.#isAsking = false;
    }
  }

  /** Waits until then with the message whose turn it is; false as soon as another one waits behind it. */
  async unlessFollowed(until: Promise<void>): Promise<boolean> {
    if (this.#waiting > 0) return false;
    const followed = new Promise<boolean>((resolve) => (this.#followed = () => resolve(false)));
    const isAlone = await Promise.race([until.then(() => true), followed]);
    this.#followed = undefined;
    return isAlone;
  }

  #turnOf(message: DeviceMessage, turn: Turn): Turn {
    if (message.type === 'invite') return this.#inviting({ call: message.call }, turn);
    if (message.type === 'rtm-invite') {
      return this.#inviting({ invitation: message.invitation }, turn);
    }
    return message.type === 'end' || message.type === 'rtm-ping' ? this.#passing(turn) : turn;
  }

  #inviting(subject: Subject, turn: Turn): Turn {
    this.#invitations.push({ subject, withdrawal: new AbortController() });
    return async () => {
      await turn();
      this.#invitations.shift();
    };
  }

  #passing(turn: Turn): Turn {
    if (this.#isAsking) void turn();
    this.#passers.push(turn);
    return async () => {
      await turn();
      this.#passers.shift();
    };
  }

  #withdraw(message: DeviceMessage): void {
    for (const { subject, withdrawal } of this.#invitations) {
      if (isCancelOf(subject, message)) withdrawal.abort();
    }
  }
}

function isCancelOf(subject: Subject, message: DeviceMessage): boolean {
  if ('call' in subject) return message.type === 'cancel' && message.call === subject.call;
  return message.type === 'rtm-cancel' && message.invitation === subject.invitation;
}

/** Done once, however often it is asked for. */
function once(run: () => Promise<void>): Turn {
  let done: Promise<void> | undefined;
  return () => (done ??= run());
}
