import { expect, test } from 'vitest';
import { appearanceOf } from '../src/call/appearance.ts';
import { Names } from '../src/model/names.ts';
import { Phone } from '../src/model/phone.ts';
import { announcedText, asideText } from '../src/model/wording.ts';
import { en } from '../src/text/en.ts';
import { zh } from '../src/text/zh.ts';
import { TestCall, TestClient } from './support.ts';

const bob = { user: 'bob', name: 'Bob' };

/** Bob was called, and did not answer; this user is told so. */
async function announcing(reason = 'refused') {
  const client = new TestClient();
  const phone = new Phone(client.port, new Names());
  const call = new TestCall('mine', 'outgoing', bob);
  client.placed = Promise.resolve(call.call);
  await phone.place(bob, 'audio');
  call.becomes('announcing', reason);
  return { client, phone, call };
}

test('what is told of a call is a page of its own, and the usual one once it is over', async () => {
  const { phone, call } = await announcing();
  expect(appearanceOf(phone.stage)).toBe('announcing');
  call.becomes('ended', 'refused');
  expect(appearanceOf(phone.stage)).toBe('ended');
  expect(phone.wasAnnounced(call.call)).toBe(true);
});

test('it occupies nobody: others are called and call meanwhile', async () => {
  const { client, phone, call } = await announcing();
  expect(phone.isOccupied).toBe(false);
  expect(phone.obstacleTo('bob')).toBeUndefined();
  const next = new TestCall('next', 'outgoing', bob);
  client.placed = Promise.resolve(next.call);
  const placed = phone.place(bob, 'audio');
  call.becomes('ended', 'refused');
  await placed;
  expect(phone.stage).toMatchObject({ call: { id: 'next' } });
  expect(phone.aside.kind).toBe('idle');
});

test('beside a held call it stays the large page; whoever resumes that one has heard enough', async () => {
  const client = new TestClient();
  const phone = new Phone(client.port, new Names());
  const held = new TestCall('held', 'incoming', { user: 'carol', name: 'Carol' });
  [held.state, held.localHold] = ['established', true];
  client.tell('restored', held);
  const call = new TestCall('mine', 'outgoing', bob);
  client.placed = Promise.resolve(call.call);
  await phone.place(bob, 'audio');
  call.becomes('announcing', 'no-answer');
  expect(phone.stage).toMatchObject({ call: { id: 'mine' } });
  await phone.takeOther();
  expect([call.done, held.done]).toEqual([['end'], ['resume']]);
});

test.each([
  ['busy', 'Bob is on another call', '对方正在通话中'],
  ['refused', 'Bob is busy', '对方忙'],
  ['no-answer', 'Bob does not answer', '对方未接听'],
  ['offline', 'Bob cannot be reached just now', '对方暂时无法接通'],
] as const)(
  'a call that ended %s is told in words, which never say that it was refused',
  (...row) => {
    const [endReason, inEnglish, inChinese] = row;
    const call = { direction: 'outgoing', endReason, durationSeconds: undefined } as const;
    expect(announcedText(call, 'Bob', en)).toBe(inEnglish);
    expect(announcedText(call, 'Bob', zh)).toBe(inChinese);
  },
);

test('what is not announced has the usual words', () => {
  const call = {
    direction: 'outgoing',
    endReason: 'cancelled',
    durationSeconds: undefined,
  } as const;
  expect(announcedText(call, 'Bob', en)).toBe('Call cancelled');
});

const ON = { state: 'established', localHold: false, remoteHold: false, resuming: false } as const;

test.each([
  [{ ...ON, localHold: true }, 65_400, 'On hold · 1:05'],
  [{ ...ON, localHold: true }, undefined, 'On hold'],
  [{ ...ON, localHold: true, remoteHold: true }, 65_000, 'On hold by both of you'],
  [{ ...ON, remoteHold: true }, undefined, 'Bob has put the call on hold'],
  [{ ...ON, resuming: true }, undefined, 'Resuming …'],
  [ON, undefined, 'In call'],
  [{ ...ON, state: 'ringing' }, undefined, 'Calling …'],
] as const)('the other call with %o, held for %s ms, says %s', (call, heldMs, words) => {
  expect(asideText(call, heldMs, 'Bob', en)).toBe(words);
});
