import { COLUMNS } from './conversations.ts';
import type { Database } from './driver.ts';
import { FORGOTTEN } from './past-calls.ts';

/**
 * The messages by id, for one reading: nothing else asks for them so. Whether it is the record of a call that
 * may be forgotten is noted beside.
 */
export const BEGIN = `
  DROP TABLE IF EXISTS temp.message_ids;
  CREATE TEMP TABLE message_ids (id TEXT, n INTEGER, past INTEGER, PRIMARY KEY (id, n)) WITHOUT ROWID;
  INSERT INTO message_ids SELECT id, n, id >= 'record:' AND id < 'record;'
      AND at < ifnull((SELECT before FROM forgotten WHERE what = 'calls'), 0)
    FROM messages ORDER BY id, n;`;

export const END = 'DROP TABLE temp.message_ids';

/** What is read to see whether everything fits together; each page by an index, from where the last one ended. */
export function auditStatements(database: Database) {
  return {
    ...callStatements(database),
    ...userStatements(database),
    ...itemStatements(database),
    ...strayStatements(database),
    forgotten: database.prepare(FORGOTTEN),
    invitations: database.prepare(`
      SELECT n, caller, callee, deadline, body FROM invitations WHERE n > ? ORDER BY n LIMIT ?`),
  };
}

function callStatements(database: Database) {
  return {
    calls: database.prepare(`
      SELECT n, id, room_id, version, open, deadline FROM calls WHERE n > ? ORDER BY n LIMIT ?`),
    log: database.prepare(
      'SELECT version, at, cause, after FROM call_log WHERE call = ? ORDER BY version',
    ),
    records: database.prepare(
      'SELECT position, caller, callee, ended_at, status, body FROM records WHERE call = ?',
    ),
    messages: database.prepare(`
      SELECT i.owner, i.cursor, m.id, m.sender, m.recipient, m.at, m.body
      FROM message_ids r JOIN messages m ON m.n = r.n
        JOIN inbox i ON i.message = m.n AND (i.owner = m.sender AND i.cursor = m.sender_cursor
          OR i.owner = m.recipient AND i.cursor = m.recipient_cursor)
      WHERE r.id = ? ORDER BY i.owner, i.cursor`),
    events: database.prepare(`
      SELECT sequence, type, at, data FROM events WHERE key = ? AND sequence IS NOT NULL
      ORDER BY sequence, n`),
  };
}

function userStatements(database: Database) {
  return {
    users: database.prepare(`
      SELECT user FROM lines WHERE user > ?1 UNION SELECT owner FROM inboxes WHERE owner > ?1
      UNION SELECT user FROM calls_seen WHERE user > ?1 ORDER BY 1 LIMIT ?2`),
    line: database.prepare('SELECT calls FROM lines WHERE user = ?'),
    openCall: database.prepare(`
      SELECT l.after FROM calls c JOIN call_log l ON l.call = c.n AND l.version = c.version
      WHERE c.id = ? AND c.open`),
    inbox: database.prepare('SELECT head, first, acknowledged FROM inboxes WHERE owner = ?'),
    extent: database.prepare(
      'SELECT count(*) AS count, min(cursor) AS first, max(cursor) AS last FROM inbox WHERE owner = ?',
    ),
    seen: database.prepare(`
      SELECT s.position, r.body FROM calls_seen s LEFT JOIN records r ON r.position = s.position
      WHERE s.user = ?`),
    recordsTo: database.prepare(`
      SELECT position, caller, callee, ended_at, status, body FROM records
      WHERE callee = ? AND position > ? ORDER BY position LIMIT ?`),
    oldest: database.prepare(`
      SELECT m.at FROM inbox i JOIN messages m ON m.n = i.message
      WHERE i.owner = ? ORDER BY i.cursor LIMIT 1`),
  };
}

function itemStatements(database: Database) {
  return {
    // A message that is gone has no other party: what is joined to it is null as well.
    items: database.prepare(`
      SELECT i.owner, i.cursor, m.n, m.id, m.sender, m.recipient, m.sender_cursor,
        m.recipient_cursor, m.user_a, m.user_b, o.message AS other_message, b.first AS other_first,
        c.last
      FROM inbox i LEFT JOIN messages m ON m.n = i.message
        LEFT JOIN inbox o ON o.owner = iif(m.sender = i.owner, m.recipient, m.sender)
          AND o.cursor = iif(m.sender = i.owner, m.recipient_cursor, m.sender_cursor)
        LEFT JOIN inboxes b ON b.owner = iif(m.sender = i.owner, m.recipient, m.sender)
        LEFT JOIN conversations c ON c.owner = i.owner
          AND c.peer = iif(m.sender = i.owner, m.recipient, m.sender)
      WHERE (i.owner, i.cursor) > (?, ?) ORDER BY i.owner, i.cursor LIMIT ?`),
    conversations: database.prepare(`
      SELECT ${COLUMNS}, c.owner, c.last, i.head, i.first, i.revision AS newest,
        ifnull(p.acknowledged, 0) AS peer_acknowledged, ifnull(p.first, 1) AS peer_first, ifnull(r.read, 0) AS peer_has_read
      FROM conversations c LEFT JOIN inboxes i ON i.owner = c.owner
        LEFT JOIN inboxes p ON p.owner = c.peer
        LEFT JOIN conversations r ON r.owner = c.peer AND r.peer = c.owner
      WHERE (c.owner, c.peer) > (?, ?) ORDER BY c.owner, c.peer LIMIT ?`),
    itemsOf: database.prepare(`
      SELECT m.n, i.cursor, m.sender = ?1 AS own,
        iif(m.sender = ?1, m.recipient_cursor, m.sender_cursor) AS theirs
      FROM messages m JOIN inbox i ON i.owner = ?1 AND i.message = m.n
        AND i.cursor = iif(m.sender = ?1, m.sender_cursor, m.recipient_cursor)
      WHERE m.user_a = ?2 AND m.user_b = ?3 AND m.n > ?4 ORDER BY m.n LIMIT ?5`),
    messageEvents: database.prepare(`
      SELECT e.n, e.key, e.data, m.id, m.sender, m.recipient, m.at, m.body
      FROM events e LEFT JOIN messages m ON m.n = (
        SELECT n FROM message_ids WHERE id = json_extract(e.data, '$.id') LIMIT 1)
      WHERE e.type = 'message.sent' AND e.n > ? ORDER BY e.n LIMIT ?`),
  };
}

function strayStatements(database: Database) {
  return {
    strayRecords: database.prepare(`
      SELECT call FROM records WHERE NOT EXISTS (SELECT 1 FROM calls WHERE id = records.call)
      LIMIT ?`),
    strayRecordMessages: database.prepare(`
      SELECT DISTINCT substr(id, 8) AS call FROM message_ids WHERE id >= 'record:' AND id < 'record;'
        AND NOT past AND NOT EXISTS (SELECT 1 FROM records WHERE call = substr(id, 8)) LIMIT ?`),
    strayMessages: database.prepare(`
      SELECT id FROM messages m WHERE NOT EXISTS (
        SELECT 1 FROM inbox WHERE owner = m.sender AND cursor = m.sender_cursor AND message = m.n)
        AND NOT EXISTS (SELECT 1 FROM inbox
          WHERE owner = m.recipient AND cursor = m.recipient_cursor AND message = m.n) LIMIT ?`),
    doubled: database.prepare(`
      SELECT id, count(*) AS count FROM message_ids WHERE NOT past GROUP BY id HAVING count(*) > 1 LIMIT ?`),
    strayEvents: database.prepare(`
      SELECT id, key AS call FROM events e
      WHERE type <> 'message.sent' AND type NOT GLOB 'invitation.*'
        AND NOT EXISTS (SELECT 1 FROM calls WHERE id = e.key) ORDER BY n LIMIT ?`),
    strayDeliveries: database.prepare(`
      SELECT n, endpoint, lane, event FROM deliveries d
      WHERE NOT EXISTS (SELECT 1 FROM events WHERE n = d.event) ORDER BY n LIMIT ?`),
    stuck: database.prepare(`
      SELECT n, endpoint, lane FROM deliveries d WHERE state = 'waiting' AND due_at IS NULL
        AND NOT EXISTS (
          SELECT 1 FROM deliveries e WHERE e.endpoint = d.endpoint AND e.lane = d.lane
            AND e.state = 'waiting' AND e.n < d.n) LIMIT ?`),
  };
}
