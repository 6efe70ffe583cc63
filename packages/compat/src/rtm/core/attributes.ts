import type { Attribute, AttributeSet, AttributesOf, UserId } from '@ringline/protocol';
import {
  MAX_ATTRIBUTES,
  MAX_ATTRIBUTE_BYTES,
  MAX_ATTRIBUTE_KEY_BYTES,
  MAX_CHANNEL_ATTRIBUTES_BYTES,
  MAX_USER_ATTRIBUTES_BYTES,
  utf8Length,
} from '@ringline/protocol';
import { flawOfChannelId, flawOfText, flawOfUid } from './checks.ts';
import type { CodeName } from './dialect.ts';
import { ATTRIBUTES } from './failures.ts';
import type { Line } from './line.ts';
import { READING } from './line.ts';
import type { AttributesMap, ChannelAttributeOptions, ChannelAttributes } from './types.ts';

/** What is changed of attributes. */
interface Change {
  readonly replace?: boolean;
  readonly set?: readonly AttributeSet[];
  readonly remove?: readonly string[];
}

/** Attributes of users and of channels. */
export class Attributes {
  readonly #line: Line;
  /** This user's own, so that a login that was away for too long sets them again. */
  readonly #own = new Map<string, string>();
  /** Changes of them that are not answered yet, in order. */
  #underWay: readonly Change[] = [];
  /** Counts what sets them again: the newest alone is wanted. */
  #restorals = 0;

  constructor(line: Line) {
    this.#line = line;
  }

  setOwn(attributes: unknown): Promise<void> {
    return this.#changeOwn(() => ({
      replace: true,
      set: this.#entries(attributes, MAX_USER_ATTRIBUTES_BYTES),
    }));
  }

  updateOwn(attributes: unknown): Promise<void> {
    return this.#changeOwn(() => ({ set: this.#entries(attributes, MAX_USER_ATTRIBUTES_BYTES) }));
  }

  deleteOwn(keys: unknown): Promise<void> {
    return this.#changeOwn(() => ({ remove: this.#keys(keys) }));
  }

  clearOwn(): Promise<void> {
    return this.#changeOwn(() => ({ replace: true }));
  }

  async ofUser(userId: unknown, keys?: unknown): Promise<AttributesMap> {
    this.#line.require(ATTRIBUTES);
    const user = this.#user(userId);
    const found = await this.#read({ kind: 'user', user }, keys);
    return Object.fromEntries(found.map(({ key, value }) => [key, value]));
  }

  set(channel: unknown, attributes: unknown, options?: ChannelAttributeOptions): Promise<void> {
    return this.#change(channel, options, () => ({
      replace: true,
      set: this.#entries(attributes, MAX_CHANNEL_ATTRIBUTES_BYTES),
    }));
  }

  update(channel: unknown, attributes: unknown, options?: ChannelAttributeOptions): Promise<void> {
    return this.#change(channel, options, () => ({
      set: this.#entries(attributes, MAX_CHANNEL_ATTRIBUTES_BYTES),
    }));
  }

  delete(channel: unknown, keys: unknown, options?: ChannelAttributeOptions): Promise<void> {
    return this.#change(channel, options, () => ({ remove: this.#keys(keys) }));
  }

  clear(channel: unknown, options?: ChannelAttributeOptions): Promise<void> {
    return this.#change(channel, options, () => ({ replace: true }));
  }

  async ofChannel(channelId: unknown, keys?: unknown): Promise<ChannelAttributes> {
    this.#line.require(ATTRIBUTES);
    const channel = this.#channel(channelId);
    return channelAttributes(await this.#read({ kind: 'channel', channel }, keys));
  }

  /** The server has cleared this user's own: they are set again. */
  restore(): void {
    const restoral = ++this.#restorals;
    if (this.#ownSoon().size === 0) return;
    const build = () => {
      const set = Array.from(this.#ownSoon(), ([key, value]) => ({ key, value }));
      return request(this.#ownOf(), { replace: true, set });
    };
    this.#line.insist(build, () => restoral === this.#restorals);
  }

  /** The user has logged out: its attributes are gone. */
  forget(): void {
    this.#restorals++;
    this.#own.clear();
  }

  async #changeOwn(make: () => Change): Promise<void> {
    this.#line.require(ATTRIBUTES);
    const change = make();
    this.#underWay = [...this.#underWay, change];
    try {
      await this.#line.ask(ATTRIBUTES, () => request(this.#ownOf(), change));
      apply(change, this.#own);
    } finally {
      this.#underWay = this.#underWay.filter((each) => each !== change);
    }
  }

  /** This user's own once what is under way is done: what is said later must not undo it. */
  #ownSoon(): ReadonlyMap<string, string> {
    const soon = new Map(this.#own);
    for (const change of this.#underWay) apply(change, soon);
    return soon;
  }

  async #change(
    channelId: unknown,
    options: ChannelAttributeOptions | undefined,
    make: () => Change,
  ): Promise<void> {
    this.#line.require(ATTRIBUTES);
    const channel = this.#channel(channelId);
    const change = make();
    const notify = options?.enableNotificationToChannelMembers === true;
    await this.#line.ask(ATTRIBUTES, () => request({ kind: 'channel', channel }, change, notify));
  }

  async #read(of: AttributesOf, keys: unknown): Promise<readonly Attribute[]> {
    const wanted = keys === undefined ? {} : { keys: this.#keys(keys) };
    const build = () => ({ type: 'rtm-get-attributes', of, ...wanted }) as const;
    const { attributes } = await this.#line.ask(ATTRIBUTES, build, READING);
    return attributes;
  }

  #ownOf(): AttributesOf {
    return { kind: 'user', user: this.#line.uid };
  }

  #entries(attributes: unknown, most: number): AttributeSet[] {
    if (typeof attributes !== 'object' || attributes === null) {
      throw this.#bad('Attributes are an object of strings.');
    }
    const entries = Object.entries(attributes as Record<string, unknown>);
    if (entries.length === 0) throw this.#bad('There are no attributes in it.');
    if (entries.length > MAX_ATTRIBUTES) {
      throw this.#over(`At most ${MAX_ATTRIBUTES} attributes, these are ${entries.length}.`);
    }
    const set = entries.map(([key, value]) => this.#entry(key, value));
    const bytes = set.reduce((sum, { key, value }) => sum + utf8Length(key) + utf8Length(value), 0);
    if (bytes > most) throw this.#over(`At most ${most} bytes together, these are ${bytes}.`);
    return set;
  }

  #entry(key: string, value: unknown): AttributeSet {
    this.#checkKey(key);
    if (typeof value !== 'string' || !value.isWellFormed()) {
      throw this.#bad(`The value of ${key} must be a string.`);
    }
    const flaw = flawOfText(value, MAX_ATTRIBUTE_BYTES);
    if (flaw !== undefined) throw this.#over(`The value of ${key} ${flaw}.`);
    return { key, value };
  }

  #keys(keys: unknown): string[] {
    if (!Array.isArray(keys) || keys.length === 0 || keys.length > MAX_ATTRIBUTES) {
      throw this.#bad(`Give a list of 1 to ${MAX_ATTRIBUTES} keys.`);
    }
    for (const key of keys) this.#checkKey(key);
    return keys as string[];
  }

  #checkKey(key: unknown): void {
    const flaw = key === '' ? 'is empty' : flawOfText(key, MAX_ATTRIBUTE_KEY_BYTES);
    if (flaw !== undefined) throw this.#bad(`The key ${String(key)} ${flaw}.`);
  }

  #user(userId: unknown): UserId {
    const flaw = flawOfUid(userId);
    if (flaw !== undefined) throw this.#bad(`userId ${flaw}.`);
    return userId as UserId;
  }

  #channel(channelId: unknown): string {
    const flaw = flawOfChannelId(channelId);
    if (flaw !== undefined) throw this.#bad(`channelId ${flaw}.`);
    return channelId as string;
  }

  #bad(words: string) {
    return this.#line.error(ATTRIBUTES.invalid, words);
  }

  #over(words: string) {
    const name: CodeName = 'ATTRIBUTE_OPERATION_ERR_SIZE_OVERFLOW';
    return this.#line.error(name, words);
  }
}

function apply({ replace = false, set = [], remove = [] }: Change, to: Map<string, string>): void {
  if (replace) to.clear();
  for (const { key, value } of set) to.set(key, value);
  for (const key of remove) to.delete(key);
}

function request(
  of: AttributesOf,
  { replace = false, set = [], remove = [] }: Change,
  notify = false,
) {
  return { type: 'rtm-set-attributes', of, replace, set, remove, notify } as const;
}

/** Attributes of a channel as RTM gives them. */
export function channelAttributes(found: readonly Attribute[]): ChannelAttributes {
  return Object.fromEntries(
    found.map(({ key, value, by, at }) => [key, { value, lastUpdateUserId: by, lastUpdateTs: at }]),
  );
}
