import type { Clock, UserId } from '@ringline/client';
import type { RequestBody } from '@ringline/client/extension';
import type { InvitationId, RtmMessage } from '@ringline/protocol';
import { RTM_MESSAGE_TIMEOUT_MS, RTM_OFFLINE_AFTER_MS } from '@ringline/protocol';
import { flawOfUid } from './checks.ts';
import { PEER_MESSAGE } from './failures.ts';
import type { Line } from './line.ts';
import { bodyOf, hangUpBody, hungUpIn, messageOf, propertiesOf } from './messages.ts';
import { ANSWER_MARGIN_MS, HANG_UP_AGAIN_MS, REMEMBERED_MESSAGES } from './timing.ts';
import type { AnyMessage, MessageProperties, PeerMessageSendResult } from './types.ts';

/** What is told of messages from users. */
export interface PeerMessageEvents {
  message(message: AnyMessage, peerId: UserId, properties: MessageProperties): void;
  /** The caller's door says that an accepted invitation is over. */
  hungUp(invitation: InvitationId, by: UserId): void;
}

/** Messages between two users. */
export class PeerMessages {
  readonly #line: Line;
  readonly #clock: Clock;
  readonly #events: PeerMessageEvents;
  readonly #handedOut = new Set<string>();

  constructor(line: Line, clock: Clock, events: PeerMessageEvents) {
    this.#line = line;
    this.#clock = clock;
    this.#events = events;
  }

  async send(message: unknown, peerId: unknown): Promise<PeerMessageSendResult> {
    this.#line.require(PEER_MESSAGE);
    const flaw = flawOfUid(peerId);
    if (flaw !== undefined) {
      throw this.#line.error('PEER_MESSAGE_ERR_INVALID_USERID', `peerId ${flaw}.`);
    }
    const to = peerId as UserId;
    const body = bodyOf(message, this.#line.dialect.hasRawMessages);
    if ('flaw' in body) throw this.#line.error(PEER_MESSAGE.invalid, body.flaw);
    // The server says by then that the peer has not received it.
    const timeoutMs = RTM_MESSAGE_TIMEOUT_MS + ANSWER_MARGIN_MS;
    // It waits for its peer: what is said to others, and all else, does not.
    const options = { timeoutMs, isKept: false };
    const request = { type: 'rtm-send', message: this.#line.freshId(), to, body } as const;
    const { received } = await this.#line.ask(PEER_MESSAGE, () => request, options);
    return { hasPeerReceived: received };
  }

  /** A message came: said so each time, and handed out once. */
  receive({ message: id, from, at, body }: RtmMessage): void {
    this.#line.say({ type: 'rtm-got', from, message: id });
    const name = `${id} ${from}`;
    if (this.#handedOut.has(name)) return;
    this.#remember(name);
    const hungUp = hungUpIn({ body });
    if (hungUp !== undefined) return this.#events.hungUp(hungUp, from);
    const { dialect } = this.#line;
    const message = messageOf(body, dialect.hasRawMessages);
    this.#events.message(message, from, propertiesOf(at, dialect));
  }

  /** Tells the door of the callee that an accepted invitation is over, until it has it or its login is over. */
  hangUp(to: UserId, invitation: InvitationId): void {
    const body = hangUpBody(invitation);
    const request = { type: 'rtm-send', message: this.#line.freshId(), to, body } as const;
    this.#sayUntilReceived(request).catch(() => undefined);
  }

  /** Until the peer has it, or its login is over that may have been lost a moment ago. */
  async #sayUntilReceived(request: RequestBody): Promise<void> {
    const { uid } = this.#line;
    let until: number | undefined;
    while (this.#line.uid === uid) {
      // It waits for its peer, as every message does: no command waits for it.
      const answer = await this.#line.insistOn(() => request, undefined, { isKept: false });
      if (answer === false || (answer.type === 'rtm-sent' && answer.received)) return;
      const now = this.#clock.now();
      until ??= now + RTM_OFFLINE_AFTER_MS;
      if (now >= until) return;
      await new Promise<void>((resolve) => void this.#clock.after(HANG_UP_AGAIN_MS, resolve));
    }
  }

  #remember(name: string): void {
    this.#handedOut.add(name);
    const [oldest = name] = this.#handedOut;
    if (this.#handedOut.size > REMEMBERED_MESSAGES) this.#handedOut.delete(oldest);
  }
}
