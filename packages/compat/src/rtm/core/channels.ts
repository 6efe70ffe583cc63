import type { Clock, UserId } from '@ringline/client';
import type {
  RtmChannelMessage,
  RtmMembersChanged,
  RtmAttributesChanged,
} from '@ringline/protocol';
import {
  MAX_COUNTED_CHANNELS,
  MAX_JOINED_CHANNELS,
  MAX_MISSED_CHANNEL_MESSAGES,
} from '@ringline/protocol';
import { channelAttributes } from './attributes.ts';
import type { JoinedChannels } from './channel.ts';
import { Channel } from './channel.ts';
import { flawOfChannelId } from './checks.ts';
import { COUNT } from './failures.ts';
import type { Line } from './line.ts';
import { READING } from './line.ts';
import { messageOf, propertiesOf } from './messages.ts';
import type { ChannelMemberCountResult } from './types.ts';

/** The channels that this login is in. */
export class Channels implements JoinedChannels {
  readonly #line: Line;
  readonly #clock: Clock;
  readonly #joined = new Map<string, Channel>();
  /** Of each channel the messages that were heard last, as many as are told again at most. */
  readonly #heard = new Map<string, Set<string>>();

  constructor(line: Line, clock: Clock) {
    this.#line = line;
    this.#clock = clock;
  }

  create(id: unknown): Channel {
    const flaw = flawOfChannelId(id);
    if (flaw !== undefined) {
      throw this.#line.error('CREATE_CHANNEL_ERR_INVALID_ARGUMENT', `channelId ${flaw}.`);
    }
    return new Channel(id as string, this.#clock, this.#line, this);
  }

  async count(ids: unknown): Promise<ChannelMemberCountResult> {
    this.#line.require(COUNT);
    const channels = this.#checked(ids);
    const { counts } = await this.#line.ask(
      COUNT,
      () => ({ type: 'rtm-count', channels }),
      READING,
    );
    return Object.fromEntries(channels.map((channel, i) => [channel, counts[i] ?? 0]));
  }

  /** Which channel of this id is joined, or about to be. */
  of(id: string): Channel | undefined {
    return this.#joined.get(id);
  }

  get isFull(): boolean {
    return this.#joined.size >= MAX_JOINED_CHANNELS;
  }

  add(channel: Channel): void {
    this.#joined.set(channel.id, channel);
  }

  remove(channel: Channel): void {
    if (this.#joined.get(channel.id) !== channel) return;
    this.#joined.delete(channel.id);
    this.#heard.delete(channel.id);
  }

  /** One that was missed over a reconnect may be told a second time: each is told to the app once. */
  message({ message: id, channel, from, at, body }: RtmChannelMessage): void {
    const { dialect } = this.#line;
    const joined = this.of(channel);
    if (!joined || !this.#isNews(channel, `${id} ${from}`)) return;
    const message = messageOf(body, dialect.hasRawMessages);
    joined.tell('ChannelMessage', message, from, propertiesOf(at, dialect));
  }

  membersChanged({ channel, joined, left, count }: RtmMembersChanged): void {
    const isOther = (user: UserId) => user !== this.#line.uid;
    this.of(channel)?.membersChanged(joined.filter(isOther), left.filter(isOther), count);
  }

  attributesChanged({ channel, attributes }: RtmAttributesChanged): void {
    this.of(channel)?.tell('AttributesUpdated', channelAttributes(attributes));
  }

  /** The server counts this user as a member no more: it joins again. */
  rejoin(): void {
    for (const [channel, object] of this.#joined) {
      const isWanted = () => object.isJoined && this.of(channel) === object;
      this.#line.insist(() => ({ type: 'rtm-join', channel }), isWanted);
    }
  }

  #isNews(channel: string, key: string): boolean {
    const heard = this.#heard.get(channel) ?? new Set<string>();
    if (heard.has(key)) return false;
    this.#heard.set(channel, heard.add(key));
    const [oldest] = heard;
    if (heard.size > MAX_MISSED_CHANNEL_MESSAGES && oldest !== undefined) heard.delete(oldest);
    return true;
  }

  /** The user has logged out, or was turned away. */
  forget(): void {
    this.#heard.clear();
    for (const channel of this.#joined.values()) channel.forget();
    this.#joined.clear();
  }

  #checked(ids: unknown): readonly string[] {
    if (!Array.isArray(ids) || ids.length === 0) {
      throw this.#line.error(COUNT.invalid, 'Give a list of channel ids that is not empty.');
    }
    if (ids.length > MAX_COUNTED_CHANNELS) {
      const words = `At most ${MAX_COUNTED_CHANNELS} channels, these are ${ids.length}.`;
      throw this.#line.error('GET_CHANNEL_MEMBER_COUNT_ERR_EXCEED_LIMIT', words);
    }
    for (const [i, id] of ids.entries()) {
      const flaw = flawOfChannelId(id);
      if (flaw !== undefined) throw this.#line.error(COUNT.invalid, `channelIds.${i} ${flaw}.`);
    }
    return ids as readonly string[];
  }
}
