import { END_REASONS, LEG_END_REASONS } from '@ringline/protocol';
import { describe, expect, test } from 'vitest';
import type { Call } from '../../src/index.ts';
import { decide } from '../../src/index.ts';
import type { Decide } from './position.ts';
import { walk } from './walk.ts';

/**
 * How many positions differ for the machine (key.ts says when two do not), and how many kinds of
 * ended calls. A change of either means that calls can come to be in more or fewer ways than
 * before: find out in which before you write down the new number.
 */
const POSITIONS = 7254;
const ENDINGS = 148;

describe('every position of three users with two devices each and two calls', () => {
  test(
    '[LIN3] [CMD4] [CMD7] nothing that anybody does in any order breaks a rule',
    { timeout: 120_000 },
    () => {
      const report = walk();
      expect(report.violation).toBeUndefined();
      expect({ positions: report.positions, endings: report.endings }).toEqual({
        positions: POSITIONS,
        endings: ENDINGS,
      });
      expect([...report.refusals].sort()).toEqual(REFUSALS);
      expect([...report.reasons].sort()).toEqual(
        [...new Set([...END_REASONS, ...LEG_END_REASONS])].sort(),
      );
      expect([...report.deadlines].sort()).toEqual(DEADLINES);
    },
  );
});

/** Every code that the machine gives. */
const REFUSALS = [
  'answered-elsewhere',
  'call-id-taken',
  'caller-busy',
  'forbidden',
  'self-call',
  'unknown-call',
  'wrong-state',
];

const DEADLINES = ['caller-grace', 'connect', 'expire', 'grace', 'offline', 'receipt'];

describe('the walk finds a planted defect by the shortest path', () => {
  test('a loss of the caller that is forgotten', () => {
    const machine: Decide = (world, command, now) => {
      const decision = decide(world, command, now);
      return command.type === 'lose' ? { ...decision, calls: [] } : decision;
    };
    expect(walk(machine).violation?.split('\n')).toEqual([
      '0. nobody is there',
      '1. alice1 is there',
      '2. alice1 invites bob to call-1',
      '3. alice1 is lost',
      'call-1 (inviting): is wrong about its caller',
    ]);
  });

  test('a second accept that wins over the first', () => {
    const machine: Decide = (world, command, now) => {
      const decision = decide(world, command, now);
      if (decision.outcome.ok || decision.outcome.refusal.code !== 'answered-elsewhere')
        return decision;
      const taken = world.calls.map((call) => takenOver(call, command));
      return { ...decision, outcome: { ok: true }, calls: taken };
    };
    expect(walk(machine).violation).toMatch(/is answered by a second device/);
  });

  test('an end that leaves the call in the line', () => {
    const machine: Decide = (world, command, now) => {
      const decision = decide(world, command, now);
      return command.type === 'expire' ? { ...decision, lines: [] } : decision;
    };
    expect(walk(machine).violation).toMatch(
      /expire of call-1 passes\n.*is still in the line of alice/s,
    );
  });

  test('a record that is written again', () => {
    const machine: Decide = (world, command, now) => {
      const decision = decide(world, command, now);
      if (command.type !== 'end' || decision.calls.length > 0) return decision;
      return { ...decision, calls: world.calls.filter((call) => call.state === 'ended') };
    };
    expect(walk(machine).violation).toMatch(/an ended call changes/);
  });
});

function takenOver(call: Call, command: { readonly type: string }): Call {
  if (call.state !== 'established' || !('by' in command)) return call;
  const { device } = command.by as { device: string };
  const callee = { ...call.sides.callee, device };
  return { ...call, version: call.version + 1, sides: { ...call.sides, callee } };
}
