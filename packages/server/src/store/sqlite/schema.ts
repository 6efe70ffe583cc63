import { StoreFault } from '../store.ts';
import { inTransaction } from './driver.ts';
import type { Database } from './driver.ts';

/*
 * Bodies are JSON, which escapes U+0000 and lone surrogates, so every string survives. Ids are
 * compared bytewise: SQLite's BINARY collation over UTF-8. Tables whose rows are large keep a
 * rowid, so that what is written together lies together at the end of the file.
 */
const FOUNDATION = `
  CREATE TABLE calls (
    n INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    room_id INTEGER NOT NULL UNIQUE,
    version INTEGER NOT NULL,
    open INTEGER NOT NULL,
    deadline INTEGER
  ) STRICT;
  CREATE INDEX calls_due ON calls (deadline) WHERE open AND deadline IS NOT NULL;

  -- The newest row of a call holds its body.
  CREATE TABLE call_log (
    call INTEGER NOT NULL,
    version INTEGER NOT NULL,
    at INTEGER NOT NULL,
    cause TEXT NOT NULL,
    after TEXT NOT NULL,
    UNIQUE (call, version)
  ) STRICT;

  CREATE TABLE lines (
    user TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    calls TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE records (
    position INTEGER PRIMARY KEY,
    call TEXT NOT NULL UNIQUE,
    caller TEXT NOT NULL,
    callee TEXT NOT NULL,
    ended_at INTEGER NOT NULL,
    body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX records_of_caller ON records (caller);
  CREATE INDEX records_of_callee ON records (callee);

  CREATE TABLE inboxes (
    owner TEXT PRIMARY KEY,
    head INTEGER NOT NULL,
    acknowledged INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  -- A message is kept once, with its place in either inbox.
  CREATE TABLE messages (
    n INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    sender TEXT NOT NULL,
    recipient TEXT NOT NULL,
    sender_cursor INTEGER NOT NULL,
    recipient_cursor INTEGER NOT NULL,
    user_a TEXT NOT NULL,
    user_b TEXT NOT NULL,
    at INTEGER NOT NULL,
    body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX messages_between ON messages (user_a, user_b);

  CREATE TABLE inbox (
    owner TEXT NOT NULL,
    cursor INTEGER NOT NULL,
    message INTEGER NOT NULL,
    PRIMARY KEY (owner, cursor)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE devices (
    user TEXT NOT NULL,
    device TEXT NOT NULL,
    version INTEGER NOT NULL,
    last_seq INTEGER NOT NULL,
    acknowledged INTEGER NOT NULL,
    results TEXT NOT NULL,
    rest TEXT NOT NULL,
    UNIQUE (user, device)
  ) STRICT;

  -- The devices that are reachable.
  CREATE TABLE bindings (
    user TEXT NOT NULL,
    device TEXT NOT NULL,
    incarnation TEXT NOT NULL,
    PRIMARY KEY (user, device)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX bindings_of_incarnation ON bindings (incarnation);

  CREATE TABLE leases (
    incarnation TEXT PRIMARY KEY,
    until INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE users (
    user TEXT PRIMARY KEY,
    profile TEXT NOT NULL,
    seen_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
`;

/** Beside the records, which never change; what the same user says later takes the earlier row's place. */
const QUALITY = `
  CREATE TABLE call_quality (
    call TEXT NOT NULL,
    user TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (call, user)
  ) STRICT, WITHOUT ROWID;
`;

/** Whether those who do not reach the user may be told why by a voice. */
const ANNOUNCED = `
  ALTER TABLE lines ADD COLUMN announced INTEGER NOT NULL DEFAULT 1;
`;

/**
 * Where each user stands with each peer. What had come to a device before counts as read: nobody who
 * upgrades finds years of messages unread.
 */
const CONVERSATIONS = `
  ALTER TABLE inboxes ADD COLUMN first INTEGER NOT NULL DEFAULT 1;
  ALTER TABLE inboxes ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
  CREATE INDEX messages_to ON messages (recipient, sender, recipient_cursor, sender_cursor);

  CREATE TABLE conversations (
    owner TEXT NOT NULL,
    peer TEXT NOT NULL,
    last INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    read INTEGER NOT NULL DEFAULT 0,
    delivered INTEGER NOT NULL DEFAULT 0,
    peer_read INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (owner, peer)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX conversations_by_last ON conversations (owner, last);
  CREATE INDEX conversations_by_revision ON conversations (owner, revision) WHERE revision > 0;

  INSERT INTO conversations (owner, peer, last, revision)
    SELECT owner, peer, max(cursor), 0 FROM (
      SELECT recipient AS owner, sender AS peer, recipient_cursor AS cursor FROM messages
      UNION ALL SELECT sender, recipient, sender_cursor FROM messages)
    GROUP BY owner, peer;
  UPDATE conversations AS c SET
    read = (SELECT acknowledged FROM inboxes WHERE owner = c.owner),
    delivered = ifnull((
      SELECT max(sender_cursor) FROM messages WHERE recipient = c.peer AND sender = c.owner
        AND recipient_cursor <= (SELECT acknowledged FROM inboxes WHERE owner = c.peer)), 0);
`;

/**
 * What customers' servers are told: an event once, and a delivery for each endpoint and form.
 * Only the first that waits of each endpoint and lane has a time at which it is due.
 */
const OUTBOX = `
  CREATE TABLE endpoints (
    n INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    body TEXT NOT NULL
  ) STRICT;

  CREATE TABLE events (
    n INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    type TEXT NOT NULL,
    key TEXT NOT NULL,
    sequence INTEGER,
    at INTEGER NOT NULL,
    data TEXT NOT NULL
  ) STRICT;
  CREATE INDEX events_of_key ON events (key, sequence);
  CREATE INDEX events_by_time ON events (at);

  CREATE TABLE deliveries (
    n INTEGER PRIMARY KEY,
    endpoint TEXT NOT NULL,
    event INTEGER NOT NULL,
    lane TEXT NOT NULL,
    form TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    due_at INTEGER,
    claimed INTEGER NOT NULL,
    last_at INTEGER,
    last TEXT
  ) STRICT;
  CREATE INDEX deliveries_due ON deliveries (endpoint, due_at) WHERE due_at IS NOT NULL;
  CREATE INDEX deliveries_waiting ON deliveries (endpoint, lane, n) WHERE state = 'waiting';
  CREATE INDEX deliveries_of_event ON deliveries (event);
  CREATE INDEX deliveries_dead ON deliveries (endpoint, n) WHERE state = 'dead';
`;

/** Whether the user has the records of its calls as messages. */
const RECORD_MESSAGES = `
  ALTER TABLE lines ADD COLUMN records INTEGER NOT NULL DEFAULT 1;
`;

/** By peer, and the missed ones, so that the newest of each are found among a million; other outcomes are picked from those of the user. */
const RECORD_LISTS = `
  ALTER TABLE records ADD COLUMN status INTEGER NOT NULL DEFAULT 0;
  UPDATE records SET status = json_extract(body, '$.status');
  CREATE INDEX records_between ON records (caller, callee);
  CREATE INDEX records_missed ON records (callee) WHERE status NOT IN (1, 3);

  CREATE TABLE calls_seen (
    user TEXT PRIMARY KEY,
    position INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
`;

/**
 * By endpoint and state, and by kind of event, in the order of time, so that a page of a list and a
 * portion of what is sent again are found among a million; of a delivery `at` is its event's. And
 * since when an endpoint is missed for which something is kept.
 */
const DELIVERY_LISTS = `
  ALTER TABLE deliveries ADD COLUMN at INTEGER NOT NULL DEFAULT 0;
  UPDATE deliveries SET at = (SELECT at FROM events WHERE n = deliveries.event);
  CREATE INDEX deliveries_listed ON deliveries (endpoint, state, at);
  CREATE INDEX events_by_type ON events (type, at);
  DROP INDEX deliveries_dead;

  CREATE TABLE missed_endpoints (
    id TEXT PRIMARY KEY,
    since INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
`;

/** Which claim of a delivery is the newest, and since when one that was sent again is tried. */
const DELIVERY_CLAIMS = `
  ALTER TABLE deliveries ADD COLUMN claim INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE deliveries ADD COLUMN sent_again_at INTEGER;
`;

/**
 * Missed calls and the others of a callee in one index, each in order: the missed ones alone, and all
 * of both together, are found as before, and storing a record moves one page less.
 */
const MISSED_AMONG_CALLS = `
  ALTER TABLE records ADD COLUMN missed INTEGER NOT NULL
    GENERATED ALWAYS AS (status NOT IN (1, 3)) VIRTUAL;
  DROP INDEX records_missed;
  DROP INDEX records_of_callee;
  CREATE INDEX records_of_callee ON records (callee, missed);
`;

/** So that of two changes of an endpoint at once one is refused, and none brings back one that was removed. */
const ENDPOINT_VERSIONS = `
  ALTER TABLE endpoints ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
`;

/** The key that its sender gave a message: one that is sent again is found by it. */
const MESSAGE_KEYS = `
  ALTER TABLE messages ADD COLUMN key TEXT;
  CREATE UNIQUE INDEX messages_by_key ON messages (sender, key) WHERE key IS NOT NULL;
`;

/** Bare invitations; devices that speak RTM, when those end that are lost, and their channels; attributes; whose last device said goodbye. */
const RTM = `
  ALTER TABLE users ADD COLUMN has_left INTEGER NOT NULL DEFAULT 0;

  CREATE TABLE invitations (
    n INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    caller TEXT NOT NULL,
    callee TEXT NOT NULL,
    deadline INTEGER,
    over_at INTEGER,
    body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX invitations_due ON invitations (deadline) WHERE deadline IS NOT NULL;
  CREATE INDEX invitations_of_caller ON invitations (caller) WHERE deadline IS NOT NULL;
  CREATE INDEX invitations_of_callee ON invitations (callee) WHERE deadline IS NOT NULL;
  CREATE INDEX invitations_over ON invitations (over_at) WHERE over_at IS NOT NULL;

  CREATE TABLE logins (
    user TEXT NOT NULL,
    device TEXT NOT NULL,
    ends_at INTEGER,
    PRIMARY KEY (user, device)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX logins_ending ON logins (ends_at) WHERE ends_at IS NOT NULL;

  CREATE TABLE members (
    channel TEXT NOT NULL,
    user TEXT NOT NULL,
    device TEXT NOT NULL,
    PRIMARY KEY (channel, user, device)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE attributes (
    n INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    body TEXT NOT NULL,
    UNIQUE (kind, name)
  ) STRICT;
`;

/** Those of one caller that are over, the latest of which are kept. */
const KEPT_INVITATIONS = `
  CREATE INDEX invitations_kept ON invitations (caller, over_at) WHERE over_at IS NOT NULL;
`;

/** When attributes of a channel without members were set: nobody may ever join it. */
const EMPTY_CHANNELS = `
  ALTER TABLE attributes ADD COLUMN empty_since INTEGER;
  CREATE INDEX attributes_of_empty ON attributes (empty_since) WHERE empty_since IS NOT NULL;
`;

/** Who looks after what nobody's timer does: deadlines that have passed, nodes that are dead, work for one of them. */
const DUTIES = `
  ALTER TABLE calls ADD COLUMN claimed_until INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE invitations ADD COLUMN claimed_until INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE logins ADD COLUMN claimed_until INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE leases ADD COLUMN dead INTEGER NOT NULL DEFAULT 0;

  CREATE TABLE duties (
    duty TEXT PRIMARY KEY,
    incarnation TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
`;

/** By which those are found who came or went since one has looked. */
const MOVES = `
  ALTER TABLE users ADD COLUMN move INTEGER NOT NULL DEFAULT 0;
  CREATE INDEX users_by_move ON users (move);
`;

/** Up to where what is over was removed, in the order of records, and the latest moment before which. */
const FORGOTTEN = `
  CREATE TABLE forgotten (
    what TEXT PRIMARY KEY,
    position INTEGER NOT NULL,
    before INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
`;

/** When devices were lost, a part of what is kept as one text: those lost first are found before others. */
const LOST_DEVICES = `
  ALTER TABLE devices ADD COLUMN lost_at INTEGER
    GENERATED ALWAYS AS (json_extract(rest, '$.lostAt')) VIRTUAL;
  CREATE INDEX devices_lost ON devices (lost_at) WHERE lost_at IS NOT NULL;
`;

/** Applied in order, each once; `user_version` counts them. */
export const MIGRATIONS: readonly string[] = [
  FOUNDATION,
  QUALITY,
  ANNOUNCED,
  CONVERSATIONS,
  OUTBOX,
  RECORD_MESSAGES,
  RECORD_LISTS,
  DELIVERY_LISTS,
  DELIVERY_CLAIMS,
  MISSED_AMONG_CALLS,
  ENDPOINT_VERSIONS,
  MESSAGE_KEYS,
  RTM,
  KEPT_INVITATIONS,
  EMPTY_CHANNELS,
  DUTIES,
  MOVES,
  FORGOTTEN,
  LOST_DEVICES,
];

/** Takes the file for this process alone, and brings it to the newest shape. */
export function prepareFile(database: Database, file: string): void {
  database.exec('PRAGMA locking_mode = EXCLUSIVE');
  database.exec('PRAGMA journal_mode = WAL');
  database.exec('PRAGMA synchronous = FULL');
  // Small checkpoints keep the slowest replies fast; 8 MB keep the pages in use at hand.
  database.exec('PRAGMA wal_autocheckpoint = 100');
  database.exec('PRAGMA cache_size = -8000');
  inTransaction(database, () => migrate(database, file));
}

function migrate(database: Database, file: string): void {
  const { user_version: done } = database.prepare('PRAGMA user_version').get() as {
    user_version: number;
  };
  if (done > MIGRATIONS.length) {
    const advice = 'start the newer program again, or give this one another DATA_DIR';
    throw new StoreFault(`${file} was written by a newer Ringline: ${advice}`, undefined);
  }
  for (const migration of MIGRATIONS.slice(done)) database.exec(migration);
  database.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
}
