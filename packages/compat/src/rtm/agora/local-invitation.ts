import type { UserId } from '@ringline/client';
import type { LocalInvitation as Core } from '../core/invitations/local-invitation.ts';
import type { LocalInvitationState } from '../core/words.ts';
import { EventEmitter } from './emitter.ts';
import type { LocalInvitationEvents } from './events.ts';

/** The caller's side of an invitation, as agora-rtm-sdk has it. */
export class LocalInvitation extends EventEmitter<LocalInvitationEvents> {
  readonly calleeId: UserId;
  readonly #core: Core;

  constructor(core: Core) {
    super();
    this.#core = core;
    this.calleeId = core.calleeId;
    core.tellers.push((name, ...args) => this.emit(name, ...args));
  }

  /** Of both sides: the same on each. Ringline's own. */
  get id(): string {
    return this.#core.id;
  }

  /** A text for the callee of at most 8 KB, which `send()` takes. */
  get content(): string {
    return this.#core.content as string;
  }

  set content(content: string) {
    this.#core.content = content;
  }

  /** A channel's name that goes along; nobody joins it. */
  get channelId(): string {
    return this.#core.channelId as string;
  }

  set channelId(channelId: string) {
    this.#core.channelId = channelId;
  }

  /** The callee's text, empty until there is one. */
  get response(): string {
    return this.#core.response;
  }

  get state(): LocalInvitationState {
    return this.#core.state;
  }

  /** Sends it, once. What comes of it is told by events. Throws ALREADY_SENT, ALREADY_END, INVALID_ARGUMENT. */
  send(): void {
    this.#core.send();
  }

  /** Takes it back. Throws NOT_STARTED, ALREADY_END. */
  cancel(): void {
    this.#core.cancel();
  }
}
