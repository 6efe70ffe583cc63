import {
  CALLER_GRACE_MS,
  CONNECT_TIMEOUT_MS,
  GRACE_MS,
  OFFLINE_AFTER_MS,
  RECEIPT_TIMEOUT_MS,
  RECORD_STATUS,
  RING_TIMEOUT_MS,
} from '@ringline/protocol';
import { describe, expect, test } from 'vitest';
import { deadlineOf } from '../src/index.ts';
import {
  OTHER,
  accept,
  bind,
  connected,
  end,
  expire,
  invite,
  lose,
  reload,
} from './scene/commands.ts';
import type { Exchange } from './scene/exchange.ts';
import { answer, START } from './scene/exchange.ts';
import { alice1, alice2, bob1, bob2 } from './scene/people.ts';
import { established, inviting, invitingNobody, ringing, talking } from './scene/states.ts';

describe('a device that is lost', () => {
  test('[LOS1] nobody rings for a caller who is gone longer than the short grace', () => {
    const exchange = ringing()
      .lose(alice1)
      .wait(CALLER_GRACE_MS - 1);
    expect(exchange.sees(bob1)).toBe('ringing');
    exchange.wait(1);
    expect(exchange.record()).toMatchObject({
      reason: 'connection-lost',
      status: RECORD_STATUS.cancelled,
      endedBy: null,
    });
    expect(exchange.sees(bob1)).toBe('ended: lost');
  });

  test('[LOS2] back in time, Alice goes on calling', () => {
    const exchange = ringing()
      .lose(alice1)
      .wait(CALLER_GRACE_MS - 1)
      .says(bind(alice1));
    expect(exchange.wait(CALLER_GRACE_MS).call().state).toBe('ringing');
  });

  test.each([
    ['Alice', alice1],
    ['Bob', bob1],
  ])('[LOS3] %s may be gone from an answered call for the long grace, and no longer', (_, by) => {
    const exchange = talking()
      .lose(by)
      .wait(GRACE_MS - 1);
    expect(exchange.call().state).toBe('established');
    const back = exchange.says(bind(by)).wait(GRACE_MS);
    expect(back.established().sides).toMatchObject({
      caller: { loss: null },
      callee: { loss: null },
    });
    expect(back.lose(by).wait(GRACE_MS).ended().reason).toBe('connection-lost');
  });

  test('[LOS4] both are lost: the call ends with the earlier grace', () => {
    const exchange = talking().lose(alice1).wait(10_000).lose(bob1).wait(GRACE_MS);
    expect(exchange.record().endedAt).toBe(START + GRACE_MS);
    const oneBack = talking().lose(alice1).wait(10_000).lose(bob1).says(bind(alice1));
    expect(oneBack.wait(GRACE_MS).record().endedAt).toBe(START + 10_000 + GRACE_MS);
  });

  test('[LOS5] Bob may answer while Alice is in her grace, which is the long one from then on', () => {
    const exchange = ringing().lose(alice1).wait(5000).says(accept(bob1));
    expect(exchange.established().sides.caller.loss).toEqual({
      at: START,
      until: START + GRACE_MS,
    });
    expect(exchange.wait(GRACE_MS - 5000).ended().reason).toBe('connection-lost');
  });

  test('[LOS6] a device that has no part in the call comes and goes without changing it, and is no other’s return', () => {
    for (const by of [alice2, bob2]) {
      const exchange = talking();
      const before = exchange.call();
      expect(exchange.lose(by).says(bind(by)).call()).toBe(before);
    }
    const ringingOn = ringing().lose(alice2).wait(CALLER_GRACE_MS);
    expect(ringingOn.call().state).toBe('ringing');
    const calling = ringing().lose(alice1).says(bind(alice2)).wait(CALLER_GRACE_MS);
    expect(calling.ended().reason).toBe('connection-lost');
    const answered = talking().lose(bob1).says(bind(bob2)).wait(GRACE_MS);
    expect(answered.ended().reason).toBe('connection-lost');
  });
});

describe('a grace', () => {
  test('[GRC1] while Alice is gone only the ring timeout and her grace run; the rest goes on when she is back', () => {
    const exchange = inviting().wait(2000).lose(alice1).wait(7000);
    expect(exchange.leg(bob1)?.state).toBe('delivered');
    exchange.says(bind(alice1)).wait(RECEIPT_TIMEOUT_MS - 2001);
    expect(exchange.leg(bob1)?.state).toBe('delivered');
    expect(exchange.wait(1).leg(bob1)?.state).toBe('unresponsive');
    const nobody = invitingNobody()
      .wait(OFFLINE_AFTER_MS - 1000)
      .lose(alice1)
      .wait(7000);
    nobody.says(bind(alice1)).wait(999);
    expect(nobody.call().state).toBe('inviting');
    expect(nobody.wait(1).ended().reason).toBe('offline');
    const rings = ringing({ ringTimeoutMs: 5000 }).lose(alice1).wait(5000);
    expect(rings.ended().reason).toBe('no-answer');
  });

  test('[GRC2] a leg that came while Alice was gone waits for its receipt no longer than others', () => {
    const exchange = invitingNobody().lose(alice1).wait(5000).says(bind(bob1)).wait(2000);
    exchange.says(bind(alice1));
    expect(exchange.leg(bob1)?.receiptBy).toBe(exchange.now + RECEIPT_TIMEOUT_MS);
  });

  test('[GRC3] said again, as after a restart, the grace begins anew and the moment of the loss stays', () => {
    const exchange = talking()
      .pass(4000)
      .lose(alice1)
      .pass(GRACE_MS + 5000)
      .lose(alice1);
    expect(exchange.established().sides.caller.loss).toEqual({
      at: START + 4000,
      until: exchange.now + GRACE_MS,
    });
    expect(exchange.wait(GRACE_MS).durations()[0]).toBe(4);
    const calling = ringing().lose(alice1).pass(20_000).lose(bob1).lose(alice1);
    expect(calling.says(bind(alice1)).call().state).toBe('ringing');
  });

  test('[GRC4] what passed while the server was away is not held against Alice, but for the ring timeout', () => {
    const away = invitingNobody()
      .pass(40_000)
      .says(lose(alice1, START + 1000), bind(alice1));
    expect(away.call().state).toBe('inviting');
    const before = invitingNobody()
      .pass(40_000)
      .says(lose(alice1, START + OFFLINE_AFTER_MS));
    expect(before.ended().reason).toBe('offline');
    const over = ringing().pass(RING_TIMEOUT_MS).says(lose(alice1, START));
    expect(over.ended().reason).toBe('no-answer');
  });

  test('[GRC5] a loss lies between the invitation and now, whatever is claimed', () => {
    const exchange = talking().pass(1000);
    exchange.says(lose(alice1, 0), lose(bob1, exchange.now + 5000));
    expect(exchange.established().sides).toMatchObject({
      caller: { loss: { at: START } },
      callee: { loss: { at: exchange.now } },
    });
  });

  test('[GRC6] a grace that has run out ends an answered call only by its timer: who comes first is back', () => {
    const exchange = talking()
      .lose(alice1)
      .pass(GRACE_MS + 1)
      .says(bind(alice1), expire());
    expect(exchange.call().state).toBe('established');
    const late = talking()
      .lose(alice1)
      .pass(GRACE_MS + 1);
    expect(answer(late.say(end(bob1)))).toBe('ok');
    expect(late.ended().reason).toBe('completed');
  });
});

describe('media', () => {
  test('[MED1] connected when both devices have reported, and no deadline is left', () => {
    const exchange = established().pass(300).says(connected(bob1)).pass(200);
    expect(exchange.established().connectedAt).toBeNull();
    exchange.says(connected(alice1));
    expect(exchange.established()).toMatchObject({ connectedAt: exchange.now, connectTimer: null });
    expect(deadlineOf(exchange.call())).toBeNull();
  });

  test('[MED2] not both in time: media-failed, which was answered all the same', () => {
    const exchange = established().says(connected(alice1)).wait(CONNECT_TIMEOUT_MS);
    expect(exchange.record()).toMatchObject({
      reason: 'media-failed',
      status: RECORD_STATUS.completed,
      endedAt: START + CONNECT_TIMEOUT_MS,
    });
    expect(exchange.durations()).toEqual([0, 0]);
  });

  test('[MED3] the time to connect stands still while either device is lost', () => {
    const exchange = established().wait(5000).lose(alice1).wait(8000).lose(bob1).wait(8000);
    exchange
      .says(bind(alice1))
      .wait(8000)
      .says(bind(bob1))
      .wait(CONNECT_TIMEOUT_MS - 5001);
    expect(exchange.call().state).toBe('established');
    expect(exchange.wait(1).ended().reason).toBe('media-failed');
  });

  test('[MED4] since the loss, that is, and not since it was noticed', () => {
    const exchange = established()
      .pass(40_000)
      .says(lose(alice1, START + 5000));
    expect(exchange.established().connectTimer).toEqual({ leftMs: CONNECT_TIMEOUT_MS - 5000 });
    exchange.says(bind(alice1)).wait(CONNECT_TIMEOUT_MS - 5001);
    expect(exchange.call().state).toBe('established');
  });

  test('[MED5] the same report again changes nothing', () => {
    const exchange = established().says(connected(alice1));
    const before = exchange.call();
    expect(answer(exchange.say(connected(alice1)))).toBe('ok');
    expect(exchange.call()).toBe(before);
  });

  test('[MED6] only the two devices of an answered call report', () => {
    expect(answer(ringing().say(connected(alice1)))).toBe('wrong-state');
    expect(answer(established().say(connected(bob2)))).toBe('forbidden');
    expect(answer(established().say(connected(alice2)))).toBe('forbidden');
  });

  test('[MED7] the moment of the connection stays through losses and reloads', () => {
    const exchange = talking().pass(5000).says(reload(bob1));
    exchange.says(connected(alice1, { epoch: 2 }), connected(bob1, { epoch: 2 }));
    expect(exchange.established().connectedAt).toBe(START);
  });
});

describe('an epoch', () => {
  test('[EPO1] a page loaded anew begins the next one: both build a new connection and report again', () => {
    const exchange = talking().says(reload(bob1));
    expect(exchange.established()).toMatchObject({
      epoch: 2,
      sides: { caller: { connected: false }, callee: { connected: false } },
    });
    expect(exchange.lose(alice1).says(reload(alice1)).established().epoch).toBe(3);
  });

  test('[EPO2] a page that comes back with its call stays in the epoch', () => {
    const exchange = talking().lose(bob1).says(bind(bob1));
    expect(exchange.established()).toMatchObject({
      epoch: 1,
      sides: { callee: { connected: true, loss: null } },
    });
  });

  test('[EPO3] a report about an epoch that is over is answered and says nothing', () => {
    const exchange = established().says(reload(bob1), connected(alice1), connected(bob1));
    expect(exchange.established().connectedAt).toBeNull();
    expect(exchange.last.outcome.ok).toBe(true);
  });

  test('[EPO4] an answered call begins with the epoch of the leg that answered', () => {
    expect(inviting().says(accept(bob2)).established().epoch).toBe(2);
    const met = invitingNobody().says(invite(bob1, 'alice', { call: OTHER }));
    expect(met.established().epoch).toBe(1);
  });
});

describe('the epoch of a leg', () => {
  const epochs = (exchange: Exchange) => exchange.call().legs.map(({ epoch }) => epoch);

  test('[EPO5] each has its own: the next one when its page or the caller’s was loaded anew', () => {
    expect(epochs(inviting())).toEqual([1, 2]);
    expect(epochs(inviting().says(reload(bob1)))).toEqual([3, 2]);
    expect(epochs(inviting().says(reload(alice1)))).toEqual([3, 4]);
    expect(epochs(inviting().lose(alice1).says(reload(alice1), reload(bob2)))).toEqual([3, 5]);
    expect(epochs(invitingNobody().says(bind(bob2), bind(bob1)))).toEqual([1, 2]);
  });

  test('[EPO6] a device that comes back holding the call keeps it', () => {
    const exchange = inviting().lose(bob1).says(bind(bob1)).lose(alice1).says(bind(alice1));
    expect(epochs(exchange)).toEqual([1, 2]);
  });
});
