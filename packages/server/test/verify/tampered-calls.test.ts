import { describe, expect, test } from 'vitest';
import { CALL, CALL2 } from '../support/calls.ts';
import { MISSED, UNSEEN, spoiled } from './life.ts';

type Tampering = readonly [statements: readonly string[], flaws: readonly string[]];

const over = `(SELECT n FROM calls WHERE id = '${CALL}')`;

function titled(tamperings: readonly Tampering[]) {
  return tamperings.map(
    ([statements, flaws]) => [statements.join('; '), statements, flaws] as const,
  );
}

describe('a log that was changed', () => {
  const tamperings: readonly Tampering[] = [
    [
      [`DELETE FROM call_log WHERE version = 2 AND call = ${over}`],
      [
        `${CALL}: its log goes from 1 to 3`,
        `${CALL}: its event 2, call.ringing at 1767225600015, is not in its log`,
      ],
    ],
    [
      [
        `UPDATE call_log SET after = json_set(after, '$.changedAt', 1) WHERE version = 2 AND call = ${over}`,
      ],
      [`${CALL}: goes back in time at version 2`],
    ],
    [
      [`UPDATE calls SET version = 99 WHERE id = '${CALL}'`],
      [`${CALL}: is at version 99, and its log at 6`],
    ],
    [
      ['UPDATE calls SET deadline = NULL WHERE open'],
      [`${CALL2}: is due at null, and by its log at 1767225617065`],
    ],
    [
      ['UPDATE calls SET room_id = 7 WHERE open'],
      [`${CALL2}: has room 7, and its log 7914813718006535`],
    ],
    [
      [`UPDATE calls SET open = 1 WHERE id = '${CALL}'`],
      [
        `${CALL}: is open, and its log says ended`,
        `${CALL}: is open, and the line of alice does not name it`,
        `${CALL}: is open, and the line of bob does not name it`,
      ],
    ],
  ];
  test.each(titled(tamperings))('[VFY2] %s', async (_, statements, flaws) => {
    expect(await spoiled(...statements)).toEqual(flaws);
  });
});

describe('a line that was changed', () => {
  const tamperings: readonly Tampering[] = [
    [
      [`UPDATE lines SET calls = '[]' WHERE user = 'bob'`],
      [`${CALL2}: is open, and the line of bob does not name it`],
    ],
    [
      [`UPDATE lines SET calls = '["${CALL2}","${CALL}"]' WHERE user = 'bob'`],
      [`the line of bob names ${CALL}, which is not open`],
    ],
    [
      [`UPDATE lines SET calls = '["${CALL2}","${CALL2}"]' WHERE user = 'bob'`],
      [`the line of bob names ${CALL2} twice`],
    ],
    [
      [`INSERT INTO lines (user, version, calls) VALUES ('carol', 1, '["${CALL2}"]')`],
      [`the line of carol names ${CALL2}, which is of alice and bob`],
    ],
  ];
  test.each(titled(tamperings))('[VFY2] %s', async (_, statements, flaws) => {
    expect(await spoiled(...statements)).toEqual(flaws);
  });
});

describe('a record that was changed', () => {
  const ofMessages = [
    `${CALL}: the message to alice is not its record`,
    `${CALL}: the message to bob is not its record`,
  ];
  const tamperings: readonly Tampering[] = [
    [
      ['DELETE FROM records'],
      [
        'alice: has seen what it missed up to record 2, which is not there',
        `${CALL}: has 0 records`,
        `${MISSED}: has 0 records`,
        `${UNSEEN}: has 0 records`,
        ...[CALL, MISSED, UNSEEN].map(
          (call) => `${call}: its record is a message, and is not kept`,
        ),
      ],
    ],
    [
      [
        `UPDATE records SET body = json_set(body, '$.durations[0].seconds', 8) WHERE call = '${CALL}'`,
      ],
      [
        `${CALL}: its record has durations [{"user":"alice","seconds":8},{"user":"bob","seconds":9}], its log [{"user":"alice","seconds":9},{"user":"bob","seconds":9}]`,
        ...ofMessages,
      ],
    ],
    [
      [`UPDATE records SET body = json_set(body, '$.status', 4) WHERE call = '${CALL}'`],
      [
        'bob: has missed 0 calls, and counted anew 1',
        `${CALL}: its record has status 4, its log 1`,
        `${CALL}: its record in lists has status 1, the record itself 4`,
        ...ofMessages,
      ],
    ],
    [
      [`UPDATE records SET status = 5 WHERE call = '${CALL}'`],
      [
        'bob: has missed 1 calls, and counted anew 0',
        `${CALL}: its record in lists has status 5, the record itself 1`,
      ],
    ],
    [
      [`UPDATE records SET caller = 'zz' WHERE call = '${CALL}'`],
      [`${CALL}: its record in lists has caller "zz", the record itself "alice"`],
    ],
    [
      [`UPDATE records SET callee = 'zz' WHERE call = '${UNSEEN}'`],
      [`${UNSEEN}: its record in lists has callee "zz", the record itself "alice"`],
    ],
    [
      [`UPDATE records SET ended_at = 1 WHERE call = '${CALL}'`],
      [`${CALL}: its record in lists has endedAt 1, the record itself 1767225609035`],
    ],
    [
      [
        `UPDATE messages SET body = json_set(body, '$.record.status', 3) WHERE id = 'record:${CALL}'`,
      ],
      ofMessages,
    ],
    [
      [
        `DELETE FROM events WHERE key = '${CALL}'`,
        `DELETE FROM deliveries WHERE lane = '${CALL}'`,
        `DELETE FROM call_log WHERE call = ${over}`,
        `DELETE FROM calls WHERE id = '${CALL}'`,
      ],
      [`${CALL}: has a record and no call`],
    ],
  ];
  test.each(titled(tamperings))('[VFY2] %s', async (_, statements, flaws) => {
    expect(await spoiled(...statements)).toEqual(flaws);
  });
});

describe('a mark of missed calls that was changed', () => {
  const tamperings: readonly Tampering[] = [
    [
      ['UPDATE calls_seen SET position = 9'],
      ['alice: has seen what it missed up to record 9, which is not there'],
    ],
    [
      [`INSERT INTO calls_seen VALUES ('nobody', 1)`],
      ['nobody: has seen what it missed up to record 1, which is of alice and bob'],
    ],
  ];
  test.each(titled(tamperings))('[VFY5] %s', async (_, statements, flaws) => {
    expect(await spoiled(...statements)).toEqual(flaws);
  });
});
