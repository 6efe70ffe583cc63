import { OFFLINE_AFTER_MS, RECORD_STATUS, RING_TIMEOUT_MS } from '@ringline/protocol';
import { describe, expect, test } from 'vitest';
import { decide } from '../src/index.ts';
import type { Actor } from '../src/index.ts';
import { accept, bind, CALL, invite, OTHER, refuseHere, ring } from './scene/commands.ts';
import { answer, START } from './scene/exchange.ts';
import { alice1, alice2, bob1, bob2, carol1, door, profileOf, reachable } from './scene/people.ts';
import {
  ended,
  EVERYBODY,
  idle,
  inviting,
  invitingNobody,
  ringing,
  talking,
} from './scene/states.ts';

describe('an invitation', () => {
  test('[INV1] Alice invites Bob: the call waits, with all that she sent along', () => {
    const exchange = idle(...EVERYBODY);
    expect(exchange.say(invite(alice1, 'bob', { content: 'hi', roomId: 42 }))).toEqual({
      ok: true,
      call: CALL,
    });
    expect(exchange.call()).toMatchObject({
      state: 'inviting',
      version: 1,
      roomId: 42,
      caller: { ...profileOf(alice1), device: 'alice1' },
      invitedMedia: 'video',
      content: 'hi',
      invitedAt: START,
      expiresAt: START + RING_TIMEOUT_MS,
      offlineAt: START + OFFLINE_AFTER_MS,
    });
  });

  test('[INV2] every device of Bob that is there gets a leg, and nobody else’s does', () => {
    expect(inviting().call().legs).toMatchObject([
      { device: 'bob1', state: 'delivered' },
      { device: 'bob2', state: 'delivered' },
    ]);
  });

  test('[INV7] what was raised from a bare invitation rings on pages that speak RTM, also on late ones', () => {
    const wishes = { version: 0, calls: [], isAnnounced: true, takesRecords: true };
    const lines = ['alice', 'bob'].map((user) => ({ user, ...wishes }));
    const world = { calls: [], lines, devices: [reachable(bob1), door(bob2)] };
    const rung = decide(world, invite(alice1, 'bob', { isRaised: true }), START);
    expect(rung.calls).toMatchObject([
      { isRaised: true, legs: [{ device: 'bob2', state: 'delivered' }] },
    ]);
    const late = (by: Actor, speaksRtm: boolean) =>
      decide({ ...world, ...rung }, bind(by, { speaksRtm }), START).calls;
    const bob3 = { user: 'bob', device: 'bob3' };
    expect(late(bob1, false)).toEqual([]);
    expect(late(bob3, true)).toMatchObject([{ legs: [{ device: 'bob2' }, { device: 'bob3' }] }]);
  });

  test('[INV3] Bob is known by his device’s token, or by his id until one logs in', () => {
    expect(inviting().call().callee).toEqual(profileOf(bob1));
    const exchange = invitingNobody();
    expect(exchange.call().callee).toEqual({ user: 'bob' });
    expect(exchange.says(bind(bob2), bind(bob1)).call().callee).toEqual(profileOf(bob2));
  });

  test('[INV4] the same invitation again is answered with the call, even when that is over', () => {
    for (const exchange of [inviting(), talking(), ended('completed')]) {
      const before = exchange.call();
      expect(exchange.say(invite(alice1, 'bob'))).toEqual({ ok: true, call: CALL });
      expect(exchange.call()).toBe(before);
      expect(exchange.calls.size).toBe(1);
    }
  });

  test.each([
    ['another user', invite(carol1, 'bob')],
    ['another device', invite(alice2, 'bob')],
    ['another callee', invite(alice1, 'carol')],
  ])('[INV5] a call id that names a call of %s is refused', (_, command) => {
    expect(answer(ended('cancelled').say(command))).toBe('call-id-taken');
    expect(answer(inviting().say(command))).toBe('call-id-taken');
  });

  test('[INV6] Alice cannot call herself', () => {
    const exchange = idle(...EVERYBODY);
    expect(answer(exchange.say(invite(alice1, 'alice')))).toBe('self-call');
    expect(exchange.calls.size).toBe(0);
  });
});

describe('a user who is occupied', () => {
  test.each([
    ['inviting', inviting],
    ['ringing', ringing],
    ['established', talking],
  ])('[BSY1] a call to either party of a call that is %s ends busy at once', (_, state) => {
    for (const to of ['alice', 'bob']) {
      const exchange = state();
      expect(exchange.say(invite(carol1, to, { call: OTHER }))).toEqual({ ok: true, call: OTHER });
      expect(exchange.ended(OTHER)).toMatchObject({ reason: 'busy', version: 1, legs: [] });
      expect(exchange.record(OTHER)).toMatchObject({ status: RECORD_STATUS.busy, endedBy: null });
      expect(exchange.last.calls).toHaveLength(1);
      expect(exchange.view(bob1, OTHER)).toBeUndefined();
      expect(exchange.view(carol1, OTHER)).toMatchObject({ state: 'ended', reason: 'busy' });
    }
  });

  test.each([
    ['the caller', alice2, 'carol'],
    ['the callee, still ringing', bob2, 'carol'],
  ])('[BSY2] %s of an open call calls nobody: no call and no record', (_, by, to) => {
    for (const exchange of [inviting(), ringing(), talking()]) {
      expect(answer(exchange.say(invite(by, to, { call: OTHER })))).toBe('caller-busy');
      expect(exchange.last.calls).toEqual([]);
    }
  });

  test('[BSY3] when both are occupied the caller is told that it is itself', () => {
    expect(answer(talking().say(invite(alice2, 'bob', { call: OTHER })))).toBe('caller-busy');
  });

  test('[BSY4] a call whose time has run out occupies nobody, however late the timer', () => {
    const exchange = ringing().pass(RING_TIMEOUT_MS);
    exchange.say(invite(carol1, 'bob', { call: OTHER }));
    expect(exchange.ended().reason).toBe('no-answer');
    expect(exchange.call(OTHER).state).toBe('inviting');
    expect(exchange.line('bob')).toEqual([OTHER]);
    expect(exchange.line('alice')).toEqual([]);
  });
});

describe('glare', () => {
  test('[GLR1] Bob invites Alice while she invites him: his is an accept, and one call is left', () => {
    const exchange = inviting();
    expect(exchange.say(invite(bob2, 'alice', { call: OTHER }))).toEqual({ ok: true, call: CALL });
    expect(exchange.established().sides).toMatchObject({
      caller: { device: 'alice1' },
      callee: { device: 'bob2' },
    });
    expect(exchange.calls.size).toBe(1);
    expect(exchange.sees(bob1)).toBe('ended: answered-elsewhere');
  });

  test('[GLR2] two who call each other at once do not find each other busy', () => {
    expect(answer(ringing().say(invite(bob1, 'alice', { call: OTHER })))).toBe('ok');
  });

  test.each([
    ['video', 'video', { state: 'on' }],
    ['video', 'audio', { state: 'requested', by: 'caller' }],
    ['audio', 'video', { state: 'requested', by: 'callee' }],
    ['audio', 'audio', { state: 'off' }],
  ] as const)(
    '[GLR3] %s meets %s: whoever wants a picture has asked for it',
    (media, later, video) => {
      const exchange = inviting({ media });
      exchange.say(invite(bob1, 'alice', { call: OTHER, media: later }));
      expect(exchange.established()).toMatchObject({ video, invitedMedia: media });
    },
  );

  test('[GLR4] what Bob sent along travels as the response, and his token names him', () => {
    const exchange = inviting({ content: 'from alice' });
    exchange.say(invite(bob2, 'alice', { call: OTHER, content: 'from bob' }));
    expect(exchange.call()).toMatchObject({ content: 'from alice', callee: profileOf(bob2) });
    expect(exchange.view(alice1)).toMatchObject({ response: 'from bob' });
  });

  test('[GLR5] Bob’s device needs no leg for it, and may have refused before', () => {
    const away = invitingNobody();
    expect(answer(away.say(invite(bob1, 'alice', { call: OTHER })))).toBe('ok');
    const refused = ringing().says(refuseHere(bob1));
    refused.say(invite(bob1, 'alice', { call: OTHER }));
    expect(refused.established().sides.callee.device).toBe('bob1');
    expect(refused.sees(bob1)).toBe('established');
  });

  test('[GLR6] an invitation whose time has run out meets nobody: Bob’s is a new call', () => {
    const exchange = ringing().pass(RING_TIMEOUT_MS);
    expect(exchange.say(invite(bob1, 'alice', { call: OTHER }))).toEqual({ ok: true, call: OTHER });
    expect(exchange.ended().reason).toBe('no-answer');
    expect(exchange.call(OTHER)).toMatchObject({ state: 'inviting', caller: { user: 'bob' } });
    expect(exchange.line('bob')).toEqual([OTHER]);
  });

  test('[GLR7] an answered call merges with nothing', () => {
    const exchange = ringing().says(accept(bob1));
    expect(answer(exchange.say(invite(bob2, 'alice', { call: OTHER })))).toBe('caller-busy');
  });

  test('[GLR8] meeting while Alice is in her grace, both wait for her to come back', () => {
    const exchange = ringing().lose(alice1);
    exchange.say(invite(bob1, 'alice', { call: OTHER }));
    expect(exchange.established().sides.caller.loss).not.toBeNull();
    exchange.says(bind(alice1), ring(bob1));
    expect(exchange.established().sides.caller.loss).toBeNull();
  });
});
