import type { UserId } from '@ringline/client';
import type { InvitationFailure, InvitationId, InvitationView } from '@ringline/protocol';
import { CONFIRM_TIMEOUT_MS, INVITATION_REACH_MS, MAX_CONTENT_BYTES } from '@ringline/protocol';
import { flawOfText } from '../checks.ts';
import type { Tell } from '../listeners.ts';
import { tellAll } from '../listeners.ts';
import { WORD_MARGIN_MS } from '../timing.ts';
import type { LocalInvitationFailureReason, LocalInvitationState } from '../words.ts';
import type { Loss } from './invitation.ts';
import { Invitation, isFinal } from './invitation.ts';
import type { InvitationParts } from './parts.ts';
import { callError } from './parts.ts';

/** What the caller's side of an invitation tells; all but the first end it. */
export interface LocalInvitationEvents {
  LocalInvitationReceivedByPeer(): void;
  LocalInvitationAccepted(response: string): void;
  LocalInvitationRefused(response: string): void;
  LocalInvitationCanceled(): void;
  LocalInvitationFailure(reason: LocalInvitationFailureReason): void;
}

/**
 * The caller's side of an invitation.
 *
 *     IDLE ──send()──▶ SENT_TO_REMOTE ──▶ RECEIVED_BY_REMOTE ──▶ ACCEPTED_BY_REMOTE, REFUSED_BY_REMOTE
 *                            └──────────────────┴─────────────▶ CANCELED, FAILURE
 */
export class LocalInvitation extends Invitation {
  readonly calleeId: UserId;
  content: unknown = '';
  channelId: unknown = '';
  response = '';
  state: LocalInvitationState = 'IDLE';
  /** How the app is told: each of these, in this order. */
  readonly tellers: Tell<LocalInvitationEvents>[] = [];
  /** Called before its first word: from then on views tell what comes of it. */
  begun: () => void = () => {};
  /** False: made by an earlier page, and this page's app does not know of it yet. */
  #isKnown = true;
  /** The newest view that such an app was not told of. */
  #unheard: InvitationView | undefined;
  #isCancelled = false;
  /** It has said that it has the acceptance; whether in time, the server says. */
  #isConfirming = false;
  /** `rtm-invite` is on its way, or waits for a connection. */
  isUnderWay = false;
  /** `rtm-cancel` is on its way, or waits for a connection. */
  #isSayingCancel = false;
  readonly #tell = tellAll(this.tellers);

  constructor(id: InvitationId, calleeId: UserId, parts: InvitationParts) {
    super(id, parts);
    this.calleeId = calleeId;
  }

  /** One that an earlier page has sent, as a view tells it. */
  static found(view: InvitationView, parts: InvitationParts): LocalInvitation {
    const found = new LocalInvitation(view.id, view.peer, parts);
    found.content = view.content;
    found.channelId = view.channel;
    found.state = 'SENT_TO_REMOTE';
    found.#isKnown = false;
    return found;
  }

  /** One of an earlier page that was accepted, as a view tells it. */
  static accepted(view: InvitationView, parts: InvitationParts): LocalInvitation {
    const found = LocalInvitation.found(view, parts);
    found.response = view.response;
    found.state = 'ACCEPTED_BY_REMOTE';
    found.wasOver(view);
    return found;
  }

  /** The app knows of it from now on: what was to be told is told. Gives whether it did not before. */
  hand(): boolean {
    if (this.#isKnown) return false;
    this.#isKnown = true;
    const view = this.#unheard;
    if (view) this.parts.clock.after(0, () => this.isOver || this.advance(view));
    return true;
  }

  send(): void {
    this.#requireIdle();
    const content = this.#text('content', this.content);
    const channel = this.#text('channelId', this.channelId);
    if (!this.parts.isLoggedIn()) return this.endLater(() => this.#fail('NOT_LOGGEDIN'));
    this.begun();
    this.state = 'SENT_TO_REMOTE';
    this.expectWithin(INVITATION_REACH_MS + WORD_MARGIN_MS, () =>
      this.#failNow('PEER_NO_RESPONSE'),
    );
    const { id: invitation, calleeId: to } = this;
    const request = { type: 'rtm-invite', invitation, to, content, channel } as const;
    this.isUnderWay = true;
    this.parts
      .insist(
        () => request,
        () => !this.isOver && !this.#isCancelled,
        { withinMs: INVITATION_REACH_MS },
      )
      .then((isTaken) => {
        // Cancelled before the server has it: there is nothing whose end it could tell.
        if (!isTaken && this.version === 0) this.#endCancelled();
      })
      .catch(() => this.#failNow(this.parts.dialect.otherLocalFailure))
      .finally(() => (this.isUnderWay = false));
  }

  cancel(isStrict = this.parts.dialect.isStrict): void {
    const { dialect } = this.parts;
    if (this.state === 'IDLE') throw callError(dialect, 'NOT_STARTED');
    if (this.state === 'ACCEPTED_BY_REMOTE' && dialect.hangsUp) return this.#hangUp();
    if (this.#isConfirming && !this.isOver && dialect.isStrict) {
      throw callError(dialect, 'ALREADY_END', 'It was accepted: wait for the event.');
    }
    if (this.isOver || this.#isCancelled) {
      if (isStrict) throw callError(dialect, 'ALREADY_END');
      return;
    }
    this.#isCancelled = true;
    this.#sayCancel();
    if (!this.parts.isConnected()) this.away();
  }

  away(): void {
    // Whether the callee takes it for accepted, and must hear of a hang-up, the next view says.
    if (!this.#isCancelled || this.#isConfirming) return;
    this.endLater(() => this.#tellCancelled());
  }

  lose(why: Loss): void {
    // The callee need not find out by itself that nobody waits for it any more.
    if (why === 'logged-out' && !this.isOver && !this.#isCancelled) this.#sayCancel();
    this.endOn(why, () => {
      if (why === 'logged-out' || this.#isCancelled) this.#tellCancelled();
      else if (why === 'turned-away') this.#fail('NOT_LOGGEDIN');
      else this.#fail(this.parts.dialect.otherLocalFailure);
    });
  }

  protected advance(view: InvitationView): void {
    const leastMs = view.state === 'accepting' ? CONFIRM_TIMEOUT_MS : 0;
    const ms = Math.max(view.remainingMs, leastMs) + WORD_MARGIN_MS;
    this.expectWithin(ms, () => this.#failNow('INVITATION_EXPIRE'));
    if (!this.#isKnown) {
      this.#unheard = view;
      return;
    }
    // The server refused it if it came first, or if an unanswered invitation was done all the same.
    if (this.#isCancelled && !isFinal(view)) this.#sayCancel();
    switch (view.state) {
      case 'sent':
        return;
      case 'received':
        return this.#reached();
      case 'accepting':
        // An app that has cancelled hears of no acceptance: it is not confirmed, and so it never was.
        return this.#isCancelled ? undefined : this.#confirm();
      case 'accepted':
        return this.#isCancelled ? this.#endTooLate() : this.#accept(view);
      case 'refused':
        return this.#isCancelled ? this.#endCancelled() : this.#refuse(view);
      case 'cancelled':
        return this.#endCancelled();
      case 'failed':
        return this.#failNow(REASONS[view.failure ?? 'expired']);
    }
  }

  protected endThere(): void {
    this.#sayCancel();
  }

  #requireIdle(): void {
    const { dialect } = this.parts;
    if (this.isOver) throw callError(dialect, 'ALREADY_END');
    if (this.state !== 'IDLE') throw callError(dialect, 'ALREADY_SENT');
  }

  #text(name: string, value: unknown): string {
    const flaw = flawOfText(value, MAX_CONTENT_BYTES);
    if (flaw === undefined) return value as string;
    throw callError(this.parts.dialect, 'INVALID_ARGUMENT', `${name} ${flaw}.`);
  }

  /** The callee's page has it; in RTM that comes before every answer. */
  #reached(): void {
    if (this.#isCancelled || this.state !== 'SENT_TO_REMOTE') return;
    this.state = 'RECEIVED_BY_REMOTE';
    this.#tell('LocalInvitationReceivedByPeer');
  }

  #accept({ response }: InvitationView): void {
    this.#reached();
    this.response = response;
    this.end(() => {
      this.parts.accepted(this);
      this.state = 'ACCEPTED_BY_REMOTE';
      this.#tell('LocalInvitationAccepted', response);
    });
  }

  /** The app is told once the server has taken it: else the two sides might believe in different ends. */
  #confirm(): void {
    this.#reached();
    if (this.#isConfirming) return;
    this.#isConfirming = true;
    const request = { type: 'rtm-confirm', invitation: this.id } as const;
    this.insist(
      () => request,
      () => !this.isOver && !this.#isCancelled,
    );
  }

  #refuse({ response }: InvitationView): void {
    this.#reached();
    this.response = response;
    this.end(() => {
      this.state = 'REFUSED_BY_REMOTE';
      this.#tell('LocalInvitationRefused', response);
    });
  }

  /** The acceptance stands, and was cancelled after its confirmation: where that is possible, the callee hears of it. */
  #endTooLate(): void {
    if (this.parts.dialect.hangsUp) this.parts.hangUp(this.calleeId, this.id);
    this.#endCancelled();
  }

  #endCancelled(): void {
    this.end(() => this.#tellCancelled());
  }

  #tellCancelled(): void {
    this.state = 'CANCELED';
    this.#tell('LocalInvitationCanceled');
  }

  #failNow(reason: LocalInvitationFailureReason): void {
    this.end(() => (this.#isCancelled ? this.#tellCancelled() : this.#fail(reason)));
  }

  #fail(reason: LocalInvitationFailureReason): void {
    this.state = 'FAILURE';
    this.#tell('LocalInvitationFailure', reason);
  }

  #sayCancel(): void {
    if (this.#isSayingCancel) return;
    this.#isSayingCancel = true;
    const request = { type: 'rtm-cancel', invitation: this.id } as const;
    this.parts
      .insist(
        () => request,
        () => true,
      )
      .finally(() => (this.#isSayingCancel = false))
      // What is refused for good, the newest view explains.
      .catch(() => undefined);
  }

  #hangUp(): void {
    this.state = 'CANCELED';
    this.parts.done(this.id);
    this.parts.hangUp(this.calleeId, this.id);
    this.parts.clock.after(0, () => this.#tell('LocalInvitationCanceled'));
  }
}

const REASONS: Readonly<Record<InvitationFailure, LocalInvitationFailureReason>> = {
  'peer-offline': 'PEER_OFFLINE',
  'no-response': 'PEER_NO_RESPONSE',
  expired: 'INVITATION_EXPIRE',
  'not-confirmed': 'INVITATION_EXPIRE',
  'caller-gone': 'NOT_LOGGEDIN',
};
