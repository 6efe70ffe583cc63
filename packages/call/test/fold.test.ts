import { END_REASONS } from '@ringline/protocol';
import { assert, property } from 'fast-check';
import { expect, test } from 'vitest';
import type { Call } from '../src/index.ts';
import { foldRecord } from '../src/index.ts';
import { end, hold } from './scene/commands.ts';
import { Exchange } from './scene/exchange.ts';
import { CAST, histories } from './scene/histories.ts';
import { alice1, bob1 } from './scene/people.ts';
import { ended, talking } from './scene/states.ts';

function logOf({ log }: Exchange, id = 'call-1'): readonly Call[] {
  return log.filter((call) => call.id === id);
}

test.each(END_REASONS)('[REC9] the log of a call that ended %s folds into its record', (reason) => {
  const exchange = ended(reason);
  expect(foldRecord(logOf(exchange))).toEqual(exchange.record());
});

test('[REC9] whatever people do, each record is what its log folds into', () => {
  let over = 0;
  assert(
    property(histories(40), (history) => {
      const exchange = new Exchange();
      for (const happens of history) happens(CAST)(exchange);
      for (const call of exchange.calls.values()) {
        const folded = foldRecord(logOf(exchange, call.id));
        expect(folded).toEqual(call.state === 'ended' ? call.record : undefined);
        if (folded) over++;
      }
    }),
    { numRuns: 3_000 },
  );
  expect(over).toBeGreaterThan(200);
});

test('[REC9] a call that is not over has no record, and neither has an empty log', () => {
  expect(foldRecord(logOf(talking()))).toBeUndefined();
  expect(foldRecord([])).toBeUndefined();
});

test('[REC9] a record that was changed afterwards is found out', () => {
  const exchange = talking().wait(9_999).says(hold(bob1)).wait(1).says(end(alice1));
  const log = logOf(exchange);
  const record = exchange.record();
  expect(foldRecord(log)).toEqual(record);
  const forged = { ...exchange.ended(), record: { ...record, endedAt: record.endedAt + 60_000 } };
  expect(foldRecord([...log.slice(0, -1), forged])?.endedAt).toBe(record.endedAt);
});
