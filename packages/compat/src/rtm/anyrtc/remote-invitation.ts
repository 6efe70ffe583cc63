import type { UserId } from '@ringline/client';
import type { RemoteInvitation as Core } from '../core/invitations/remote-invitation.ts';
import type { RemoteInvitationState } from '../core/words.ts';
import { EventEmitter } from './emitter.ts';
import type { RemoteInvitationEvents } from './events.ts';

/** The callee's side of an invitation, as ar-rtm-sdk has it. */
export class RemoteInvitation extends EventEmitter<RemoteInvitationEvents> {
  readonly callerId: UserId;
  readonly content: string;
  readonly #core: Core;

  constructor(core: Core) {
    super();
    this.#core = core;
    this.callerId = core.callerId;
    this.content = core.content;
    core.tellers.push(this.emit.bind(this));
  }

  /** Of both sides: the same on each. Ringline's own. */
  get id(): string {
    return this.#core.id;
  }

  /** The vendor's name of `id`, which apps use. */
  get _callId(): string {
    return this.#core.id;
  }

  get state(): RemoteInvitationState {
    return this.#core.state;
  }

  /** A text for the caller of at most 8 KB, which `accept()` or `refuse()` takes. */
  get response(): string {
    return this.#core.response as string;
  }

  set response(response: string) {
    this.#core.response = response;
  }

  /** Another device of this user has answered it; RemoteInvitationCanceled says that it is over. Ringline's own. */
  get answeredElsewhere(): boolean {
    return this.#core.isAnsweredElsewhere;
  }

  /** Accepts it; does nothing once it was taken back or has failed. Throws ALREADY_ACCEPT, ALREADY_END, INVALID_ARGUMENT. */
  accept(): void {
    this.#core.accept();
  }

  /** Refuses it; does nothing once it was answered or has ended. Throws INVALID_ARGUMENT. */
  refuse(): void {
    this.#core.refuse();
  }
}
