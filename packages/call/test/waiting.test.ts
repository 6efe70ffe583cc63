import { describe, expect, test } from 'vitest';
import { GRACE_MS, RING_TIMEOUT_MS } from '@ringline/protocol';
import type { Invite } from '../src/index.ts';
import { decide } from '../src/index.ts';
import {
  accept,
  bind,
  connected,
  end,
  expire,
  hold,
  invite,
  lose,
  OTHER,
  refuse,
  reload,
  requestVideo,
  resume,
} from './scene/commands.ts';
import type { Exchange } from './scene/exchange.ts';
import { answer } from './scene/exchange.ts';
import { alice1, alice2, bob1, bob2, carol1 } from './scene/people.ts';
import { idle, SECOND, talking, twoCalls, waiting, withCallWaiting } from './scene/states.ts';

const second = { call: OTHER };
const MAY = { ...SECOND, mayHoldOther: true };

/** How Bob has both calls: `live`, `held`, or the state of one that nobody answered. */
function bobs(exchange: Exchange): readonly string[] {
  return ['call-1', OTHER].map((id) => {
    const call = exchange.calls.get(id);
    if (call?.state !== 'established') return call?.state ?? 'none';
    const role = call.caller.user === 'bob' ? 'caller' : 'callee';
    return call.sides[role].holds ? 'held' : 'live';
  });
}

describe('a second call', () => {
  test('[WTG1] rings on the device that talks, and on no other', () => {
    const exchange = waiting();
    expect(exchange.call(OTHER).legs.map(({ device }) => device)).toEqual(['bob1']);
    expect(exchange.view(bob1, OTHER)?.state).toBe('inviting');
    expect(exchange.view(bob2, OTHER)).toBeUndefined();
    expect(exchange.line('bob')).toEqual(['call-1', OTHER]);
    expect(bobs(exchange)).toEqual(['live', 'inviting']);
  });

  test('[WTG1] rings for a caller too, and beside a call that is held', () => {
    const exchange = withCallWaiting().says(hold(alice1), invite(carol1, 'alice', SECOND));
    expect(exchange.call(OTHER).legs.map(({ device }) => device)).toEqual(['alice1']);
  });

  test.each<[string, () => Exchange]>([
    ['its page takes none', () => talking()],
    ['its page is lost', () => withCallWaiting().lose(bob1)],
    ['the first call may not be held', () => withCallWaiting({ isHoldable: false })],
    [
      'the first call still rings',
      () => withSecond(idle(alice1, bob1, carol1).says(invite(alice1, 'bob'))),
    ],
  ])('[WTG2] [BSY1] finds the user busy when %s', (_, scene) => {
    const exchange = scene().says(invite(carol1, 'bob', SECOND));
    expect(exchange.record(OTHER)).toMatchObject({ reason: 'busy', status: 5 });
    expect(exchange.line('bob')).toEqual(['call-1']);
  });

  test('[WTG2] a call that may not be held but is held already leaves room', () => {
    const exchange = withCallWaiting().says(hold(bob1), invite(carol1, 'bob', SECOND));
    expect(exchange.call(OTHER).state).toBe('inviting');
  });

  test('[WTG3] a third is busy, and whoever has two calls nobody', () => {
    const exchange = waiting().says(bind(DAVE), invite(DAVE, 'bob', { call: 'call-3' }));
    expect(exchange.record('call-3').reason).toBe('busy');
    const given = { call: 'call-4', mayHoldOther: true };
    expect(answer(exchange.say(invite(bob1, 'dave', given)))).toBe('caller-busy');
    const both = twoCalls().says(bind(DAVE));
    expect(answer(both.say(invite(bob1, 'dave', given)))).toBe('caller-busy');
  });

  test('[WTG4] does not ring on a device that comes while the other one talks', () => {
    const exchange = waiting().lose(bob2).says(bind(bob2));
    expect(exchange.view(bob2, OTHER)).toBeUndefined();
    exchange.says(end(alice1), reload(bob2));
    expect(exchange.view(bob2, OTHER)?.state).toBe('inviting');
  });

  test('[WTG4] rings again on the device that talks when that is back', () => {
    const exchange = waiting().lose(bob1).says(bind(bob1));
    expect(exchange.call(OTHER).legs).toMatchObject([{ device: 'bob1', state: 'delivered' }]);
  });
});

const DAVE = { user: 'dave', device: 'dave1' };

function withSecond(exchange: Exchange): Exchange {
  exchange.takeSecond = true;
  return exchange;
}

describe('the accept of a second call', () => {
  test('[WTG5] holds the live one in the same decision', () => {
    const exchange = waiting().says(accept(bob1, second));
    expect(exchange.last.calls.map(({ id }) => id).sort()).toEqual(['call-1', OTHER]);
    expect(bobs(exchange)).toEqual(['held', 'live']);
    expect(exchange.view(alice1)).toMatchObject({ peerHolds: true });
  });

  test('[WTG5] sets its picture aside, and withdraws a request for one', () => {
    const exchange = waiting({ media: 'video' }).says(accept(bob1, second));
    expect(exchange.view(alice1)).toMatchObject({ media: 'audio', videoEnd: { why: 'held' } });
    const asked = waiting().says(requestVideo(alice1), accept(bob1, second));
    expect(asked.view(alice1)).toMatchObject({ videoEnd: { why: 'held', by: 'peer' } });
  });

  test('[WTG5] leaves one that is held already as it is', () => {
    const exchange = withCallWaiting().says(hold(bob1), invite(carol1, 'bob', SECOND));
    const { version } = exchange.call();
    exchange.says(accept(bob1, second));
    expect(bobs(exchange)).toEqual(['held', 'live']);
    expect(exchange.call().version).toBe(version);
  });

  test('[WTG6] waits for the own resume of the first, and for the permission to hold', () => {
    const exchange = waiting().says(hold(bob1), resume(bob1));
    expect(answer(exchange.say(accept(bob1, second)))).toBe('in-progress');
    exchange.says(connected(alice1, { resume: 1 }), connected(bob1, { resume: 1 }));
    expect(answer(exchange.say(accept(bob1, { ...second, mayHoldOther: false })))).toBe(
      'not-permitted',
    );
    expect(bobs(exchange)).toEqual(['live', 'inviting']);
    expect(answer(exchange.say(accept(bob1, second)))).toBe('ok');
  });

  test('a refusal, its end by time, and the end of the first leave the other as it is', () => {
    expect(bobs(waiting().says(refuse(bob1, second)))).toEqual(['live', 'ended']);
    expect(bobs(waiting().wait(RING_TIMEOUT_MS))).toEqual(['live', 'ended']);
    const exchange = waiting().says(end(bob1));
    expect(bobs(exchange)).toEqual(['ended', 'inviting']);
    expect(bobs(exchange.says(accept(bob1, second)))).toEqual(['ended', 'live']);
  });

  test('a device lost for good ends both, each with its record', () => {
    const exchange = twoCalls().lose(bob1).wait(GRACE_MS);
    expect(['call-1', OTHER].map((id) => exchange.record(id).reason)).toEqual([
      'connection-lost',
      'connection-lost',
    ]);
    expect(exchange.line('bob')).toEqual([]);
  });
});

describe('calling out beside a live call', () => {
  const callOut = (given: Partial<Omit<Invite, 'type' | 'by'>> = {}) =>
    invite(bob1, 'carol', { ...MAY, ...given });

  test('[WTG7] holds it in the same decision', () => {
    const exchange = withCallWaiting().says(callOut());
    expect(bobs(exchange)).toEqual(['held', 'inviting']);
    expect(exchange.last.calls).toHaveLength(2);
  });

  test('[WTG7] [BSY2] only from the device that talks, and where that may hold', () => {
    const exchange = withCallWaiting();
    expect(answer(exchange.say(invite(bob2, 'carol', MAY)))).toBe('caller-busy');
    expect(answer(exchange.say(callOut({ mayHoldOther: false })))).toBe('caller-busy');
    const held = withCallWaiting().says(hold(bob1));
    expect(answer(held.say(callOut({ mayHoldOther: false })))).toBe('caller-busy');
    const unholdable = withCallWaiting({ isHoldable: false });
    expect(answer(unholdable.say(callOut()))).toBe('caller-busy');
    expect(bobs(unholdable)).toEqual(['live', 'none']);
  });

  test('[WTG7] waits for the own resume of the first', () => {
    const exchange = withCallWaiting().says(hold(bob1), resume(bob1));
    expect(answer(exchange.say(callOut()))).toBe('in-progress');
    expect(bobs(exchange)).toEqual(['live', 'none']);
  });

  test('[WTG8] an end at once holds nothing', () => {
    const exchange = withCallWaiting().says(bind(DAVE));
    exchange.takeSecond = false;
    exchange.says(invite(DAVE, 'carol', { call: 'call-3' }), callOut());
    expect(exchange.record(OTHER).reason).toBe('busy');
    expect(bobs(exchange)).toEqual(['live', 'ended']);
  });

  test('[WTG9] two who talk call each other no second time', () => {
    const exchange = withCallWaiting();
    expect(answer(exchange.say(invite(bob1, 'alice', MAY)))).toBe('caller-busy');
    expect(answer(exchange.say(invite(alice2, 'bob', MAY)))).toBe('caller-busy');
  });

  test('[WTG10] glare accepts the second call and holds the first', () => {
    const exchange = waiting().says(invite(bob1, 'carol', { ...MAY, call: 'call-3' }));
    expect(exchange.last.outcome).toMatchObject({ ok: true, call: OTHER });
    expect(bobs(exchange)).toEqual(['held', 'live']);
    const elsewhere = waiting();
    const by2 = invite(bob2, 'carol', { ...MAY, call: 'call-3' });
    expect(answer(elsewhere.say(by2))).toBe('caller-busy');
  });
});

describe('the end of one of two', () => {
  test('[WTG11] leaves the other held', () => {
    expect(bobs(twoCalls().says(end(bob1, second)))).toEqual(['held', 'ended']);
    expect(bobs(twoCalls().says(end(carol1, second)))).toEqual(['held', 'ended']);
    expect(bobs(twoCalls().says(end(alice1)))).toEqual(['ended', 'live']);
  });

  test('[WTG11] resumes it if whoever ends says so, once', () => {
    const both = { ...second, resumesOther: true };
    const exchange = twoCalls().says(end(bob1, both));
    expect(exchange.established().resuming).toMatchObject({ by: 'callee' });
    expect(exchange.last.calls).toHaveLength(2);
    exchange.says(connected(alice1, { resume: 1 }), connected(bob1, { resume: 1 }), hold(bob1));
    expect(answer(exchange.say(end(bob1, both)))).toBe('ok');
    expect(bobs(exchange)).toEqual(['held', 'ended']);
  });

  test('[WTG11] also of an invitation that is taken back, and not of a call that the other side holds', () => {
    const out = withCallWaiting().says(invite(bob1, 'carol', MAY));
    expect(bobs(out.says(end(bob1, { ...second, resumesOther: true })))).toEqual(['live', 'ended']);
    const peer = twoCalls().says(end(carol1, { ...second, resumesOther: true }));
    expect(bobs(peer)).toEqual(['held', 'ended']);
  });

  test('[BSY4] an invitation that ran out while its timer is late is in nobody’s way', () => {
    const exchange = withCallWaiting()
      .says(invite(bob1, 'carol', MAY))
      .pass(RING_TIMEOUT_MS);
    expect(answer(exchange.say(resume(bob1)))).toBe('ok');
    expect(bobs(exchange)).toEqual(['live', 'ended']);
    expect(answer(exchange.say(expire(OTHER)))).toBe('ok');
    expect(exchange.says(lose(carol1, exchange.now)).record(OTHER).reason).toBe('no-answer');
  });

  test.each<[string, readonly string[]]>([
    ['after', ['call-1', OTHER]],
    ['before', [OTHER, 'call-1']],
  ])('[BSY4] nor if the store names it %s the call that is on', (_, order) => {
    const exchange = waiting().says(bind(DAVE)).pass(RING_TIMEOUT_MS);
    const command = invite(bob1, 'dave', { ...MAY, call: 'call-3' });
    const world = exchange.worldFor(command);
    const calls = order.map((id) => exchange.call(id));
    const decision = decide({ ...world, calls }, command, exchange.now);
    const changed = new Map(decision.calls.map((call) => [call.id, call]));
    expect(changed.get('call-1')).toMatchObject({ sides: { callee: { holds: true } } });
    expect(changed.get(OTHER)).toMatchObject({ state: 'ended', reason: 'no-answer' });
    expect(changed.get('call-3')).toMatchObject({ state: 'inviting' });
  });
});
