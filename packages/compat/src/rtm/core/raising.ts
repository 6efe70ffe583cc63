import type { Call, CallOptions, Clock, RinglineClient, Timer, UserId } from '@ringline/client';
import { RinglineError } from '@ringline/client';
import { MAX_RING_TIMEOUT_MS, MIN_RING_TIMEOUT_MS } from '@ringline/protocol';
import type { RaisedCallOptions } from '@ringline/client/extension';
import type { InvitationId } from '@ringline/protocol';
import { LocalInvitation } from './invitations/local-invitation.ts';
import type { RemoteInvitation } from './invitations/remote-invitation.ts';
import { RAISE_TIMEOUT_MS } from './timing.ts';

/** How an invitation becomes a call: as `RinglineClient.call`, and how long the other side is waited for. Of an invitation that is raised twice the first time's hold. */
export interface RaiseOptions extends Pick<
  CallOptions,
  'media' | 'holdable' | 'recordMessage' | 'signal'
> {
  /** Whole milliseconds, 1 000 to 120 000; 30 000 when absent. */
  readonly timeoutMs?: number;
}

/** What raising needs of its door. */
export interface RaisingParts {
  readonly clock: Clock;
  /** The client of the login; throws a RinglineError when there is none. */
  client(): RinglineClient;
  /** Whether this user has accepted that invitation of that caller. */
  isAccepted(invitation: InvitationId, callerId: UserId): boolean;
  /** The call of that invitation is over. */
  done(invitation: InvitationId): void;
}

/** Begins the content of a call that an invitation was raised to. */
const CONTENT = 'rtm-invitation:';

/** An invitation that is raised, and with whom. */
interface Raised {
  readonly id: InvitationId;
  readonly peer: UserId;
}

interface Waiting {
  readonly peer: UserId;
  readonly arrived: (call: Call) => void;
  readonly failed: (error: RinglineError) => void;
}

/**
 * Makes a call of an invitation that was accepted. The caller's side calls, the callee's side accepts that
 * call by itself once its app has raised the invitation as well; whoever is first waits.
 */
export class Raising {
  readonly #parts: RaisingParts;
  /** Calls that have come for invitations which the app has not raised, by `nameOf`. */
  readonly #come = new Map<string, Call>();
  readonly #waiting = new Map<string, Waiting>();
  /** What is raised, or has become a call that goes on, by `nameOf`: an app that raises it twice has the one call. */
  readonly #raised = new Map<string, Promise<Call>>();
  /** Calls that were raised here and go on, by peer: two invitations that crossed become one call. */
  readonly #live = new Map<UserId, Call>();

  constructor(parts: RaisingParts) {
    this.#parts = parts;
  }

  /** Whether a call that comes in is one that an accepted invitation was raised to; what only says so is the app's to see. */
  takes(call: Call): boolean {
    const id = invitationIn(call);
    const { user: peer } = call.peer;
    if (id === undefined || !this.#parts.isAccepted(id, peer)) return false;
    const name = nameOf({ id, peer });
    const waiting = this.#waiting.get(name);
    if (waiting) waiting.arrived(call);
    else this.#keep(name, call);
    return true;
  }

  async raise(
    invitation: LocalInvitation | RemoteInvitation,
    options: RaiseOptions = {},
  ): Promise<Call> {
    const client = this.#parts.client();
    if (invitation.state !== 'ACCEPTED_BY_REMOTE' && invitation.state !== 'ACCEPTED') {
      throw new RinglineError(
        'wrong-state',
        'Only an invitation that was accepted becomes a call.',
      );
    }
    checkTimeout(options.timeoutMs);
    const { id } = invitation;
    const isCaller = invitation instanceof LocalInvitation;
    const peer = isCaller ? invitation.calleeId : invitation.callerId;
    const name = nameOf({ id, peer });
    const known = this.#raised.get(name);
    if (known !== undefined) return known;
    const call = isCaller
      ? this.#place(client, { id, peer }, options)
      : this.#answer({ id, peer }, options);
    const raised = call.then((begun) => this.#begin({ id, peer }, begun));
    this.#raised.set(name, raised);
    raised.catch(() => this.#forget(name, raised));
    return raised;
  }

  /** The login is over. */
  stop(): void {
    const words = 'The login is over. Log in, and raise the invitation again.';
    const over = new RinglineError('not-connected', words);
    for (const { failed } of this.#waiting.values()) failed(over);
    this.#raised.clear();
    this.#come.clear();
    this.#live.clear();
  }

  async #place(
    client: RinglineClient,
    { id, peer }: Raised,
    { timeoutMs = RAISE_TIMEOUT_MS, ...options }: RaiseOptions,
  ): Promise<Call> {
    const raised: RaisedCallOptions = {
      ...options,
      content: CONTENT + id,
      ringTimeoutMs: timeoutMs,
      raised: true,
    };
    const call = await client.call(peer, raised);
    await established(call, options.signal);
    return call;
  }

  async #answer(
    raised: Raised,
    { timeoutMs = RAISE_TIMEOUT_MS, media, signal }: RaiseOptions,
  ): Promise<Call> {
    const name = nameOf(raised);
    const known = this.#come.get(name) ?? this.#live.get(raised.peer);
    const call = known ?? (await this.#arrival(raised, timeoutMs, signal));
    this.#come.delete(name);
    if (call !== this.#live.get(raised.peer))
      await call.accept(media === undefined ? {} : { media });
    return call;
  }

  #arrival(raised: Raised, timeoutMs: number, signal: RaiseOptions['signal']): Promise<Call> {
    signal?.throwIfAborted();
    const name = nameOf(raised);
    let timer: Timer | undefined;
    let giveUp = () => {};
    const arrival = new Promise<Call>((arrived, reject) => {
      giveUp = () => reject(signal?.reason);
      this.#waiting.set(name, { peer: raised.peer, arrived, failed: reject });
      timer = this.#parts.clock.after(timeoutMs, () => reject(notRaised()));
      signal?.addEventListener('abort', giveUp);
    });
    return arrival.finally(() => {
      timer?.cancel();
      // One signal may serve a page for all its calls.
      signal?.removeEventListener('abort', giveUp);
      this.#waiting.delete(name);
    });
  }

  #keep(name: string, call: Call): void {
    this.#come.set(name, call);
    call.on('ended', () => {
      if (this.#come.get(name) === call) this.#come.delete(name);
    });
  }

  #begin({ id, peer }: Raised, call: Call): Call {
    const name = nameOf({ id, peer });
    const raised = this.#raised.get(name);
    this.#live.set(peer, call);
    call.on('ended', () => {
      this.#parts.done(id);
      this.#forget(name, raised);
      if (this.#live.get(peer) === call) this.#live.delete(peer);
    });
    for (const waiting of this.#waiting.values()) {
      if (waiting.peer === peer) waiting.arrived(call);
    }
    return call;
  }

  #forget(name: string, raised: Promise<Call> | undefined): void {
    if (this.#raised.get(name) === raised) this.#raised.delete(name);
  }
}

/** Nobody but the other side of an invitation has its call. */
function nameOf({ id, peer }: Raised): string {
  return `${id} ${peer}`;
}

function invitationIn({ content = '' }: Call): InvitationId | undefined {
  return content.startsWith(CONTENT) ? content.slice(CONTENT.length) : undefined;
}

/** Resolves when the other side has raised it as well; given up before, the call is taken back. */
function established(call: Call, signal: RaiseOptions['signal']): Promise<void> {
  if (call.state === 'established') return Promise.resolve();
  let letGo = () => {};
  const decided = new Promise<void>((resolve, reject) => {
    const giveUp = () => {
      reject(signal?.reason);
      // What is refused for good, the newest view explains.
      call.end().catch(() => undefined);
    };
    const stop = call.on('stateChanged', () => {
      if (call.state === 'inviting' || call.state === 'ringing') return;
      if (call.state === 'established') resolve();
      else reject(call.endReason === 'no-answer' ? notRaised() : notBegun(call));
    });
    signal?.addEventListener('abort', giveUp);
    letGo = () => {
      stop();
      // One signal may serve a page for all its calls.
      signal?.removeEventListener('abort', giveUp);
    };
  });
  return decided.finally(letGo);
}

/** Both sides wait for as long as a call may ring. */
function checkTimeout(ms: number = RAISE_TIMEOUT_MS): void {
  if (Number.isInteger(ms) && ms >= MIN_RING_TIMEOUT_MS && ms <= MAX_RING_TIMEOUT_MS) return;
  const range = `${MIN_RING_TIMEOUT_MS} to ${MAX_RING_TIMEOUT_MS}`;
  const words = `timeoutMs must be ${range} whole milliseconds, is ${ms}.`;
  throw new RinglineError('malformed', words, { path: 'timeoutMs' });
}

function notRaised(): RinglineError {
  const words = 'The other side did not raise the invitation in time. See that both call raise().';
  return new RinglineError('timeout', words);
}

function notBegun({ endReason = 'completed' }: Call): RinglineError {
  return new RinglineError('wrong-state', `The call did not come about: ${endReason}.`);
}
