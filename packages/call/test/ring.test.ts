import {
  GRACE_MS,
  MAX_DEVICES_PER_USER,
  OFFLINE_AFTER_MS,
  RECEIPT_TIMEOUT_MS,
  RECORD_STATUS,
  RING_TIMEOUT_MS,
} from '@ringline/protocol';
import { describe, expect, test } from 'vitest';
import { accept, bind, cancel, expire, refuseHere, reload, ring } from './scene/commands.ts';
import { answer, START } from './scene/exchange.ts';
import { alice1, alice2, bob1, bob2 } from './scene/people.ts';
import { inviting, invitingNobody, ringing } from './scene/states.ts';

const SHORT = { ringTimeoutMs: 10_000 };

describe('ringing', () => {
  test('[RNG1] the first page that reports makes the call ring', () => {
    const exchange = inviting().says(ring(bob1));
    expect(exchange.call().state).toBe('ringing');
    expect(exchange.leg(bob1)).toMatchObject({ state: 'alerting', receiptBy: null });
    expect(exchange.leg(bob2)).toMatchObject({ state: 'delivered' });
  });

  test('[RNG2] a page that shows the call without a sound says why, and the call rings too', () => {
    const exchange = inviting().says(
      ring(bob1, { receipt: 'silent', silence: 'autoplay-blocked' }),
    );
    expect(exchange.call().state).toBe('ringing');
    expect(exchange.leg(bob1)).toMatchObject({ state: 'silent', silence: 'autoplay-blocked' });
    exchange.says(ring(bob1, { silence: 'autoplay-blocked' }));
    expect(exchange.leg(bob1)).toMatchObject({ state: 'alerting', silence: null });
  });

  test('[RNG3] a page that has not reported in time is unresponsive, and nothing else happens', () => {
    const exchange = inviting().wait(RECEIPT_TIMEOUT_MS - 1);
    expect(exchange.leg(bob1)?.state).toBe('delivered');
    exchange.wait(1);
    expect(exchange.call()).toMatchObject({ state: 'inviting', version: 2 });
    expect(exchange.call().legs.map((leg) => leg.state)).toEqual(['unresponsive', 'unresponsive']);
    const later = invitingNobody().says(bind(bob1)).wait(1000).says(bind(bob2)).wait(4000);
    expect(later.call().legs.map((leg) => leg.state)).toEqual(['unresponsive', 'delivered']);
  });

  test('[RNG11] devices that come and go while it rings do not grow the call', () => {
    const device = (n: number) => ({ user: 'bob', device: `bob ${n}` });
    const exchange = inviting().says(ring(bob1), refuseHere(bob2));
    for (let n = 1; n < MAX_DEVICES_PER_USER; n++) exchange.says(bind(device(n))).lose(device(n));
    expect(exchange.call().legs).toHaveLength(MAX_DEVICES_PER_USER);
    expect(exchange.leg(device(1))).toBeUndefined();
    expect(exchange.leg(bob2)?.state).toBe('refused');
    for (let n = 20; n < 29; n++) exchange.says(bind(device(n)));
    expect(exchange.call().legs).toHaveLength(MAX_DEVICES_PER_USER);
    expect(exchange.leg(bob1)?.state).toBe('alerting');
    expect(exchange.leg(bob2)).toBeUndefined();
  });

  test('[RNG4] an unresponsive page may still report, and its user may answer', () => {
    const exchange = inviting().wait(RECEIPT_TIMEOUT_MS);
    expect(answer(exchange.say(ring(bob1)))).toBe('ok');
    expect(exchange.leg(bob1)?.state).toBe('alerting');
    expect(answer(exchange.say(accept(bob2)))).toBe('ok');
  });

  test('[RNG5] a late login rings with the time that is left', () => {
    const exchange = invitingNobody().wait(20_000).says(bind(bob1));
    expect(exchange.leg(bob1)).toMatchObject({
      state: 'delivered',
      receiptBy: exchange.now + RECEIPT_TIMEOUT_MS,
    });
    expect(exchange.view(bob1)).toMatchObject({ remainingMs: RING_TIMEOUT_MS - 20_000 });
  });

  test('[RNG6] a leg that comes back, or a page loaded anew, has to report again', () => {
    const exchange = ringing().lose(bob1).pass(1000).says(bind(bob1), reload(bob2));
    for (const bob of [bob1, bob2]) {
      expect(exchange.leg(bob)).toMatchObject({
        state: 'delivered',
        receiptBy: exchange.now + RECEIPT_TIMEOUT_MS,
      });
    }
    const before = exchange.says(ring(bob1)).call();
    expect(exchange.says(bind(bob1)).call()).toBe(before);
  });

  test('[RNG7] a report from before the loss says nothing of the page that will come back', () => {
    const exchange = inviting().lose(bob1);
    const before = exchange.call();
    expect(answer(exchange.say(ring(bob1)))).toBe('ok');
    expect(exchange.call()).toBe(before);
  });

  test('[RNG8] a lost leg is told as lost; what rang once goes on ringing', () => {
    const exchange = ringing().lose(bob1).lose(bob2);
    expect(exchange.call()).toMatchObject({ state: 'ringing' });
    expect(exchange.leg(bob1)).toMatchObject({ state: 'lost', receiptBy: null });
  });

  test('[RNG9] only a leg that has not refused rings', () => {
    const exchange = ringing().says(refuseHere(bob1));
    expect(answer(exchange.say(ring(bob1)))).toBe('wrong-state');
    expect(answer(exchange.say(ring(alice1)))).toBe('forbidden');
    expect(answer(invitingNobody().say(ring(bob1)))).toBe('wrong-state');
  });

  test('[RNG10] the same report again changes nothing', () => {
    const exchange = ringing();
    const before = exchange.call();
    expect(answer(exchange.say(ring(bob1)))).toBe('ok');
    expect(exchange.call()).toBe(before);
  });
});

describe('the ring timeout', () => {
  test('[EXP1] nobody answers: the call ends at the moment of the timeout, however late the timer', () => {
    const exchange = ringing()
      .pass(RING_TIMEOUT_MS + 700)
      .says(expire());
    expect(exchange.record()).toMatchObject({
      reason: 'no-answer',
      status: RECORD_STATUS.unanswered,
      endedAt: START + RING_TIMEOUT_MS,
      endedBy: null,
    });
  });

  test.each([
    ['accept', accept(bob1), 'wrong-state'],
    ['cancel', cancel(alice1), 'wrong-state'],
    ['ring', ring(bob1), 'wrong-state'],
  ])('[EXP2] %s comes too late although no timer has fired yet', (_, command, told) => {
    const exchange = ringing(SHORT).pass(SHORT.ringTimeoutMs);
    expect(answer(exchange.say(command))).toBe(told);
    expect(exchange.ended().reason).toBe('no-answer');
  });

  test('[EXP3] it is no answer too when all of Bob’s devices are lost or frozen by then', () => {
    const exchange = inviting().lose(bob1).wait(RING_TIMEOUT_MS);
    expect(exchange.ended().reason).toBe('no-answer');
  });

  test('[EXP4] of two deadlines at one moment the ring timeout is first', () => {
    const exchange = ringing(SHORT).wait(2_000).lose(alice1).wait(8_000);
    expect(exchange.ended().reason).toBe('no-answer');
  });

  test('[EXP5] every deadline of a waiting call that has passed is applied before a command', () => {
    const frozen = inviting().pass(RECEIPT_TIMEOUT_MS).says(refuseHere(bob1));
    expect(frozen.leg(bob2)?.state).toBe('unresponsive');
    const offline = invitingNobody().pass(OFFLINE_AFTER_MS).says(bind(bob1));
    expect(offline.ended().reason).toBe('offline');
    const gone = ringing().lose(alice1).pass(GRACE_MS);
    expect(answer(gone.say(accept(bob1)))).toBe('wrong-state');
    expect(gone.ended().reason).toBe('connection-lost');
  });
});

describe('a callee who is nowhere', () => {
  test('[OFF1] no device since the invitation: offline after its time', () => {
    const exchange = invitingNobody().wait(OFFLINE_AFTER_MS - 1);
    expect(exchange.call().state).toBe('inviting');
    expect(exchange.wait(1).record()).toMatchObject({
      reason: 'offline',
      status: RECORD_STATUS.unanswered,
      endedAt: START + OFFLINE_AFTER_MS,
    });
  });

  test('[OFF2] a shorter ring timeout ends it so already', () => {
    const exchange = invitingNobody(SHORT).wait(SHORT.ringTimeoutMs);
    expect(exchange.record()).toMatchObject({ reason: 'offline', endedAt: START + 10_000 });
  });

  test('[OFF3] who was there once since the invitation is not offline', () => {
    const exchange = invitingNobody().wait(1000).says(bind(bob1)).lose(bob1).wait(OFFLINE_AFTER_MS);
    expect(exchange.call().state).toBe('inviting');
    expect(exchange.wait(RING_TIMEOUT_MS).ended().reason).toBe('no-answer');
  });

  test('[OFF4] the caller’s other devices and other users do not count', () => {
    const exchange = invitingNobody().says(bind(alice2)).wait(OFFLINE_AFTER_MS);
    expect(exchange.ended().reason).toBe('offline');
  });
});
