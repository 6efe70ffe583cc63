import type { EndReason } from '@ringline/protocol';
import {
  CONNECT_TIMEOUT_MS,
  GRACE_MS,
  OFFLINE_AFTER_MS,
  RESUME_TIMEOUT_MS,
  RING_TIMEOUT_MS,
} from '@ringline/protocol';
import type { Actor } from '../../src/index.ts';
import type { Invite } from '../../src/index.ts';
import {
  OTHER,
  accept,
  bind,
  cancel,
  connected,
  end,
  hold,
  invite,
  refuse,
  resume,
  ring,
} from './commands.ts';
import { Exchange } from './exchange.ts';
import { alice1, alice2, bob1, bob2, carol1 } from './people.ts';

/** Nobody calls; these devices are there. */
export function idle(...bound: readonly Actor[]): Exchange {
  return new Exchange().says(...bound.map((actor) => bind(actor)));
}

/** Everybody's devices but Mallory's. */
export const EVERYBODY: readonly Actor[] = [alice1, alice2, bob1, bob2, carol1];

type Given = Partial<
  Pick<Invite, 'media' | 'content' | 'ringTimeoutMs' | 'isHoldable' | 'tellsRecord'>
>;

/** Alice has invited Bob, whose devices have not reported. */
export function inviting(given: Given = {}): Exchange {
  return idle(...EVERYBODY).says(invite(alice1, 'bob', given));
}

/** Alice has invited Bob, who is nowhere. */
export function invitingNobody(given: Given = {}): Exchange {
  return idle(alice1, alice2, carol1).says(invite(alice1, 'bob', given));
}

/** Both of Bob's devices alert. */
export function ringing(given: Given = {}): Exchange {
  return inviting(given).says(ring(bob1), ring(bob2));
}

/** Bob has answered on his first device; media do not flow yet. */
export function established(given: Given = {}): Exchange {
  return ringing(given).says(accept(bob1));
}

/** Alice and Bob talk. */
export function talking(given: Given = {}): Exchange {
  return established(given).says(connected(alice1), connected(bob1));
}

/** The second call, Carol's to Bob. */
export const SECOND = { call: OTHER, media: 'audio' } as const;

/** Alice and Bob talk, everybody has call waiting, and Carol calls Bob. */
export function waiting(given: Given = { media: 'audio' }): Exchange {
  return withCallWaiting(given).says(invite(carol1, 'bob', SECOND));
}

/** Alice and Bob talk, and everybody's devices take a second call. */
export function withCallWaiting(given: Given = { media: 'audio' }): Exchange {
  const exchange = talking(given);
  exchange.takeSecond = true;
  return exchange;
}

/** Bob talks with Carol, and holds his call with Alice. */
export function twoCalls(given: Given = { media: 'audio' }): Exchange {
  const second = { call: OTHER };
  return waiting(given).says(
    accept(bob1, second),
    connected(bob1, second),
    connected(carol1, second),
  );
}

/** The call is over for this reason. */
export function ended(reason: EndReason): Exchange {
  switch (reason) {
    case 'completed':
      return talking().says(end(alice1));
    case 'cancelled':
      return ringing().says(cancel(alice1));
    case 'refused':
      return ringing().says(refuse(bob1));
    case 'no-answer':
      return ringing().wait(RING_TIMEOUT_MS);
    case 'offline':
      return invitingNobody().wait(OFFLINE_AFTER_MS);
    case 'connection-lost':
      return talking().lose(alice1).wait(GRACE_MS);
    case 'media-failed':
      return established().wait(CONNECT_TIMEOUT_MS);
    case 'resume-failed':
      return talking().says(hold(alice1), resume(alice1)).wait(RESUME_TIMEOUT_MS);
    case 'busy':
      return busy();
  }
}

/** Bob talks with Carol in the other call when Alice calls him. */
function busy(): Exchange {
  const withCarol = { call: 'call-2' };
  return idle(...EVERYBODY).says(
    invite(carol1, 'bob', withCarol),
    accept(bob1, withCarol),
    invite(alice1, 'bob'),
  );
}
