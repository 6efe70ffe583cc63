import { GRACE_MS } from '@ringline/protocol';
import { describe, expect, test } from 'vitest';
import { deadlineOf } from '../src/index.ts';
import { bind, connected, declare, end, reload } from './scene/commands.ts';
import { answer } from './scene/exchange.ts';
import { alice1, alice2, bob1, bob2 } from './scene/people.ts';
import { ended, established, ringing, talking } from './scene/states.ts';

const BOTH_OFF = { microphone: false, camera: false };
const BOTH_ON = { microphone: true, camera: true };
const FIELDS = ['muted', 'cameraOff', 'peerMuted', 'peerCameraOff'] as const;

/** Which of the fields about declarations a view has. */
function declaredIn(view: object | undefined): readonly string[] {
  return FIELDS.filter((name) => view !== undefined && name in view);
}

describe('what a device declares', () => {
  test('[DCL1] nothing is declared when a call is answered: both send sound and picture', () => {
    const exchange = established();
    expect([alice1, bob1].map((actor) => declaredIn(exchange.view(actor)))).toEqual([[], []]);
  });

  test('[DCL2] [VEW4] Alice mutes and switches her camera off: Bob is shown both, she what she said', () => {
    const exchange = talking().says(declare(alice1));
    expect(exchange.view(bob1)).toMatchObject({ peerMuted: true });
    expect(declaredIn(exchange.view(bob1))).toEqual(['peerMuted']);
    expect(declaredIn(exchange.view(alice1))).toEqual(['muted']);
    exchange.says(declare(alice1, BOTH_OFF));
    expect(declaredIn(exchange.view(bob1))).toEqual(['peerMuted', 'peerCameraOff']);
    expect(declaredIn(exchange.view(alice1))).toEqual(['muted', 'cameraOff']);
    exchange.says(declare(alice1, BOTH_ON));
    expect([alice1, bob1].map((actor) => declaredIn(exchange.view(actor)))).toEqual([[], []]);
  });

  test('[DCL2] each side has its own', () => {
    const exchange = talking().says(declare(alice1), declare(bob1, BOTH_OFF));
    expect(declaredIn(exchange.view(alice1))).toEqual(['muted', 'peerMuted', 'peerCameraOff']);
    expect(declaredIn(exchange.view(bob1))).toEqual(['muted', 'cameraOff', 'peerMuted']);
  });

  test('[DCL3] [CMD3] the same again makes no version', () => {
    const exchange = talking().says(declare(alice1));
    const { version } = exchange.call();
    expect(answer(exchange.say(declare(alice1)))).toBe('ok');
    expect(answer(exchange.say(declare(bob1, BOTH_ON)))).toBe('ok');
    expect(exchange.call().version).toBe(version);
  });

  test('[DCL4] only the two devices of an established call declare', () => {
    const exchange = talking();
    const tell = (actor: typeof alice1) => answer(exchange.say(declare(actor)));
    expect([alice2, bob2].map(tell)).toEqual(['forbidden', 'forbidden']);
    expect(answer(ringing().say(declare(alice1)))).toBe('wrong-state');
    expect(answer(ended('completed').say(declare(alice1)))).toBe('wrong-state');
  });

  test('[DCL5] it stands over losses and reloads, on both sides', () => {
    const exchange = talking().says(declare(alice1), declare(bob1, BOTH_OFF));
    exchange.lose(alice1).pass(1000).says(bind(alice1));
    exchange.lose(bob1).pass(1000).says(reload(bob1));
    expect(exchange.established().epoch).toBe(2);
    expect(declaredIn(exchange.view(alice1))).toEqual(['muted', 'peerMuted', 'peerCameraOff']);
    expect(declaredIn(exchange.view(bob1))).toEqual(['muted', 'cameraOff', 'peerMuted']);
  });

  test('[DCL5] one that was on its way when its device was lost counts', () => {
    const exchange = talking().lose(alice1).says(declare(alice1));
    expect(exchange.view(bob1)).toMatchObject({ peerMuted: true, peerGraceMs: GRACE_MS });
  });

  test('[DCL6] the call is the same but for what its sides say', () => {
    const before = established().says(connected(alice1));
    const call = before.established();
    const after = before.pass(1000).says(declare(alice1, BOTH_OFF)).established();
    const { version, changedAt } = call;
    const sides = { ...call.sides, caller: { ...call.sides.caller, muted: true, cameraOff: true } };
    expect({ ...after, version, changedAt }).toEqual({ ...call, sides });
    expect(deadlineOf(after)).toBe(deadlineOf(call));
    const record = talking().pass(5000).says(end(bob1)).record();
    expect(talking().says(declare(bob1, BOTH_OFF)).pass(5000).says(end(bob1)).record()).toEqual(
      record,
    );
  });
});
