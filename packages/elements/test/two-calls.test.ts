import type { Call } from '@ringline/client';
import { VirtualClock } from '@ringline/testkit';
import { describe, expect, test } from 'vitest';
import { fadeAsideNews } from '../src/model/aside-news.ts';
import { NEWS_MS } from '../src/model/device-news.ts';
import { HoldTimes } from '../src/model/hold-times.ts';
import { Names } from '../src/model/names.ts';
import { Phone } from '../src/model/phone.ts';
import { TestCall, TestClient } from './support.ts';

const bob = { user: 'bob', name: 'Bob' };
const carol = { user: 'carol', name: 'Carol' };

function phone() {
  const client = new TestClient();
  return { client, phone: new Phone(client.port, new Names()) };
}

/** Bob called this user, and they talk. */
function talking() {
  const { client, phone: it } = phone();
  const first = new TestCall('first', 'incoming', bob);
  client.rings(first);
  first.becomes('established');
  return { client, phone: it, first };
}

/** And Carol calls. */
function waiting() {
  const { client, phone: it, first } = talking();
  const second = new TestCall('second', 'incoming', carol);
  client.rings(second);
  return { client, phone: it, first, second };
}

/** Carol is talked to, Bob is held. */
function both() {
  const { client, phone: it, first, second } = waiting();
  first.holds(true);
  second.becomes('established');
  return { client, phone: it, first, second };
}

/** Carol is called beside the call with Bob. */
async function callingCarol() {
  const { client, phone: it, first } = talking();
  const second = new TestCall('second', 'outgoing', carol);
  second.state = 'inviting';
  client.placed = Promise.resolve(second.call);
  await it.place(carol, 'audio');
  return { client, phone: it, first, second };
}

function shown({ stage, aside }: Phone): (string | undefined)[] {
  return [stage, aside].map((each) => (each.kind === 'call' ? each.call.id : undefined));
}

describe('a second call that rings', () => {
  test('waits beside the one that is on, which stays the large one', () => {
    const { phone: it, second } = waiting();
    expect(shown(it)).toEqual(['first', undefined]);
    expect(it.ringing).toEqual([second]);
    expect(it.waiting).toEqual([second]);
  });

  test('takes the large place when it is answered, and the first is beside it', async () => {
    const { phone: it, first, second } = waiting();
    const answered = it.answer(second.call, 'audio');
    expect(it.isAnswering(second.call)).toBe(true);
    second.becomes('established');
    first.holds(true);
    await answered;
    expect(shown(it)).toEqual(['second', 'first']);
    expect(second.done).toEqual(['accept']);
    expect(first.done).toEqual([]);
    expect(it.ringing).toEqual([]);
  });

  test('rings on when the answer is refused, which is told', async () => {
    const { phone: it, second } = waiting();
    const fault = Object.assign(new Error(), { code: 'in-progress' });
    second.accepting = Promise.reject(fault);
    await it.answer(second.call, 'audio');
    expect(it.failureOf(second.call)).toBe(fault);
    expect(it.ringing).toEqual([second]);
    expect(shown(it)).toEqual(['first', undefined]);
  });

  test('is answered once the first one was ended, where its user wants that', async () => {
    const { phone: it, first, second } = waiting();
    const answered = it.endAndAnswer(second.call, 'audio');
    await it.endAndAnswer(second.call, 'audio');
    await answered;
    expect(first.done).toEqual(['end']);
    expect(second.done).toEqual(['accept']);
  });

  test('leaves nothing when it is refused here', async () => {
    const { phone: it, second } = waiting();
    await it.refuse(second.call);
    expect(it.ringing).toEqual([]);
    expect(shown(it)).toEqual(['first', undefined]);
  });

  test('that nobody answered is told beside the first one for a moment', () => {
    const { phone: it, second } = waiting();
    const clock = new VirtualClock();
    fadeAsideNews(it, clock);
    second.becomes('ended', 'cancelled');
    expect(shown(it)).toEqual(['first', 'second']);
    clock.advance(NEWS_MS - 1);
    expect(shown(it)).toEqual(['first', 'second']);
    clock.advance(1);
    expect(shown(it)).toEqual(['first', undefined]);
  });

  test('is an ordinary one once the first is over', () => {
    const { phone: it, first } = waiting();
    first.becomes('ended', 'completed');
    expect(it.waiting).toEqual([]);
    expect(it.ringing).toHaveLength(1);
  });
});

describe('of two calls', () => {
  test('the one that is live is the large one, whichever order the server says it in', async () => {
    const { phone: it, first, second } = both();
    const swapping = it.takeOther();
    expect([first, second].map(({ call }) => it.pendingOf(call))).toEqual(['swap', 'swap']);
    await it.takeOther();
    await it.change(second.call, 'hold', () => second.hold());
    await swapping;
    expect([first.done, second.done]).toEqual([['swap'], []]);
    second.holds(true);
    expect(shown(it)).toEqual(['second', 'first']);
    first.holds(false);
    expect(shown(it)).toEqual(['first', 'second']);
    expect([first, second].map(({ call }) => it.pendingOf(call))).toEqual([undefined, undefined]);
  });

  test('what became of a third caller is not told in the place of the held one', () => {
    const { client, phone: it } = both();
    const third = new TestCall('third', 'incoming', { user: 'dave', name: 'Dave' });
    client.rings(third);
    third.becomes('ended', 'cancelled');
    expect(shown(it)).toEqual(['second', 'first']);
    it.dismiss();
    it.dismiss();
    expect(it.stage.kind).toBe('idle');
  });

  test('neither changes its place when the swap is refused, which is told', async () => {
    const { phone: it, first } = both();
    first.fault = new Error('in progress');
    await it.takeOther();
    expect(it.failureOf(first.call)).toBe(first.fault);
    expect(shown(it)).toEqual(['second', 'first']);
  });

  test('the end of the live one brings the held one back, where this user hangs up', async () => {
    const { phone: it, first, second } = both();
    expect(it.heldBeside(second.call)).toBe(first);
    await it.hangUp(second.call);
    expect(second.done).toEqual(['end and resume']);
  });

  test('the end of one that is alone, or beside a live one, resumes nothing', async () => {
    const { phone: it, first, second } = both();
    expect(it.heldBeside(first.call)).toBeUndefined();
    second.becomes('ended', 'completed');
    await it.hangUp(first.call);
    expect(first.done).toEqual(['end']);
  });

  test('the other side ends the live one: the held one takes its place and stays held', () => {
    const { phone: it, first, second } = both();
    second.becomes('ended', 'completed');
    expect(shown(it)).toEqual(['first', 'second']);
    expect(first.done).toEqual([]);
    it.dismiss(it.aside);
    expect(shown(it)).toEqual(['first', undefined]);
  });

  test('both held, either is resumed, and takes the large place', async () => {
    const { phone: it, first, second } = both();
    second.holds(true);
    await it.takeOther();
    expect(first.done).toEqual(['resume']);
    first.holds(false);
    expect(shown(it)).toEqual(['first', 'second']);
  });

  test('both over, the last one is told', () => {
    const { phone: it, first, second } = both();
    first.becomes('ended', 'completed');
    second.becomes('ended', 'completed');
    expect(shown(it)).toEqual(['second', undefined]);
    expect(it.isOccupied).toBe(false);
  });

  test('both are there when the page was loaded anew, the live one large', () => {
    for (const order of [0, 1]) {
      const { client, phone: it } = phone();
      const held = new TestCall('held', 'incoming', bob);
      const live = new TestCall('live', 'outgoing', carol);
      for (const call of [held, live]) call.state = 'established';
      held.localHold = true;
      for (const call of order === 0 ? [held, live] : [live, held]) client.tell('restored', call);
      expect(shown(it)).toEqual(['live', 'held']);
    }
  });
});

describe('calling out beside a call', () => {
  test('shows who is called, and the other one beside', async () => {
    const { phone: it, first, second } = await callingCarol();
    expect(shown(it)).toEqual(['second', 'first']);
    first.holds(true);
    second.becomes('ringing');
    expect(shown(it)).toEqual(['second', 'first']);
    await it.takeOther();
    expect(first.done).toEqual([]);
    await it.hangUp(second.call);
    expect(second.done).toEqual(['end and resume']);
  });

  test('that fails leaves the call that is on where it was, and says why beside it', async () => {
    const { client, phone: it } = talking();
    const fault = new Error('denied');
    client.placed = Promise.reject(fault);
    await it.place(carol, 'video');
    expect(shown(it)).toEqual(['first', undefined]);
    expect(it.aside).toMatchObject({ kind: 'failed', peer: carol, error: fault });
    it.dismiss(it.aside);
    expect(it.aside.kind).toBe('idle');
  });

  test('taken back before the server has it, the first call is large again', async () => {
    const { client, phone: it } = talking();
    client.placed = new Promise<Call>(() => {});
    void it.place(carol, 'audio');
    expect(it.stage.kind).toBe('starting');
    it.dismiss();
    expect(client.signal?.aborted).toBe(true);
    expect(shown(it)).toEqual(['first', undefined]);
  });

  test('to whom is calling is an answer: one call, shown once', async () => {
    const { client, phone: it, first, second } = waiting();
    client.placed = Promise.resolve(second.call);
    expect(it.obstacleTo('carol')).toBeUndefined();
    const placed = it.place(carol, 'audio');
    second.becomes('established');
    first.holds(true);
    await placed;
    expect(shown(it)).toEqual(['second', 'first']);
  });

  test('that ends busy while the first call was never held gives the large place back', async () => {
    const { phone: it, second } = await callingCarol();
    second.becomes('announcing', 'busy');
    expect(shown(it)).toEqual(['first', 'second']);
    second.becomes('ended', 'busy');
    expect(shown(it)).toEqual(['first', 'second']);
  });

  test('is not offered while one is being called', async () => {
    const { phone: it, client } = await callingCarol();
    expect(it.obstacleTo('dave')).toBe('calling-already');
    client.placed = new Promise<Call>(() => {});
    await it.place({ user: 'dave' }, 'audio');
    expect(shown(it)).toEqual(['second', 'first']);
  });

  test('is not offered to whom one talks to, beside two calls, or without call waiting; the call says why', async () => {
    const { phone: it, client, first } = talking();
    expect(it.obstacleTo('bob')).toBe('same-peer');
    expect(it.obstacleTo('dave')).toBeUndefined();
    client.callWaiting = false;
    expect(it.obstacleTo('dave')).toBe('call-waiting-off');
    await it.place({ user: 'dave' }, 'audio');
    expect(it.failureOf(first.call)).toEqual({ code: 'call-waiting-off' });
    expect(shown(it)).toEqual(['first', undefined]);
    expect(waiting().phone.obstacleTo('dave')).toBe('two-calls');
    expect(both().phone.obstacleTo('dave')).toBe('two-calls');
  });
});

test('how long a call has been held is known, unless it was before the page was loaded', () => {
  const { client, phone: it } = phone();
  let now = 1000;
  const times = new HoldTimes(it, () => now);
  const call = new TestCall('one', 'incoming', bob);
  call.state = 'established';
  [call.restored, call.localHold] = [true, true];
  client.tell('restored', call);
  call.tells('stateChanged');
  expect(times.lengthOf(it.stage)).toBeUndefined();
  call.holds(false);
  call.holds(true);
  now += 7000;
  expect(times.lengthOf(it.stage)).toBe(7000);
});
