import type { Actor } from '@ringline/call';
import type { AttributesOf, UserId } from '@ringline/protocol';
import { NO_ATTRIBUTES } from '../rows.ts';
import type { ChannelMembers, NewAttributes, StoredAttributes } from '../rtm.ts';
import { compareIds } from '../compare-ids.ts';
import { freeze } from './freeze.ts';

/** The members of channels, and the attributes of these and of users. */
export class MemoryChannels {
  /** How many devices of each user are in a channel. */
  readonly #members = new Map<string, Map<UserId, number>>();
  readonly #attributes = new Map<string, StoredAttributes>();
  /** When those were set that belong to a channel without members. */
  readonly #emptySince = new Map<string, number>();
  #version = 0;

  count(channel: string): number {
    return this.#members.get(channel)?.size ?? 0;
  }

  members(channel: string, limit: number): ChannelMembers {
    const members = [...(this.#members.get(channel)?.keys() ?? [])];
    return { members: members.toSorted(compareIds).slice(0, limit), count: members.length };
  }

  attributes(of: AttributesOf): StoredAttributes {
    return this.#attributes.get(keyOf(of)) ?? NO_ATTRIBUTES;
  }

  write({ of, attributes }: NewAttributes, at: number): void {
    this.#version += 1;
    this.#attributes.set(keyOf(of), freeze({ version: this.#version, attributes }));
    if (of.kind === 'channel' && this.count(of.channel) === 0) this.#emptySince.set(keyOf(of), at);
  }

  forget(of: AttributesOf): void {
    this.#attributes.delete(keyOf(of));
    this.#emptySince.delete(keyOf(of));
  }

  forgetEmpty(before: number, limit: number): number {
    const forgotten = [...this.#emptySince]
      .filter(([, at]) => at < before)
      .toSorted(([, a], [, b]) => a - b)
      .slice(0, limit);
    for (const [key] of forgotten) {
      this.#attributes.delete(key);
      this.#emptySince.delete(key);
    }
    return forgotten.length;
  }

  join(channel: string, { user }: Actor): void {
    const members = this.#members.get(channel) ?? new Map<UserId, number>();
    this.#members.set(channel, members.set(user, (members.get(user) ?? 0) + 1));
    this.#emptySince.delete(keyOf({ kind: 'channel', channel }));
  }

  /** The attributes of a channel go with its last member. */
  leave(channel: string, { user }: Actor): void {
    const members = this.#members.get(channel);
    const devices = members?.get(user) ?? 0;
    if (devices > 1) members?.set(user, devices - 1);
    else members?.delete(user);
    if (members?.size !== 0) return;
    this.#members.delete(channel);
    this.forget({ kind: 'channel', channel });
  }
}

function keyOf(of: AttributesOf): string {
  return JSON.stringify([of.kind, of.kind === 'user' ? of.user : of.channel]);
}
