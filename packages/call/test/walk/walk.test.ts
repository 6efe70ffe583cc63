import { END_REASONS, LEG_END_REASONS } from '@ringline/protocol';
import { describe, expect, test } from 'vitest';
import type { Call } from '../../src/index.ts';
import { decide, isHeld } from '../../src/index.ts';
import type { Decide } from './position.ts';
import { CALL_WAITING, withCallWaiting, TWO_DEVICES, walk } from './walk.ts';

/**
 * How many positions differ for the machine (key.ts says when two do not), and how many kinds of
 * ended calls. A change of either means that calls can come to be in more or fewer ways than
 * before: find out in which before you write down the new number.
 */
const EXPECTED = {
  everybody: { positions: 9918, endings: 191 },
  twoDevices: { positions: 2696, endings: 37 },
  callWaiting: { positions: 7269, endings: 24 },
  oneWaiting: { positions: 1516, endings: 16 },
  twoWaiting: { positions: 2580, endings: 16 },
};

const everybody = once(() => walk());
const twoDevices = once(() => walk(undefined, TWO_DEVICES));
const callWaiting = once(() => walk(undefined, CALL_WAITING));

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

describe('every position of three users with two devices each and two calls', () => {
  test(
    '[LIN3] [CMD4] [CMD7] nothing that anybody does in any order breaks a rule',
    { timeout: 600_000 },
    () => {
      const report = everybody();
      expect(report.violation).toBeUndefined();
      const { positions, endings } = report;
      expect({ positions, endings }).toEqual(EXPECTED.everybody);
      const reasons = END_REASONS.filter((reason) => reason !== 'resume-failed');
      expect([...report.reasons].sort()).toEqual(
        [...new Set([...reasons, ...LEG_END_REASONS])].sort(),
      );
    },
  );
});

describe('every position of two calls between three users with one device each and call waiting', () => {
  test(
    '[WTG12] [LIN3] nothing that they do in any order breaks a rule',
    { timeout: 600_000 },
    () => {
      const report = callWaiting();
      expect(report.violation).toBeUndefined();
      const { positions, endings } = report;
      expect({ positions, endings }).toEqual(EXPECTED.callWaiting);
    },
  );

  test.each([
    { who: ['alice'], expected: EXPECTED.oneWaiting },
    { who: ['alice', 'bob'], expected: EXPECTED.twoWaiting },
  ])('[WTG2] [WTG12] nor where only $who have it', { timeout: 600_000 }, ({ who, expected }) => {
    const report = walk(undefined, withCallWaiting(...who));
    expect(report.violation).toBeUndefined();
    const { positions, endings } = report;
    expect({ positions, endings }).toEqual(expected);
  });
});

describe('every position of one call between two devices, with hold and video', () => {
  test('[HLD9] nothing that the two do in any order breaks a rule', { timeout: 600_000 }, () => {
    const report = twoDevices();
    expect(report.violation).toBeUndefined();
    const { positions, endings } = report;
    expect({ positions, endings }).toEqual(EXPECTED.twoDevices);
    expect([...report.deadlines].sort()).toEqual(DEADLINES);
  });

  test('between all walks the machine gives every refusal', () => {
    const walks = [everybody(), twoDevices(), callWaiting()];
    const refusals = new Set(walks.flatMap((report) => [...report.refusals]));
    expect([...refusals].sort()).toEqual(REFUSALS);
  });
});

/** Every code that the machine gives. */
const REFUSALS = [
  'answered-elsewhere',
  'call-id-taken',
  'caller-busy',
  'forbidden',
  'in-progress',
  'not-permitted',
  'on-hold',
  'other-call-live',
  'self-call',
  'unknown-call',
  'wrong-state',
];

const DEADLINES = [
  'caller-grace',
  'connect',
  'expire',
  'grace',
  'offline',
  'receipt',
  'resume',
  'video',
];

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

  test('a picture that comes on with a resume although there was none before', () => {
    const machine: Decide = (world, command, now) => {
      const decision = decide(world, command, now);
      const calls = decision.calls.map((call) =>
        command.type === 'connected' &&
        call.state === 'established' &&
        call.resumes > 0 &&
        !call.resuming &&
        !isHeld(call)
          ? { ...call, video: { state: 'on' as const }, hadVideo: true }
          : call,
      );
      return { ...decision, calls };
    };
    expect(walk(machine, TWO_DEVICES).violation).toMatch(/has a picture that nobody agreed to/);
  });

  test('a resume beside another live call', () => {
    const machine: Decide = (world, command, now) => {
      const named = world.calls.filter((call) => 'call' in command && command.call === call.id);
      return decide(command.type === 'resume' ? { ...world, calls: named } : world, command, now);
    };
    expect(walk(machine, CALL_WAITING).violation).toMatch(/resumes.*\n.* has 2 live calls/s);
  });

  test('a second call for somebody who has no call waiting', () => {
    const machine: Decide = (world, command, now) => {
      const devices = world.devices.map((device) => ({ ...device, takesSecond: true }));
      return decide({ ...world, devices }, command, now);
    };
    expect(walk(machine, withCallWaiting('alice')).violation).toMatch(
      /has two calls without call waiting/,
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
