import { describe, expect, test } from 'vitest';
import { CALL } from '../support/calls.ts';
import { MISSED, UNSEEN, spoiled } from './life.ts';

const SHORT = `DELETE FROM call_log WHERE call = (SELECT n FROM calls WHERE id = '${CALL}')
  AND version < 6`;
/** The call is the first that was over. */
const marked = (what: string, position: number, before = 0) =>
  `INSERT INTO forgotten VALUES ('${what}', ${position}, ${before})`;

const gone = (call: string) => [
  `DELETE FROM call_log WHERE call = (SELECT n FROM calls WHERE id = '${call}')`,
  `DELETE FROM calls WHERE id = '${call}'`,
  `DELETE FROM records WHERE call = '${call}'`,
  `DELETE FROM events WHERE key = '${call}'`,
  `DELETE FROM deliveries WHERE event NOT IN (SELECT n FROM events)`,
];

describe('a log that had its time', () => {
  test('[VFY8] is no difference, and its events are not looked up in it', async () => {
    expect(await spoiled(SHORT, marked('logs', 1))).toEqual([]);
  });

  test('[VFY8] and one that is as short without having had it is told', async () => {
    expect(await spoiled(SHORT)).toContain(`${CALL}: its log goes from 0 to 6`);
  });

  test('[VFY8] rows that should be gone are told', async () => {
    expect(await spoiled(marked('logs', 1))).toEqual([
      `${CALL}: its log was shortened, and has 6 rows`,
    ]);
  });

  test('[VFY8] a newest row that is gone is told', async () => {
    const all = SHORT.replace('version < 6', 'version < 9');
    expect(await spoiled(all, marked('logs', 1))).toEqual([`${CALL}: has no log`]);
  });

  test('[VFY8] its record is compared with the newest row', async () => {
    const changed = `UPDATE records SET body = json_set(body, '$.acceptedAt', 4) WHERE call = '${CALL}'`;
    expect(await spoiled(SHORT, marked('logs', 1), changed)).toContainEqual(
      expect.stringMatching(`^${CALL}: its record has acceptedAt 4, its log \\d+$`),
    );
  });

  test('[VFY8] a newest row of which the record is open is told', async () => {
    const opened = `UPDATE call_log SET after = (
      SELECT after FROM call_log l JOIN calls c ON c.n = l.call WHERE c.open AND l.version = c.version)
      WHERE call = (SELECT n FROM calls WHERE id = '${CALL}')`;
    const flaws = await spoiled(SHORT, marked('logs', 1), opened);
    expect(flaws.filter((flaw) => flaw.startsWith(CALL)).length).toBeGreaterThan(2);
  });
});

describe('a call that is forgotten', () => {
  test('[VFY8] is no difference, and neither is its record as a message, nor who has seen it', async () => {
    const before = Number.MAX_SAFE_INTEGER;
    const flaws = await spoiled(...gone(CALL), ...gone(MISSED), marked('calls', 2, before));
    expect(flaws).toEqual([]);
  });

  test('[VFY8] a record that is gone behind the last that was forgotten is told', async () => {
    const flaws = await spoiled(...gone(CALL), ...gone(MISSED), marked('calls', 1, 1));
    expect(flaws).toEqual([
      'alice: has seen what it missed up to record 2, which is not there',
      `${CALL}: its record is a message, and is not kept`,
      `${MISSED}: its record is a message, and is not kept`,
    ]);
  });

  test('[VFY8] half a call is told, forgotten or not', async () => {
    const record = `DELETE FROM records WHERE call = '${UNSEEN}'`;
    const flaws = await spoiled(record, marked('calls', 3, Number.MAX_SAFE_INTEGER));
    expect(flaws).toContain(`${UNSEEN}: has 0 records`);
  });

  test('[VFY8] an event that is kept of it is told', async () => {
    const [log = '', call = '', record = ''] = gone(CALL);
    const flaws = await spoiled(log, call, record, marked('calls', 1, Number.MAX_SAFE_INTEGER));
    expect(flaws[0]).toMatch(new RegExp(`^${CALL}: event <id> is kept of it, and no call$`));
  });
});
