import { expect, test } from 'vitest';
import { connected, hold, invite, OTHER, resume, swap } from './scene/commands.ts';
import { answer } from './scene/exchange.ts';
import { alice1, bob1, bob2, carol1 } from './scene/people.ts';
import { SECOND, talking, twoCalls, waiting, withCallWaiting } from './scene/states.ts';

const second = { call: OTHER };
const flows = (by: typeof alice1, resumes: number, call = 'call-1') =>
  connected(by, { call, resume: resumes });

test('[SWP1] a swap holds the live call and resumes the held one in one decision', () => {
  const exchange = twoCalls().says(swap(bob1));
  expect(exchange.last.calls).toHaveLength(2);
  expect(exchange.view(carol1, OTHER)).toMatchObject({ peerHolds: true });
  expect(exchange.view(bob1)).toMatchObject({ resuming: { by: 'self' } });
  exchange.says(flows(alice1, 1), flows(bob1, 1), swap(bob1, second));
  expect(exchange.view(alice1)).toMatchObject({ peerHolds: true });
  expect(exchange.view(bob1, OTHER)).toMatchObject({ resuming: { by: 'self' } });
});

test('[SWP1] pictures go and come back with the calls they belong to', () => {
  const exchange = twoCalls({ media: 'video' }).says(swap(bob1), flows(alice1, 1), flows(bob1, 1));
  expect(exchange.view(alice1)).toMatchObject({ media: 'video' });
  expect(exchange.view(carol1, OTHER)).toMatchObject({ media: 'audio' });
});

test('[SWP2] a resume beside a live call is no swap', () => {
  expect(answer(twoCalls().say(resume(bob1)))).toBe('other-call-live');
  const out = withCallWaiting().says(invite(bob1, 'carol', { ...SECOND, mayHoldOther: true }));
  expect(answer(out.say(resume(bob1)))).toBe('other-call-live');
  expect(answer(twoCalls().says(hold(bob1, second)).say(resume(bob1)))).toBe('ok');
});

test('[SWP3] the live call needs none, and one call alone has none', () => {
  expect(answer(twoCalls().say(swap(bob1, second)))).toBe('ok');
  expect(answer(talking().say(swap(bob1)))).toBe('wrong-state');
  expect(answer(talking().says(hold(bob1)).say(swap(bob1)))).toBe('wrong-state');
  expect(answer(waiting().say(swap(bob1)))).toBe('wrong-state');
  const out = withCallWaiting().says(invite(bob1, 'carol', { ...SECOND, mayHoldOther: true }));
  expect(answer(out.say(swap(bob1)))).toBe('other-call-live');
});

test('[SWP3] of two that are held it takes the one that is named', () => {
  const exchange = twoCalls().says(hold(bob1, second));
  expect(answer(exchange.say(swap(bob1, second)))).toBe('ok');
  expect(exchange.view(bob1, OTHER)).toMatchObject({ resuming: { by: 'self' } });
  expect(exchange.view(bob1)).toMatchObject({ held: true });
});

test('[SWP4] it waits for the own resume of the live call, and for the permission to hold', () => {
  const exchange = twoCalls().says(swap(bob1));
  expect(answer(exchange.say(swap(bob1, second)))).toBe('in-progress');
  exchange.says(flows(alice1, 1), flows(bob1, 1));
  expect(answer(exchange.say(swap(bob1, { ...second, isPermitted: false })))).toBe('not-permitted');
  expect(exchange.view(bob1, OTHER)).toMatchObject({ held: true });
  expect(answer(exchange.say(swap(bob2, second)))).toBe('forbidden');
});

test('[SWP5] it leaves the other side’s hold standing', () => {
  const exchange = twoCalls().says(hold(alice1), swap(bob1));
  expect(exchange.view(bob1)).toMatchObject({ peerHolds: true });
  expect(exchange.view(bob1)).not.toHaveProperty('held');
  expect(exchange.established().resuming).toBeNull();
});
