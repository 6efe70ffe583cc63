import { GRACE_MS, RING_TIMEOUT_MS } from '@ringline/protocol';
import { describe, expect, test } from 'vitest';
import { accept, cancel, end, invite, OTHER, refuse, refuseHere } from './scene/commands.ts';
import { alice1, alice2, bob1, bob2, carol1, profileOf } from './scene/people.ts';
import { ended, established, inviting, invitingNobody, ringing, talking } from './scene/states.ts';

describe('what a device is told', () => {
  test('[VEW1] Alice’s device sees the call and Bob’s legs; her other one sees nothing', () => {
    const exchange = inviting({ content: 'hi' });
    expect(exchange.view(alice1)).toEqual({
      id: 'call-1',
      version: 1,
      direction: 'outgoing',
      peer: profileOf(bob1),
      content: 'hi',
      media: 'video',
      state: 'inviting',
      remainingMs: RING_TIMEOUT_MS,
      legs: [
        { device: 'bob1', state: 'delivered', epoch: 1 },
        { device: 'bob2', state: 'delivered', epoch: 2 },
      ],
    });
    expect(exchange.view(alice2)).toBeUndefined();
  });

  test('[VEW2] Bob’s devices with a leg see the call, without the legs of the others', () => {
    expect(ringing().view(bob1)).toEqual({
      id: 'call-1',
      version: 3,
      direction: 'incoming',
      peer: profileOf(alice1),
      media: 'video',
      state: 'ringing',
      remainingMs: RING_TIMEOUT_MS,
      peerDevice: 'alice1',
      epoch: 1,
    });
    expect(invitingNobody().view(bob1)).toBeUndefined();
    expect(ringing().view(carol1)).toBeUndefined();
  });

  test('[VEW3] time is told as what remains, and never less than nothing', () => {
    const exchange = ringing().pass(20_000);
    expect(exchange.view(bob1)).toMatchObject({ remainingMs: RING_TIMEOUT_MS - 20_000 });
    expect(exchange.pass(RING_TIMEOUT_MS).view(bob1)).toMatchObject({ remainingMs: 0 });
  });

  test('[VEW4] an answered call is seen by its two devices, each told of the other', () => {
    const exchange = talking().pass(4000).lose(bob1).pass(1000);
    expect(exchange.view(alice1)).toMatchObject({
      state: 'established',
      media: 'video',
      peerDevice: 'bob1',
      epoch: 1,
      connectedMs: 5000,
      peerGraceMs: GRACE_MS - 1000,
    });
    expect(exchange.view(bob1)).not.toHaveProperty('peerGraceMs');
    expect(established().view(bob1)).not.toHaveProperty('connectedMs');
  });

  test('[VEW5] a device that stopped ringing is told why, once and for all', () => {
    const exchange = ringing().says(accept(bob1));
    expect(exchange.sees(bob2)).toBe('ended: answered-elsewhere');
    expect(exchange.says(end(alice1)).sees(bob2)).toBe('ended: answered-elsewhere');
    const here = ringing().says(refuseHere(bob2));
    expect(here.sees(bob2)).toBe('ended: refused');
    expect(here.says(accept(bob1)).sees(bob2)).toBe('ended: refused');
    expect(ringing().says(refuseHere(bob2), cancel(alice1)).sees(bob2)).toBe('ended: refused');
  });

  test.each([
    ['cancelled', ringing().says(cancel(alice1)), 'cancelled'],
    ['refused by the other', ringing().says(refuse(bob1)), 'refused-elsewhere'],
    ['not answered', ringing().wait(RING_TIMEOUT_MS), 'expired'],
    ['left by a caller who was lost', ringing().lose(alice1).wait(GRACE_MS), 'lost'],
  ])('[VEW6] a device rang for a call that was %s', (_, exchange, reason) => {
    expect(exchange.sees(bob2)).toBe(`ended: ${reason}`);
  });

  test('[VEW7] an ended call tells each its own duration, and the caller what came with the answer', () => {
    const exchange = talking().pass(9000).lose(bob1).pass(2000).says(end(alice1));
    expect(exchange.view(alice1)).toMatchObject({ state: 'ended', durationSeconds: 11 });
    expect(exchange.view(bob1)).toMatchObject({ state: 'ended', durationSeconds: 9 });
    const refused = ringing().says(refuse(bob1, { response: 'no' }));
    expect(refused.view(alice1)).toMatchObject({ response: 'no' });
    expect(refused.view(bob1)).not.toHaveProperty('response');
  });

  test('[VEW8] a busy callee hears nothing of it', () => {
    const exchange = ended('busy');
    expect(exchange.view(bob1)).toBeUndefined();
    expect(exchange.sees(alice1)).toBe('ended: busy');
  });

  test('[VEW9] nobody sees a call under an id that glare gave up', () => {
    const exchange = inviting().says(invite(bob1, 'alice', { call: OTHER }));
    expect(exchange.view(bob1)).toMatchObject({ id: 'call-1', direction: 'incoming' });
    expect(exchange.calls.has(OTHER)).toBe(false);
  });
});
