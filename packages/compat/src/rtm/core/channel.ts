import type { Clock, UserId } from '@ringline/client';
import { RinglineError } from '@ringline/client';
import { MAX_JOINED_CHANNELS } from '@ringline/protocol';
import { CHANNEL_MESSAGE, JOIN, LEAVE, MEMBERS } from './failures.ts';
import type { Line } from './line.ts';
import { READING } from './line.ts';
import type { Tell } from './listeners.ts';
import { bodyOf } from './messages.ts';
import { Rate } from './rate.ts';
import { RtmError } from './rtm-error.ts';
import { MAX_JOINS_OF_A_CHANNEL_PER_5_S } from './timing.ts';
import type { AnyMessage, ChannelAttributes, MessageProperties } from './types.ts';

/** What a channel tells. */
export interface ChannelEvents {
  ChannelMessage(message: AnyMessage, memberId: UserId, properties: MessageProperties): void;
  MemberJoined(memberId: UserId): void;
  MemberLeft(memberId: UserId): void;
  MemberCountUpdated(memberCount: number): void;
  AttributesUpdated(attributes: ChannelAttributes): void;
}

/** The channels that are joined, or about to be. */
export interface JoinedChannels {
  of(id: string): Channel | undefined;
  readonly isFull: boolean;
  add(channel: Channel): void;
  remove(channel: Channel): void;
}

/** One channel as one object of the app sees it. */
export class Channel {
  readonly id: string;
  isJoined = false;
  /** How the app is told. */
  tell: Tell<ChannelEvents> = () => {};
  readonly #line: Line;
  readonly #channels: JoinedChannels;
  readonly #rate: Rate;
  /** The join that is under way, until it is aborted: how that is done. */
  #joining: { readonly abort: (error: RtmError) => void } | undefined;
  #count: number | undefined;

  constructor(id: string, clock: Clock, line: Line, channels: JoinedChannels) {
    this.id = id;
    this.#line = line;
    this.#channels = channels;
    this.#rate = new Rate(clock, MAX_JOINS_OF_A_CHANNEL_PER_5_S, 5_000);
  }

  async join(): Promise<void> {
    this.#line.require(JOIN);
    this.#requireFree();
    this.#channels.add(this);
    let abort: (error: RtmError) => void = () => {};
    const aborted = new Promise<never>((_, reject) => (abort = reject));
    const joining = { abort };
    this.#joining = joining;
    try {
      const { id: channel } = this;
      const asked = this.#line.ask(JOIN, () => ({ type: 'rtm-join', channel }));
      await Promise.race([asked, aborted]);
    } catch (error) {
      // Aborted, it has no say any more: the app may have begun another.
      if (this.#joining === joining) this.#giveUpJoin(error);
      throw error;
    }
    if (this.#joining !== joining) throw this.#abortedByLeave();
    this.#joining = undefined;
    this.isJoined = true;
  }

  async leave(): Promise<void> {
    this.#line.require(LEAVE);
    if (this.#joining === undefined && !this.isJoined) {
      throw this.#line.error('LEAVE_CHANNEL_ERR_NOT_IN_CHANNEL', 'It was not joined.');
    }
    this.#joining?.abort(this.#abortedByLeave());
    this.#joining = undefined;
    this.forget();
    this.#channels.remove(this);
    const { id: channel } = this;
    try {
      await this.#line.ask(LEAVE, () => ({ type: 'rtm-leave', channel }));
    } catch (error) {
      this.#sayLeft(error);
      throw error;
    }
  }

  /** It is left: what was known of its members counts no more when it is joined again. */
  forget(): void {
    this.isJoined = false;
    this.#count = undefined;
  }

  async members(): Promise<UserId[]> {
    this.#line.require(MEMBERS);
    if (!this.isJoined) throw this.#line.error('GET_MEMBERS_ERR_NOT_IN_CHANNEL', JOIN_FIRST);
    const { id: channel } = this;
    const { members } = await this.#line.ask(
      MEMBERS,
      () => ({ type: 'rtm-members', channel }),
      READING,
    );
    return [...members];
  }

  async send(message: unknown): Promise<void> {
    this.#line.require(CHANNEL_MESSAGE);
    const body = bodyOf(message, this.#line.dialect.hasRawMessages);
    if ('flaw' in body) throw this.#line.error(CHANNEL_MESSAGE.invalid, body.flaw);
    if (!this.isJoined) throw this.#line.error('CHANNEL_MESSAGE_ERR_NOT_IN_CHANNEL', JOIN_FIRST);
    const { id: channel } = this;
    const request = { type: 'rtm-publish', message: this.#line.freshId(), channel, body } as const;
    await this.#line.ask(CHANNEL_MESSAGE, () => request);
  }

  membersChanged(joined: readonly UserId[], left: readonly UserId[], count: number): void {
    for (const user of joined) this.tell('MemberJoined', user);
    for (const user of left) this.tell('MemberLeft', user);
    if (count === this.#count) return;
    this.#count = count;
    this.tell('MemberCountUpdated', count);
  }

  #giveUpJoin(error: unknown): void {
    this.#joining = undefined;
    this.#channels.remove(this);
    this.#sayLeft(error);
  }

  /** What has failed for want of an answer the server may have done, or not: it counts this user as no member, unless the channel is joined anew. */
  #sayLeft(error: unknown): void {
    const cause = error instanceof RtmError ? error.cause : undefined;
    if (!(cause instanceof RinglineError) || cause.code !== 'timeout') return;
    const { id: channel } = this;
    const isLeft = () => this.#channels.of(channel) === undefined;
    this.#line.insist(() => ({ type: 'rtm-leave', channel }), isLeft);
  }

  #abortedByLeave(): RtmError {
    return this.#line.error('JOIN_CHANNEL_ERR_ABORTED_BY_LEAVE', 'leave() was called.');
  }

  #requireFree(): void {
    const other = this.#channels.of(this.id);
    if (other === this) {
      throw this.#line.error('JOIN_CHANNEL_ERR_ALREADY_JOINED', 'It was joined already.');
    }
    if (other !== undefined) {
      const words = 'Another object of this channel was joined; use that one, or leave it.';
      throw this.#line.error('JOIN_CHANNEL_ERR_ALREADY_JOINED_CHANNEL_OF_SAME_ID', words);
    }
    if (this.#channels.isFull) {
      const words = `At most ${MAX_JOINED_CHANNELS} channels; leave one.`;
      throw this.#line.error('JOIN_CHANNEL_ERR_EXCEED_LIMIT', words);
    }
    if (!this.#rate.take()) {
      const words = `At most ${MAX_JOINS_OF_A_CHANNEL_PER_5_S} joins of one channel in 5 s.`;
      throw this.#line.error('JOIN_CHANNEL_ERR_JOIN_SAME_CHANNEL_TOO_OFTEN', words);
    }
  }
}

const JOIN_FIRST = 'Join the channel first.';
