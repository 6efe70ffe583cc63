import type { Actor } from '@ringline/call';
import { RTM_OFFLINE_AFTER_MS } from '@ringline/protocol';
import type { Clock } from '../clock.ts';
import type { Bus } from '../cluster/bus.ts';
import type { Newer, Registrar } from '../registrar/registrar.ts';
import type { Answer } from '../steps/answer.ts';
import { DONE } from '../steps/answer.ts';
import type { Dated } from '../steps/deadlines.ts';
import type { StepRunner } from '../steps/step-runner.ts';
import type { Snapshot, Store } from '../store/store.ts';
import { isLoginOver, lastsAt } from '../store/rtm.ts';
import type { KnownLogin } from '../store/rtm.ts';
import { StoreFault } from '../store/store.ts';
import type { InvitationService } from './invitation-service.ts';

/** What logins are made of. */
export interface LoginParts {
  readonly bus: Bus;
  readonly clock: Pick<Clock, 'now'>;
  readonly invitations: InvitationService;
  readonly registrar: Registrar;
  readonly steps: StepRunner;
  readonly store: Pick<Store, 'dueLogins' | 'load'>;
}

/** Logins taken up together after a restart, so that they share commits. */
const BATCH = 200;
/** Newer than any. */
const NEWEST: Newer = { boundAt: Infinity, connection: '' };

/** Which pages of a user speak RTM: one, unless they say that they stand beside each other. */
export class Logins {
  readonly #parts: LoginParts;

  constructor(parts: LoginParts) {
    this.#parts = parts;
  }

  /**
   * This device's login takes the place of its user's older ones; false when a newer one has taken its own.
   * Whichever of two looks last sees the other, and both agree on which is the newer. Throws StoreFault
   * when the store is away.
   */
  async beSole(by: Actor, newer: Newer, now: number): Promise<boolean> {
    const { bus, registrar, store } = this.#parts;
    const { rtm } = await store.load({ users: [], rtm: { loginsOf: by.user } });
    const others = othersOf(by, rtm);
    const ousted = await Promise.all(others.map((other) => registrar.oust(other, newer, now)));
    const older = ousted.filter(({ isNewer }) => !isNewer);
    const connections = older.flatMap(({ connection }) => connection ?? []);
    if (connections.length > 0) bus.publish({ kind: 'ousted', to: by.user, connections });
    const stays = older.length === ousted.length;
    if (!stays) await registrar.oust(by, NEWEST, now);
    return stays;
  }

  /** The login of a device that did not come back is over, and with a user's last one what hung on it. */
  async end(by: Actor): Promise<Answer> {
    const { invitations, steps } = this.#parts;
    // First what others see: repeated after a crash, it is done by then.
    await invitations.loseCaller(
      by,
      // It may have come back since it was found.
      ({ actor, rtm }, now) =>
        actor !== undefined && isLoginOver(actor, now) && !othersOf(by, rtm).some(lastsAt(now)),
    );
    return steps.run({
      cause: { type: 'rtm-end-login', by },
      scope: { users: [], actor: by },
      plan: ({ actor }, now) => {
        const isEnd = actor !== undefined && isLoginOver(actor, now);
        return { answer: DONE, ...(isEnd && { device: { ...actor, login: null } }) };
      },
    });
  }

  /** Where no node served for a while: who was away has its whole time anew, for it could not come back. */
  async refreshGraces(steps: StepRunner): Promise<void> {
    const { store } = this.#parts;
    const away = await store.dueLogins(Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
    for (let begin = 0; begin < away.length; begin += BATCH) {
      await Promise.all(away.slice(begin, begin + BATCH).map((by) => refreshGrace(by, steps)));
    }
  }
}

async function refreshGrace(by: Actor, steps: StepRunner): Promise<void> {
  const answer = await steps.run({
    cause: { type: 'rtm-keep-login', by },
    scope: { users: [], actor: by },
    plan: ({ actor }, now) => {
      const login = actor?.login;
      const isAway = login && login.endsAt !== null && !actor.hasLeft;
      const endsAt = now + RTM_OFFLINE_AFTER_MS;
      return {
        answer: DONE,
        ...(isAway && { device: { ...actor, login: { ...login, endsAt } } }),
      };
    },
  });
  if (answer.kind === 'refused') throw new StoreFault(answer.refusal.message, undefined);
}

/** The logins of a user beside that of this device. */
function othersOf({ device }: Actor, rtm: Snapshot['rtm']): readonly KnownLogin[] {
  return (rtm?.logins ?? []).filter((login) => login.device !== device);
}

/** Logins, as their ends are watched. */
export function datedLogins(store: Pick<Store, 'claimDueLogins'>, logins: Logins): Dated<Actor> {
  return {
    what: 'login',
    claim: (claim) => store.claimDueLogins(claim),
    expire: (by) => logins.end(by),
  };
}
