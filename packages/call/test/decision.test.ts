import { GRACE_MS, RECEIPT_TIMEOUT_MS, RING_TIMEOUT_MS } from '@ringline/protocol';
import { describe, expect, test } from 'vitest';
import { deadlineOf, decide, nextDeadline } from '../src/index.ts';
import {
  accept,
  bind,
  CALL,
  cancel,
  connected,
  end,
  expire,
  invite,
  OTHER,
  refuse,
  ring,
} from './scene/commands.ts';
import { answer, START } from './scene/exchange.ts';
import { alice1, bob1, bob2, carol1, mallory1 } from './scene/people.ts';
import { ended, established, inviting, invitingNobody, ringing, talking } from './scene/states.ts';
import { deepFreeze } from './walk/position.ts';

describe('lines', () => {
  test('[LIN1] a call lies in both its users’ lines from the invitation to the end', () => {
    const exchange = inviting();
    for (const step of [ring(bob1), accept(bob1), connected(bob1)]) {
      exchange.says(step);
      expect([exchange.line('alice'), exchange.line('bob')]).toEqual([[CALL], [CALL]]);
    }
    exchange.says(end(bob1));
    expect([exchange.line('alice'), exchange.line('bob')]).toEqual([[], []]);
  });

  test('[LIN2] a line is one version on in a decision that changes it, and left out of others', () => {
    const exchange = inviting();
    expect(exchange.last.lines).toMatchObject([{ version: 1 }, { version: 1 }]);
    expect(exchange.says(ring(bob1)).last.lines).toEqual([]);
    expect(exchange.says(cancel(alice1)).last.lines).toMatchObject([
      { version: 2 },
      { version: 2 },
    ]);
    expect(ended('busy').last.lines).toEqual([]);
  });

  test('[LIN4] a world without the line of a user whose call ends is a defect', () => {
    const world = { ...ringing().worldFor(cancel(alice1)), lines: [] };
    expect(() => decide(world, cancel(alice1), START)).toThrow('lacks the line');
  });
});

describe('deadlines', () => {
  test('[DED1] a call is due at the earliest of its deadlines, and never when it needs no looking at', () => {
    expect(nextDeadline(inviting().call())).toEqual({
      kind: 'receipt',
      at: START + RECEIPT_TIMEOUT_MS,
    });
    expect(deadlineOf(ringing().call())).toBe(START + RING_TIMEOUT_MS);
    expect(deadlineOf(talking().call())).toBeNull();
    expect(deadlineOf(ended('completed').call())).toBeNull();
  });

  test('[DED2] a timer that is early, or late for a call that has gone on, changes nothing', () => {
    for (const exchange of [inviting(), ringing(), established(), talking(), ended('refused')]) {
      expect(answer(exchange.say(expire()))).toBe('ok');
      expect(exchange.last).toMatchObject({ calls: [], lines: [] });
    }
  });

  test('[DED3] of several that have passed, each is applied at its own moment and in order', () => {
    const exchange = inviting()
      .pass(RING_TIMEOUT_MS + 1)
      .says(expire());
    expect(exchange.ended()).toMatchObject({ version: 2, reason: 'no-answer' });
    expect(exchange.ended().legs.map((leg) => leg.state)).toEqual(['unresponsive', 'unresponsive']);
    expect(exchange.record().endedAt).toBe(START + RING_TIMEOUT_MS);
  });

  test('[DED5] a late timer ends nothing before what has happened since', () => {
    const exchange = established()
      .says(connected(alice1))
      .lose(alice1)
      .pass(GRACE_MS + 500);
    exchange.says(connected(bob1)).pass(500).says(expire());
    expect(exchange.record()).toMatchObject({
      reason: 'connection-lost',
      connectedAt: START + GRACE_MS + 500,
      endedAt: START + GRACE_MS + 500,
    });
  });

  test('[DED4] the deadline of a call that nobody knows is refused', () => {
    expect(answer(inviting().say(expire('call-9')))).toBe('unknown-call');
  });
});

describe('commands', () => {
  const NAMING = [ring, accept, refuse, cancel, end, connected] as const;

  test.each(NAMING)(
    '[CMD1] a stranger is told of a call what he is told of none ($name)',
    (command) => {
      const exchange = ringing();
      const stranger = exchange.say(command(mallory1));
      expect(answer(stranger)).toBe('unknown-call');
      expect(exchange.say(command(mallory1, { call: 'call-9' }))).toEqual(stranger);
      expect(exchange.say(command(bob1, { call: 'call-9' }))).toEqual(stranger);
    },
  );

  test('[CMD2] a call is one version on in a decision that changes it, and left out of others', () => {
    const exchange = inviting();
    for (const [i, step] of [ring(bob1), ring(bob2), accept(bob1), end(bob1)].entries()) {
      expect(exchange.says(step).last.calls).toMatchObject([{ version: i + 2 }]);
    }
    expect(exchange.says(end(bob1)).last.calls).toEqual([]);
    const settled = inviting().pass(RECEIPT_TIMEOUT_MS).says(ring(bob1));
    expect(settled.last.calls).toMatchObject([{ version: 2 }]);
  });

  test('[CMD3] every command may come twice: the second is answered or refused, and changes nothing', () => {
    for (const command of [ring(bob1), accept(bob1), refuse(bob1), cancel(alice1), end(bob1)]) {
      const exchange = inviting().says(command);
      const before = exchange.call();
      expect(exchange.says(command).call()).toBe(before);
    }
  });

  test('[CMD4] a refusal changes nothing but deadlines that had passed', () => {
    const exchange = ringing();
    expect(answer(exchange.say(connected(bob1)))).toBe('wrong-state');
    expect(exchange.last).toMatchObject({ calls: [], lines: [] });
    expect(answer(exchange.pass(RING_TIMEOUT_MS).say(accept(bob1)))).toBe('wrong-state');
    expect(exchange.last.calls).toMatchObject([{ state: 'ended', reason: 'no-answer' }]);
  });

  test('[CMD5] a decision leaves what it was given as it is, and is the same each time', () => {
    for (const state of [inviting, invitingNobody, ringing, established, talking]) {
      const exchange = state();
      for (const command of [
        accept(bob1),
        cancel(alice1),
        bind(bob2),
        invite(carol1, 'bob', { call: OTHER }),
      ]) {
        const world = deepFreeze(structuredClone(exchange.worldFor(command)));
        const once = decide(world, command, exchange.now);
        expect(decide(world, command, exchange.now)).toEqual(once);
      }
    }
  });

  test('[CMD6] time never goes back within a call, whatever a node’s clock says', () => {
    const exchange = ringing().pass(5000).says(accept(bob1)).pass(-3000).says(end(bob1));
    expect(exchange.ended()).toMatchObject({ changedAt: START + 5000 });
    expect(exchange.record().endedAt).toBe(START + 5000);
  });
});
