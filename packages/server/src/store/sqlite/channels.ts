import type { Actor } from '@ringline/call';
import type { Attribute, AttributesOf, UserId } from '@ringline/protocol';
import { NO_ATTRIBUTES } from '../rows.ts';
import type { ChannelMembers, NewAttributes, StoredAttributes } from '../rtm.ts';
import type { Database } from './driver.ts';

/** The members of channels, and the attributes of these and of users. */
export class SqliteChannels {
  readonly #statements: ReturnType<typeof statementsOf>;

  constructor(database: Database) {
    this.#statements = statementsOf(database);
  }

  count(channel: string): number {
    return (this.#statements.count.get(channel) as { count: number }).count;
  }

  members(channel: string, limit: number): ChannelMembers {
    const rows = this.#statements.members.all(channel, limit) as { user: UserId }[];
    return { members: rows.map(({ user }) => user), count: this.count(channel) };
  }

  attributes(of: AttributesOf): StoredAttributes {
    const row = this.#statements.attributes.get(of.kind, nameOf(of)) as
      | { n: number; body: string }
      | undefined;
    if (row === undefined) return NO_ATTRIBUTES;
    return { version: row.n, attributes: JSON.parse(row.body) as Attribute[] };
  }

  write({ of, attributes }: NewAttributes, at: number): void {
    const isEmpty = of.kind === 'channel' && !this.#hasMembers(of.channel);
    const emptySince = isEmpty ? at : null;
    this.#statements.write.run(of.kind, nameOf(of), JSON.stringify(attributes), emptySince);
  }

  forget(of: AttributesOf): void {
    this.#statements.forget.run(of.kind, nameOf(of));
  }

  forgetEmpty(before: number, limit: number): number {
    return this.#statements.forgetEmpty.all(before, limit).length;
  }

  join(channel: string, { user, device }: Actor): void {
    this.#statements.join.run(channel, user, device);
    this.#statements.joined.run(channel);
  }

  /** The attributes of a channel go with its last member. */
  leave(channel: string, { user, device }: Actor): void {
    this.#statements.leave.run(channel, user, device);
    if (!this.#hasMembers(channel)) this.forget({ kind: 'channel', channel });
  }

  #hasMembers(channel: string): boolean {
    return this.#statements.anyMember.get(channel) !== undefined;
  }
}

function nameOf(of: AttributesOf): string {
  return of.kind === 'user' ? of.user : of.channel;
}

function statementsOf(database: Database) {
  return {
    anyMember: database.prepare('SELECT 1 FROM members WHERE channel = ? LIMIT 1'),
    count: database.prepare('SELECT count(DISTINCT user) AS count FROM members WHERE channel = ?'),
    members: database.prepare(
      'SELECT DISTINCT user FROM members WHERE channel = ? ORDER BY user LIMIT ?',
    ),
    join: database.prepare('INSERT INTO members (channel, user, device) VALUES (?, ?, ?)'),
    leave: database.prepare('DELETE FROM members WHERE channel = ? AND user = ? AND device = ?'),
    attributes: database.prepare('SELECT n, body FROM attributes WHERE kind = ? AND name = ?'),
    // A row that takes the place of another has a number of its own.
    write: database.prepare(
      'INSERT OR REPLACE INTO attributes (kind, name, body, empty_since) VALUES (?, ?, ?, ?)',
    ),
    joined: database.prepare(`
      UPDATE attributes SET empty_since = NULL
      WHERE kind = 'channel' AND name = ? AND empty_since IS NOT NULL`),
    forgetEmpty: database.prepare(`
      DELETE FROM attributes WHERE n IN (
        SELECT n FROM attributes WHERE empty_since < ? ORDER BY empty_since LIMIT ?)
      RETURNING n`),
    forget: database.prepare('DELETE FROM attributes WHERE kind = ? AND name = ?'),
  };
}
