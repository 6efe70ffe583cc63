import { GRACE_MS, MAX_RING_TIMEOUT_MS } from '@ringline/protocol';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Call } from '../src/index.ts';
import { isOpen, violations } from '../src/index.ts';
import { accept, bind, connected, end, invite, lose } from './scene/commands.ts';
import { Exchange } from './scene/exchange.ts';
import type { Cast } from './scene/histories.ts';
import { CAST, histories } from './scene/histories.ts';
import { alice1, bob1 } from './scene/people.ts';
import { established } from './scene/states.ts';

/** Everybody is there, Alice calls Bob, and in half of the histories he has answered and all have call waiting. */
function beginning(cast: Cast, isAnswered: boolean): Exchange {
  const [alice = alice1, , bob = bob1] = cast;
  const exchange = new Exchange();
  exchange.takeSecond = isAnswered;
  exchange.says(...cast.map((actor) => bind(actor)));
  exchange.says(invite(alice, bob.user));
  return isAnswered ? exchange.says(accept(bob)) : exchange;
}

describe('whatever happens', () => {
  test('[CMD2] [REC1] versions grow by one, an ended call never changes, and no invariant breaks', () => {
    fc.assert(
      fc.property(histories(30), fc.boolean(), (history, isAnswered) => {
        const exchange = beginning(CAST, isAnswered);
        for (const happening of history) {
          happening(CAST)(exchange);
          const flaws = violations([...exchange.calls.values()], [...exchange.lines.values()]);
          expect(flaws).toEqual([]);
        }
        for (const id of exchange.calls.keys()) {
          expectGrowth(exchange.log.filter((call) => call.id === id));
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('[END9] once everybody is gone every call ends by itself', () => {
    fc.assert(
      fc.property(histories(30), fc.boolean(), (history, isAnswered) => {
        const exchange = beginning(CAST, isAnswered);
        for (const happening of history) happening(CAST)(exchange);
        for (const actor of CAST) exchange.lose(actor);
        exchange.wait(MAX_RING_TIMEOUT_MS + GRACE_MS);
        expect([...exchange.calls.values()].filter(isOpen)).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test('[CMD8] names decide nothing: others in the same places come to the same', () => {
    const others = CAST.map(({ user, device }) => ({
      user: user.split('').toReversed().join(''),
      device: `z${9 - Number(device.at(-1))}${user}`,
    }));
    fc.assert(
      fc.property(histories(30), fc.boolean(), (history, isAnswered) => {
        const ours = beginning(CAST, isAnswered);
        const theirs = beginning(others, isAnswered);
        for (const happening of history) {
          happening(CAST)(ours);
          happening(others)(theirs);
        }
        expect(statesOf(theirs)).toEqual(statesOf(ours));
      }),
      { numRuns: 500 },
    );
  });
});

function expectGrowth(versions: readonly Call[]): void {
  expect(versions.map((call) => call.version)).toEqual(versions.map((_, i) => i + 1));
  expect(versions.slice(0, -1).filter((call) => call.state === 'ended')).toEqual([]);
  const instants = versions.map((call) => call.changedAt);
  expect(instants).toEqual(instants.toSorted((a, b) => a - b));
}

function statesOf(exchange: Exchange) {
  return [...exchange.calls.values()].map(({ id, version, state, legs, ...call }) => ({
    id,
    version,
    state,
    legs: legs.map((leg) => leg.state),
    durations: 'record' in call ? call.record.durations.map(({ seconds }) => seconds) : [],
  }));
}

describe('durations', () => {
  const ms = fc.nat({ max: 100_000 });

  test('[REC8] nobody takes part for longer than the call was connected, and who stayed to the end for exactly so long', () => {
    fc.assert(
      fc.property(ms, ms, ms, ms, (toConnect, talked, gone, age) => {
        const exchange = established().pass(toConnect % 15_000);
        exchange.says(connected(alice1), connected(bob1)).pass(talked);
        exchange
          .says(lose(bob1, exchange.now))
          .pass(gone)
          .says(end(bob1, { ageMs: age }));
        const { connectedAt, endedAt } = exchange.record();
        const [alice, bob] = exchange.durations();
        expect(alice).toBe(Math.floor((endedAt - (connectedAt ?? 0)) / 1000));
        expect(bob).toBe(Math.floor(talked / 1000));
        expect(endedAt).toBe(exchange.now - Math.min(age, gone));
      }),
    );
  });
});
