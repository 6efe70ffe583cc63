import { OUTCOMES } from '@ringline/protocol';
import type { CallRecord, MemberQuality, Peer } from '@ringline/protocol';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { defined } from '../defined.ts';
import type { CallQuality, DirectoryEntry, Store } from '../store/store.ts';
import type { BearerOf } from './bearer.ts';
import { HttpError } from './errors.ts';
import {
  SPAN_FLAW,
  digits,
  isSpan,
  limit,
  page,
  takesNoQuery,
  userId,
  validated,
} from './validate.ts';

/** What the REST API reads. */
export type RestStore = Pick<
  Store,
  'records' | 'missedCalls' | 'quality' | 'inbox' | 'inboxHead' | 'conversations' | 'directory'
>;

const RecordsQuery = z
  .strictObject({
    cursor: digits.optional(),
    limit,
    peer: userId.optional(),
    outcome: z.enum(OUTCOMES).optional(),
    from: digits.optional(),
    to: digits.optional(),
  })
  .refine(isSpan, SPAN_FLAW);

const InboxQuery = z.strictObject({ cursor: digits.default(0), limit });

const ConversationsQuery = z.strictObject({
  cursor: digits.optional(),
  limit,
  peer: userId.optional(),
});

const UsersQuery = z.strictObject({ cursor: userId.optional(), limit });

/** The REST API of a token's user, below `/v1`: its call records, its inbox and conversations, the users seen here. */
export function serveRest(app: FastifyInstance, store: RestStore, bearerOf: BearerOf): void {
  app.get('/v1/records', async (request) => {
    const { user } = await bearerOf(request);
    const { cursor, ...query } = validated(RecordsQuery, request.query, 'query');
    const found = await store.records({
      user,
      ...defined({ ...query, before: cursor }),
      limit: query.limit + 1,
    });
    const { items, next } = page(found, query.limit, (stored) => stored.position);
    return {
      items: await withQuality(
        items.map(({ record }) => record),
        store,
      ),
      next,
    };
  });

  app.get('/v1/records/missed', async (request) => {
    const { user } = await bearerOf(request);
    await takesNoQuery(request);
    return { count: await store.missedCalls(user) };
  });

  app.get('/v1/inbox', async (request) => {
    const { user } = await bearerOf(request);
    const query = validated(InboxQuery, request.query, 'query');
    const head = await store.inboxHead(user);
    const found = await store.inbox(user, query.cursor, query.limit + 1);
    return { ...page(found, query.limit, (item) => item.cursor), head };
  });

  app.get('/v1/conversations', async (request) => {
    const { user } = await bearerOf(request);
    const { cursor, peer, limit: max } = validated(ConversationsQuery, request.query, 'query');
    const wanted = { user, ...defined({ peer, before: cursor }), limit: max + 1 };
    const found = await store.conversations(wanted);
    return page(found, max, ({ last }) => last.cursor);
  });

  app.get('/v1/users', async (request) => {
    const { policy } = await bearerOf(request);
    if (!policy.directory) throw new HttpError('not-permitted', NO_DIRECTORY);
    const query = validated(UsersQuery, request.query, 'query');
    const found = await store.directory(query.cursor, query.limit + 1);
    const { items, next } = page(found, query.limit, (entry) => entry.user);
    return { items: policy.presence ? items : items.map(withoutPresence), next };
  });
}

const NO_DIRECTORY =
  'This server, or the token, does not permit to list users. Take them from your own contacts.';

/** Who it is, without a word of whether and when the user was there. */
function withoutPresence({ user, name, avatar }: DirectoryEntry): Peer {
  return { user, ...defined({ name, avatar }) };
}

/** Each record with what its members reported; the record itself never changes. */
async function withQuality(records: readonly CallRecord[], store: RestStore): Promise<object[]> {
  const found = await store.quality(records.map(({ call }) => call));
  return records.map((record) => ({
    ...record,
    quality: found.filter(({ call }) => call === record.call).map(memberQuality),
  }));
}

function memberQuality(stored: CallQuality): MemberQuality {
  const { call: _, ...quality } = stored;
  return quality;
}
