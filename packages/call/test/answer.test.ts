import { CONNECT_TIMEOUT_MS, GRACE_MS, OFFLINE_AFTER_MS, RECORD_STATUS } from '@ringline/protocol';
import { describe, expect, test } from 'vitest';
import type { Actor } from '../src/index.ts';
import { mediaOf } from '../src/index.ts';
import {
  accept,
  bind,
  cancel,
  connected,
  end,
  refuse,
  refuseHere,
  reload,
  ring,
} from './scene/commands.ts';
import { answer } from './scene/exchange.ts';
import { alice1, alice2, bob1, bob2 } from './scene/people.ts';
import { ended, established, inviting, invitingNobody, ringing, talking } from './scene/states.ts';

describe('accept', () => {
  test.each([
    ['inviting', inviting],
    ['ringing', ringing],
  ])('[ANS1] Bob answers a call that is %s: it is between his device and Alice’s', (_, state) => {
    const exchange = state().pass(3000);
    expect(answer(exchange.say(accept(bob2)))).toBe('ok');
    expect(exchange.established()).toMatchObject({
      acceptedAt: exchange.now,
      epoch: 2,
      connectedAt: null,
      sides: { caller: { device: 'alice1' }, callee: { device: 'bob2' } },
      connectTimer: { by: exchange.now + CONNECT_TIMEOUT_MS },
    });
    expect(exchange.call().legs.every((leg) => leg.receiptBy === null)).toBe(true);
  });

  test.each([
    ['video', null, 'video'],
    ['video', 'audio', 'audio'],
    ['audio', 'video', 'audio'],
    ['audio', null, 'audio'],
  ] as const)('[ANS2] %s answered with %s is %s', (media, given, agreed) => {
    const exchange = ringing({ media }).says(accept(bob1, { media: given }));
    expect(mediaOf(exchange.established())).toBe(agreed);
  });

  test('[ANS3] when two devices accept at once, the first wins and the other is told answered-elsewhere', () => {
    const exchange = ringing().says(accept(bob1));
    expect(answer(exchange.say(accept(bob2)))).toBe('answered-elsewhere');
    expect(exchange.established().sides.callee.device).toBe('bob1');
    expect(exchange.sees(bob2)).toBe('ended: answered-elsewhere');
  });

  test('[ANS4] the same accept again is answered and changes nothing', () => {
    const exchange = established();
    const before = exchange.call();
    expect(answer(exchange.say(accept(bob1)))).toBe('ok');
    expect(exchange.call()).toBe(before);
  });

  test.each(['cancelled', 'refused', 'no-answer', 'busy', 'offline', 'completed'] as const)(
    '[ANS5] an accept that comes after the call was %s loses and is told so',
    (reason) => {
      const exchange = ended(reason);
      expect(answer(exchange.say(accept(bob1)))).toBe('wrong-state');
      expect(exchange.ended().reason).toBe(reason);
    },
  );

  test('[ANS6] only a device of Bob that rings and has not refused accepts', () => {
    expect(answer(ringing().say(accept(alice1)))).toBe('forbidden');
    expect(answer(invitingNobody().say(accept(bob1)))).toBe('wrong-state');
    expect(answer(ringing().says(refuseHere(bob1)).say(accept(bob1)))).toBe('wrong-state');
  });

  test('[ANS7] an answer that was on its way when its device was lost counts, for as long as a grace', () => {
    const exchange = ringing().lose(bob1).pass(100).says(accept(bob1));
    expect(exchange.established()).toMatchObject({
      sides: { callee: { loss: { at: exchange.now, until: exchange.now + GRACE_MS } } },
      connectTimer: { leftMs: CONNECT_TIMEOUT_MS },
    });
    expect(exchange.wait(GRACE_MS).ended().reason).toBe('connection-lost');
  });

  test('[ANS8] what came with the answer reaches Alice', () => {
    const exchange = ringing().says(accept(bob1, { response: 'hello' }));
    expect(exchange.view(alice1)).toMatchObject({ state: 'established', response: 'hello' });
    expect(exchange.says(end(bob1)).view(alice1)).toMatchObject({ response: 'hello' });
  });
});

describe('refuse', () => {
  test('[REF1] everywhere: the call ends on every device, and Alice learns what Bob said', () => {
    const exchange = ringing().says(refuse(bob1, { response: 'later' }));
    expect(exchange.record()).toMatchObject({ status: RECORD_STATUS.refused, endedBy: 'bob' });
    expect(exchange.view(alice1)).toMatchObject({ reason: 'refused', response: 'later' });
    expect(exchange.sees(bob2)).toBe('ended: refused-elsewhere');
  });

  test('[REF2] here only: the other device rings on, and Alice sees which', () => {
    const exchange = ringing().says(refuseHere(bob1));
    expect(exchange.sees(bob1)).toBe('ended: refused');
    expect(exchange.sees(bob2)).toBe('ringing');
    expect(exchange.view(alice1)).toMatchObject({
      legs: [
        { device: 'bob1', state: 'refused' },
        { device: 'bob2', state: 'alerting' },
      ],
    });
  });

  test('[REF3] when every leg has refused here, the call is refused', () => {
    const exchange = ringing().says(
      refuseHere(bob1, { response: 'a' }),
      refuseHere(bob2, { response: 'b' }),
    );
    expect(exchange.ended()).toMatchObject({ reason: 'refused', endedBy: bob2, response: 'b' });
    expect(exchange.sees(bob1)).toBe('ended: refused');
  });

  test('[REF4] a leg that is lost or unresponsive has not refused: the call waits for it', () => {
    const exchange = ringing().lose(bob1).says(refuseHere(bob2));
    expect(exchange.call().state).toBe('ringing');
    expect(exchange.says(bind(bob1), accept(bob1)).call().state).toBe('established');
    expect(inviting().wait(6000).says(refuseHere(bob1)).call().state).toBe('inviting');
  });

  test('[REF5] who refused on one device may still refuse everywhere', () => {
    const exchange = ringing().says(refuseHere(bob1), refuse(bob1));
    expect(exchange.ended()).toMatchObject({ reason: 'refused', endedBy: bob1 });
  });

  test('[REF6] a device that has refused is not rung again', () => {
    const exchange = ringing().says(refuseHere(bob1), reload(bob1)).lose(bob1).says(bind(bob1));
    expect(exchange.leg(bob1)?.state).toBe('refused');
    expect(exchange.sees(bob1)).toBe('ended: refused');
  });

  test('[REF10] a page on which nobody looks at calls does not count: others ring on, or Bob is offline', () => {
    const unseen = (by: Actor) => refuseHere(by, { isUnseen: true });
    const exchange = inviting().says(unseen(bob1), ring(bob2));
    expect(exchange.view(alice1)).toMatchObject({
      state: 'ringing',
      legs: [{ device: 'bob2', state: 'alerting' }],
    });
    expect(exchange.sees(bob1)).toBe('ended: refused');
    expect(answer(exchange.say(unseen(bob1)))).toBe('ok');
    const nobody = inviting().wait(6_000).says(unseen(bob1), unseen(bob2));
    expect(nobody.view(alice1)).toMatchObject({ state: 'inviting', legs: [] });
    expect(nobody.wait(OFFLINE_AFTER_MS).ended().reason).toBe('offline');
    expect(nobody.view(bob1)).toMatchObject({ reason: 'refused' });
    const refused = inviting().says(unseen(bob1), refuseHere(bob2));
    expect(refused.ended()).toMatchObject({ reason: 'refused', endedBy: bob2 });
  });

  test('[REF11] where it was shown, that is a refusal on this device', () => {
    const exchange = ringing().says(refuseHere(bob1, { isUnseen: true }));
    expect(exchange.leg(bob1)?.state).toBe('refused');
  });

  test('[REF7] a device without a leg refuses for the user, not for itself', () => {
    expect(answer(invitingNobody().say(refuseHere(bob1)))).toBe('wrong-state');
    expect(answer(invitingNobody().say(refuse(bob1)))).toBe('ok');
  });

  test('[REF8] Alice cannot refuse, nor Bob once it is answered', () => {
    expect(answer(ringing().say(refuse(alice1)))).toBe('forbidden');
    expect(answer(established().say(refuse(bob1)))).toBe('wrong-state');
    expect(answer(established().say(refuse(bob2)))).toBe('answered-elsewhere');
    expect(answer(ended('cancelled').say(refuse(bob1)))).toBe('wrong-state');
  });

  test('[REF9] the same refusal again is answered and changes nothing', () => {
    const here = ringing().says(refuseHere(bob1));
    const before = here.call();
    expect(answer(here.say(refuseHere(bob1)))).toBe('ok');
    expect(here.call()).toBe(before);
    expect(answer(ended('refused').say(refuse(bob1)))).toBe('ok');
  });
});

describe('cancel', () => {
  test.each([
    ['inviting', inviting],
    ['ringing', ringing],
  ])('[CAN1] Alice takes back a call that is %s', (_, state) => {
    const exchange = state().says(cancel(alice1));
    expect(exchange.record()).toMatchObject({ status: RECORD_STATUS.cancelled, endedBy: 'alice' });
    expect(exchange.sees(bob1)).toBe('ended: cancelled');
  });

  test('[CAN2] once Bob’s accept has committed, a cancel loses and is told so', () => {
    const exchange = established();
    expect(answer(exchange.say(cancel(alice1)))).toBe('wrong-state');
    expect(exchange.call().state).toBe('established');
  });

  test('[CAN3] only the device that calls cancels', () => {
    expect(answer(ringing().say(cancel(alice2)))).toBe('forbidden');
    expect(answer(ringing().say(cancel(bob1)))).toBe('forbidden');
  });

  test('[CAN4] the same cancel again is answered; of a call that ended otherwise it is refused', () => {
    expect(answer(ended('cancelled').say(cancel(alice1)))).toBe('ok');
    expect(answer(ended('no-answer').say(cancel(alice1)))).toBe('wrong-state');
  });
});

describe('end', () => {
  test.each([
    ['Alice', alice1],
    ['Bob', bob1],
  ])('[END1] %s hangs up', (_, by) => {
    const exchange = talking().pass(5000).says(end(by));
    expect(exchange.record()).toMatchObject({
      reason: 'completed',
      endedAt: exchange.now,
      endedBy: by.user,
    });
    expect(exchange.sees(alice1)).toBe('ended: completed');
    expect(exchange.sees(bob1)).toBe('ended: completed');
  });

  test('[END2] before the accept it cancels on Alice’s side and refuses everywhere on Bob’s', () => {
    expect(ringing().says(end(alice1)).ended().reason).toBe('cancelled');
    expect(ringing().says(end(bob1)).ended().reason).toBe('refused');
  });

  test('[END3] on a device that has refused here it does not refuse for the others', () => {
    const exchange = ringing().says(refuseHere(bob1));
    expect(answer(exchange.say(end(bob1)))).toBe('ok');
    expect(exchange.call().state).toBe('ringing');
  });

  test('[END4] after the end it is answered and changes nothing', () => {
    for (const exchange of [ended('completed'), ended('offline'), ended('busy')]) {
      expect(answer(exchange.say(end(alice1)))).toBe('ok');
      expect(exchange.last.calls).toEqual([]);
    }
  });

  test('[END5] only the two devices of the call hang up', () => {
    expect(answer(talking().say(end(alice2)))).toBe('forbidden');
    expect(answer(ringing().say(end(alice2)))).toBe('forbidden');
    expect(answer(talking().say(end(bob2)))).toBe('answered-elsewhere');
  });

  test('[END6] a hang-up made while disconnected happened when it was made', () => {
    const exchange = talking().pass(10_000).lose(alice1).pass(9000).says(bind(alice1));
    exchange.says(end(alice1, { ageMs: 4000 }));
    expect(exchange.record().endedAt).toBe(exchange.now - 4000);
    expect(exchange.durations()).toEqual([15, 15]);
  });

  test('[END7] but not before its device was lost, nor before the accept or the connection', () => {
    const talked = talking().pass(10_000).lose(alice1).pass(9000).says(bind(alice1));
    expect(talked.says(end(alice1, { ageMs: 60_000 })).record().endedAt).toBe(talked.now - 9000);
    const accepted = ringing()
      .lose(alice1)
      .pass(2000)
      .says(accept(bob1))
      .pass(1000)
      .says(bind(alice1));
    expect(accepted.says(end(alice1, { ageMs: 3000 })).record().endedAt).toBe(accepted.now - 1000);
    const linked = established().lose(alice1).pass(2000).says(bind(alice1));
    linked
      .says(connected(alice1), connected(bob1))
      .pass(500)
      .says(end(alice1, { ageMs: 2000 }));
    expect(linked.record()).toMatchObject({
      endedAt: linked.now - 500,
      connectedAt: linked.now - 500,
    });
  });

  test('[END8] a device that was never lost hangs up now, whatever age it claims', () => {
    const exchange = talking()
      .pass(10_000)
      .says(end(alice1, { ageMs: 9000 }));
    expect(exchange.record().endedAt).toBe(exchange.now);
  });
});
