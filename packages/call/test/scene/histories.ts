import * as fc from 'fast-check';
import type { Actor, Command } from '../../src/index.ts';
import {
  accept,
  answerVideo,
  bind,
  CALL,
  cancel,
  connected,
  declare,
  end,
  expire,
  hold,
  invite,
  lose,
  OTHER,
  refuse,
  refuseHere,
  reload,
  removeVideo,
  requestVideo,
  resume,
  ring,
  swap,
} from './commands.ts';
import type { Exchange } from './exchange.ts';
import { alice1, alice2, bob1, bob2, carol1 } from './people.ts';

/** Something that happens: time passes with its deadlines met or missed, or somebody acts. */
export type Happening = (exchange: Exchange) => unknown;

/** Who may act; the same number is the same person whatever the names are. */
export type Cast = readonly Actor[];
export const CAST: Cast = [alice1, alice2, bob1, bob2, carol1];

type Act = (by: Actor, call: string, number: number, exchange: Exchange) => Command;

const ACTS: readonly Act[] = [
  (by, call) => ring(by, { call }),
  (by, call) => ring(by, { call, receipt: 'silent', silence: 'muted-by-user' }),
  (by, call) => accept(by, { call }),
  (by, call) => accept(by, { call, media: 'audio' }),
  (by, call) => refuse(by, { call }),
  (by, call) => refuseHere(by, { call }),
  (by, call) => cancel(by, { call }),
  (by, call, ageMs) => end(by, { call, ageMs }),
  (by, call, epoch) => connected(by, { call, epoch: 1 + (epoch % 2) }),
  (by, call) => connected(by, { call }),
  (by, call, which) => declare(by, { call, microphone: which % 2 > 0, camera: which % 3 > 0 }),
  (by, call, resumes) => connected(by, { call, resume: 1 + (resumes % 3) }),
  (by, call, which) => hold(by, { call, isPermitted: which % 5 > 0 }),
  (by, call, which) => resume(by, { call, askVideo: which % 2 > 0 }),
  (by, call, which) => swap(by, { call, isPermitted: which % 5 > 0 }),
  (by, call) => end(by, { call, resumesOther: true }),
  (by, call) => requestVideo(by, { call }),
  (by, call) => answerVideo(by, { call }),
  (by, call) => answerVideo(by, { call, answer: 'refuse' }),
  (by, call, which) => removeVideo(by, { call, cameraFailed: which % 2 > 0 }),
  (by) => bind(by),
  (by) => reload(by),
  (by, _, ago, { now }) => lose(by, now - ago),
  (_, call) => expire(call),
];

/** Histories of up to so many happenings, told of a cast so that the same one can be played by others. */
export function histories(maxLength: number): fc.Arbitrary<readonly ((cast: Cast) => Happening)[]> {
  const number = fc.nat({ max: 40_000 });
  const some = fc.record({
    actor: fc.nat({ max: CAST.length - 1 }),
    other: fc.nat({ max: CAST.length - 1 }),
    call: fc.constantFrom(CALL, CALL, CALL, OTHER, 'call-3'),
    number,
  });
  const acts = fc.tuple(fc.constantFrom(...ACTS), some).map(([act, { actor, call, number }]) => {
    return (cast: Cast) => (exchange: Exchange) =>
      exchange.say(act(cast[actor] as Actor, call, number, exchange));
  });
  const invitations = some.map(({ actor, other, call, number }) => {
    return (cast: Cast) => (exchange: Exchange) => {
      const media = number % 2 ? 'audio' : 'video';
      const given = {
        call,
        media,
        ringTimeoutMs: 1000 + number,
        mayHoldOther: number % 3 > 0,
      } as const;
      return exchange.say(invite(cast[actor] as Actor, (cast[other] as Actor).user, given));
    };
  });
  const waits = number.map((ms) => () => (exchange: Exchange) => exchange.wait(ms));
  const passes = number.map((ms) => () => (exchange: Exchange) => exchange.pass(ms));
  return fc.array(
    fc.oneof(
      { weight: 8, arbitrary: acts },
      { weight: 2, arbitrary: invitations },
      { weight: 2, arbitrary: waits },
      { weight: 1, arbitrary: passes },
    ),
    { maxLength },
  );
}
