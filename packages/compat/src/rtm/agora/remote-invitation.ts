import type { UserId } from '@ringline/client';
import type { RemoteInvitation as Core } from '../core/invitations/remote-invitation.ts';
import type { RemoteInvitationState } from '../core/words.ts';
import { EventEmitter } from './emitter.ts';
import type { RemoteInvitationEvents } from './events.ts';

/** The callee's side of an invitation, as agora-rtm-sdk has it. */
export class RemoteInvitation extends EventEmitter<RemoteInvitationEvents> {
  readonly callerId: UserId;
  readonly content: string;
  readonly channelId: string;
  readonly #core: Core;

  constructor(core: Core) {
    super();
    this.#core = core;
    this.callerId = core.callerId;
    this.content = core.content;
    this.channelId = core.channelId;
    core.tellers.push((name, ...args) => this.emit(name, ...args));
  }

  /** Of both sides: the same on each. Ringline's own. */
  get id(): string {
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

  /** Accepts it. Throws ALREADY_ACCEPT, ALREADY_END, INVALID_ARGUMENT. */
  accept(): void {
    this.#core.accept();
  }

  /** Refuses it. Throws ALREADY_ACCEPT, ALREADY_END, INVALID_ARGUMENT. */
  refuse(): void {
    this.#core.refuse();
  }
}
