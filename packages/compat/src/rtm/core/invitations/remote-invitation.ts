import type { UserId } from '@ringline/client';
import type { InvitationFailure, InvitationView } from '@ringline/protocol';
import { CONFIRM_TIMEOUT_MS, MAX_CONTENT_BYTES } from '@ringline/protocol';
import { flawOfText } from '../checks.ts';
import type { Tell } from '../listeners.ts';
import { tellAll } from '../listeners.ts';
import { WORD_MARGIN_MS } from '../timing.ts';
import type { RemoteInvitationFailureReason, RemoteInvitationState } from '../words.ts';
import type { Loss } from './invitation.ts';
import { Invitation } from './invitation.ts';
import type { InvitationParts } from './parts.ts';
import { callError } from './parts.ts';

/** What the callee's side of an invitation tells; each ends it. */
export interface RemoteInvitationEvents {
  RemoteInvitationAccepted(): void;
  RemoteInvitationRefused(): void;
  RemoteInvitationCanceled(content: string): void;
  RemoteInvitationFailure(reason: RemoteInvitationFailureReason): void;
}

/**
 * The callee's side of an invitation.
 *
 *     INVITATION_RECEIVED ──accept()──▶ ACCEPT_SENT_TO_LOCAL ──▶ ACCEPTED
 *              ├──refuse()──▶ REFUSED         │
 *              └──────────────────────────────┴──▶ CANCELED, FAILURE
 */
export class RemoteInvitation extends Invitation {
  readonly callerId: UserId;
  readonly content: string;
  readonly channelId: string;
  response: unknown = '';
  state: RemoteInvitationState = 'INVITATION_RECEIVED';
  /** Another device of this user has accepted or refused it. */
  isAnsweredElsewhere = false;
  #isAcceptedElsewhere = false;
  /** How the app is told: each of these, in this order. */
  readonly tellers: Tell<RemoteInvitationEvents>[] = [];
  readonly #tell = tellAll(this.tellers);
  #answer: 'accept' | 'refuse' | undefined;
  /** Its acceptance waits for a connection: the server does not have it. */
  #isUnsaid = false;
  /** When it expires, by this page's clock. */
  #expiresAt: number;

  constructor(view: InvitationView, parts: InvitationParts) {
    super(view.id, parts);
    this.callerId = view.peer;
    this.content = view.content;
    this.channelId = view.channel;
    this.#expiresAt = parts.clock.now() + view.remainingMs;
  }

  /** One that this user has accepted on an earlier page, as a view tells it. */
  static accepted(view: InvitationView, parts: InvitationParts): RemoteInvitation {
    const found = new RemoteInvitation(view, parts);
    found.response = view.response;
    found.state = 'ACCEPTED';
    found.wasOver(view);
    return found;
  }

  /** This user has accepted it, on whichever page: its caller may raise it to a call. */
  get isAccepted(): boolean {
    const { state } = this;
    return state === 'ACCEPTED' || state === 'ACCEPT_SENT_TO_LOCAL' || this.#isAcceptedElsewhere;
  }

  /** Reports to the server that this page has it. */
  report(): void {
    const request = { type: 'rtm-receive', invitation: this.id } as const;
    this.insist(
      () => request,
      () => !this.isOver,
    );
  }

  accept(isStrict = this.parts.dialect.isStrict): void {
    this.#requireOpen(isStrict);
    if (this.isOver) return;
    const response = this.#checkedResponse();
    this.#answer = 'accept';
    this.state = 'ACCEPT_SENT_TO_LOCAL';
    this.#isUnsaid = !this.parts.isConnected();
    this.#expect();
    const request = { type: 'rtm-accept', invitation: this.id, response } as const;
    this.insist(
      () => request,
      () => !this.isOver,
    );
  }

  refuse(isStrict = this.parts.dialect.isStrict): void {
    if (isStrict) this.#requireOpen(isStrict);
    if (this.isOver || this.#answer !== undefined) return;
    const response = this.#checkedResponse();
    this.#answer = 'refuse';
    const request = { type: 'rtm-refuse', invitation: this.id, response } as const;
    this.insist(
      () => request,
      () => true,
    );
    if (!this.parts.isConnected()) this.away();
  }

  away(): void {
    if (this.#answer === 'refuse') this.endLater(() => this.#tellRefused());
  }

  override back(): void {
    if (!this.#isUnsaid) return;
    this.#isUnsaid = false;
    this.#expect();
  }

  /** The caller's door says that the accepted invitation is over. */
  hungUp(): void {
    if (this.state !== 'ACCEPTED' || !this.parts.dialect.hangsUp) return;
    this.parts.done(this.id);
    this.#tellCancelled();
  }

  lose(why: Loss): void {
    this.endOn(why, () => {
      if (this.#answer === 'refuse') this.#tellRefused();
      else if (why === 'forgotten') this.#fail('INVITATION_EXPIRE');
      else this.#fail(this.parts.dialect.otherRemoteFailure);
    });
  }

  protected advance(view: InvitationView): void {
    this.#expiresAt = this.parts.clock.now() + view.remainingMs;
    this.#expect();
    switch (view.state) {
      case 'sent':
      case 'received':
        return;
      case 'accepting':
        return this.#isOwn(view) ? undefined : this.#answeredElsewhere(view);
      case 'accepted':
        return this.#isOwn(view) ? this.#accepted() : this.#answeredElsewhere(view);
      case 'refused':
        if (this.#answer === 'refuse' || this.#isOwn(view)) return this.#refused();
        return this.#answeredElsewhere(view);
      case 'cancelled':
        return this.end(() => this.#tellCancelled());
      case 'failed':
        return this.end(() => this.#fail(REASONS[view.failure ?? 'expired']));
    }
  }

  protected endThere(): void {
    // Its own words are said until the server takes them; the rest is for the server's clock.
  }

  #isOwn({ answeredBy }: InvitationView): boolean {
    return this.parts.isOwnDevice(answeredBy);
  }

  /** When the server has not said before what has become of it. */
  #expect(): void {
    // What is not said fails as if it was not answered: nobody but this page knows of it.
    const leftMs = this.#isUnsaid ? 0 : Math.max(0, this.#expiresAt - this.parts.clock.now());
    const isAccepting = this.#answer === 'accept';
    const ms = leftMs + WORD_MARGIN_MS + (isAccepting ? CONFIRM_TIMEOUT_MS : 0);
    this.expectWithin(ms, () => {
      this.end(() => {
        if (this.#answer === 'refuse') this.#tellRefused();
        else this.#fail(isAccepting ? 'ACCEPT_FAILURE' : 'INVITATION_EXPIRE');
      });
    });
  }

  /** Throws what RTM throws; anyRTC passes over what was taken back or has failed. */
  #requireOpen(isStrict: boolean): void {
    const { dialect } = this.parts;
    if (isStrict && this.isOver) throw callError(dialect, 'ALREADY_END');
    if (this.state === 'REFUSED' || this.#answer === 'refuse') {
      throw callError(dialect, 'ALREADY_END');
    }
    if (this.state === 'ACCEPTED' || this.state === 'ACCEPT_SENT_TO_LOCAL') {
      throw callError(dialect, 'ALREADY_ACCEPT');
    }
  }

  #checkedResponse(): string {
    const flaw = flawOfText(this.response, MAX_CONTENT_BYTES);
    if (flaw === undefined) return this.response as string;
    throw callError(this.parts.dialect, 'INVALID_ARGUMENT', `response ${flaw}.`);
  }

  #accepted(): void {
    this.end(() => {
      this.parts.accepted(this);
      this.state = 'ACCEPTED';
      this.#tell('RemoteInvitationAccepted');
    });
  }

  #refused(): void {
    this.end(() => this.#tellRefused());
  }

  #tellRefused(): void {
    this.state = 'REFUSED';
    this.#tell('RemoteInvitationRefused');
  }

  /** RTM has no word for it: to this page's app it is taken back, so that it rings no more and begins no media. */
  #answeredElsewhere({ state }: InvitationView): void {
    this.isAnsweredElsewhere = true;
    this.#isAcceptedElsewhere = state !== 'refused';
    this.end(() => this.#tellCancelled());
  }

  #tellCancelled(): void {
    this.state = 'CANCELED';
    this.#tell('RemoteInvitationCanceled', this.content);
  }

  #fail(reason: RemoteInvitationFailureReason): void {
    this.state = 'FAILURE';
    this.#tell('RemoteInvitationFailure', reason);
  }
}

const REASONS: Readonly<Record<InvitationFailure, RemoteInvitationFailureReason>> = {
  'peer-offline': 'INVITATION_EXPIRE',
  'no-response': 'INVITATION_EXPIRE',
  expired: 'INVITATION_EXPIRE',
  'not-confirmed': 'ACCEPT_FAILURE',
  'caller-gone': 'PEER_OFFLINE',
};
