/**
 * What a column holds, where stores write it in different ways: an id or name that users choose (`key`), a
 * number, a word or JSON of ours (`text`), whether something is so (`flag`), a list of ids (`keys`).
 */
export type ColumnKind = 'key' | 'text' | 'number' | 'flag' | 'keys';

/** A table as it is transferred. */
export interface TransferTable {
  readonly name: string;
  /** By which rows are read in portions, each once. */
  readonly order: readonly string[];
  readonly columns: Readonly<Record<string, ColumnKind>>;
  /** The column that counts rows, if the store gives them their numbers. */
  readonly counts?: string;
}

/** A row by column: text, numbers, whether, and lists of ids. */
export type TransferRow = Readonly<
  Record<string, string | number | boolean | null | readonly string[]>
>;

/** Every table; one that is missing here is lost (a test compares them with the schemas). */
export const TRANSFER_TABLES: readonly TransferTable[] = [
  {
    name: 'lines',
    order: ['user'],
    columns: { user: 'key', version: 'number', calls: 'keys', announced: 'flag', records: 'flag' },
  },
  {
    name: 'calls',
    order: ['n'],
    counts: 'n',
    columns: {
      n: 'number',
      id: 'key',
      room_id: 'number',
      version: 'number',
      open: 'flag',
      deadline: 'number',
      caller: 'key',
      callee: 'key',
      claimed_until: 'number',
    },
  },
  {
    name: 'call_log',
    order: ['call', 'version'],
    columns: { call: 'number', version: 'number', at: 'number', cause: 'text', after: 'text' },
  },
  {
    name: 'records',
    order: ['position'],
    counts: 'position',
    columns: {
      position: 'number',
      call: 'key',
      caller: 'key',
      callee: 'key',
      ended_at: 'number',
      status: 'number',
      body: 'text',
    },
  },
  {
    name: 'forgotten',
    order: ['what'],
    columns: { what: 'text', position: 'number', before: 'number' },
  },
  { name: 'calls_seen', order: ['user'], columns: { user: 'key', position: 'number' } },
  {
    name: 'call_quality',
    order: ['call', 'user'],
    columns: { call: 'key', user: 'key', body: 'text' },
  },
  {
    name: 'inboxes',
    order: ['owner'],
    columns: {
      owner: 'key',
      head: 'number',
      first: 'number',
      acknowledged: 'number',
      revision: 'number',
    },
  },
  {
    name: 'messages',
    order: ['n'],
    counts: 'n',
    columns: {
      n: 'number',
      id: 'key',
      sender: 'key',
      recipient: 'key',
      sender_cursor: 'number',
      recipient_cursor: 'number',
      user_a: 'key',
      user_b: 'key',
      at: 'number',
      body: 'text',
      key: 'key',
    },
  },
  {
    name: 'inbox',
    order: ['owner', 'cursor'],
    columns: { owner: 'key', cursor: 'number', message: 'number' },
  },
  {
    name: 'conversations',
    order: ['owner', 'peer'],
    columns: {
      owner: 'key',
      peer: 'key',
      last: 'number',
      revision: 'number',
      read: 'number',
      delivered: 'number',
      peer_read: 'number',
    },
  },
  {
    name: 'devices',
    order: ['user', 'device'],
    columns: {
      user: 'key',
      device: 'key',
      version: 'number',
      last_seq: 'number',
      acknowledged: 'number',
      results: 'text',
      rest: 'text',
    },
  },
  {
    name: 'bindings',
    order: ['user', 'device'],
    columns: { user: 'key', device: 'key', incarnation: 'key' },
  },
  {
    name: 'leases',
    order: ['incarnation'],
    columns: { incarnation: 'key', until: 'number', dead: 'flag' },
  },
  { name: 'duties', order: ['duty'], columns: { duty: 'text', incarnation: 'key' } },
  {
    name: 'users',
    order: ['user'],
    columns: {
      user: 'key',
      profile: 'text',
      seen_at: 'number',
      has_left: 'flag',
      move: 'number',
    },
  },
  {
    name: 'invitations',
    order: ['n'],
    counts: 'n',
    columns: {
      n: 'number',
      id: 'key',
      version: 'number',
      caller: 'key',
      callee: 'key',
      deadline: 'number',
      over_at: 'number',
      body: 'text',
      claimed_until: 'number',
    },
  },
  {
    name: 'logins',
    order: ['user', 'device'],
    columns: { user: 'key', device: 'key', ends_at: 'number', claimed_until: 'number' },
  },
  {
    name: 'members',
    order: ['channel', 'user', 'device'],
    columns: { channel: 'key', user: 'key', device: 'key' },
  },
  {
    name: 'attributes',
    order: ['n'],
    counts: 'n',
    columns: { n: 'number', kind: 'text', name: 'key', body: 'text', empty_since: 'number' },
  },
  {
    name: 'endpoints',
    order: ['n'],
    counts: 'n',
    columns: { n: 'number', id: 'key', version: 'number', body: 'text' },
  },
  {
    name: 'events',
    order: ['n'],
    counts: 'n',
    columns: {
      n: 'number',
      id: 'key',
      type: 'text',
      key: 'key',
      sequence: 'number',
      at: 'number',
      data: 'text',
    },
  },
  {
    name: 'deliveries',
    order: ['n'],
    counts: 'n',
    columns: {
      n: 'number',
      endpoint: 'key',
      event: 'number',
      at: 'number',
      lane: 'key',
      form: 'text',
      state: 'text',
      attempts: 'number',
      due_at: 'number',
      claimed: 'flag',
      claim: 'number',
      sent_again_at: 'number',
      last_at: 'number',
      last: 'text',
    },
  },
  { name: 'missed_endpoints', order: ['id'], columns: { id: 'key', since: 'number' } },
];
