import type { Actor } from '@ringline/call';
import type { Bus } from '../cluster/bus.ts';
import type { Registrar } from '../registrar/registrar.ts';
import type { Answer } from '../steps/answer.ts';
import { DONE } from '../steps/answer.ts';
import type { Dated } from '../steps/deadlines.ts';
import type { StepRunner } from '../steps/step-runner.ts';
import type { Store } from '../store/store.ts';
import type { InvitationService } from './invitation-service.ts';

/** What logins are made of. */
export interface LoginParts {
  readonly bus: Bus;
  readonly invitations: InvitationService;
  readonly registrar: Registrar;
  readonly steps: StepRunner;
  readonly store: Pick<Store, 'load'>;
}

/** Which pages of a user speak RTM: one, unless they say that they stand beside each other. */
export class Logins {
  readonly #parts: LoginParts;

  constructor(parts: LoginParts) {
    this.#parts = parts;
  }

  /** This device's login takes the place of its user's others; throws StoreFault when the store is away. */
  async beSole(by: Actor, connection: string, now: number): Promise<void> {
    const { bus, registrar } = this.#parts;
    const others = await this.#others(by);
    if (others.length === 0) return;
    await Promise.all(others.map((other) => registrar.oust(other, now)));
    bus.publish({ kind: 'sole-login', to: by.user, connection });
  }

  /** The login of a device that did not come back is over, and with a user's last one what hung on it. */
  async end(by: Actor): Promise<Answer> {
    const { invitations, steps } = this.#parts;
    const others = await this.#others(by);
    // First what others see: repeated after a crash, it is done by then.
    if (others.length === 0) await invitations.loseCaller(by.user);
    return steps.run({
      cause: { type: 'rtm-end-login', by },
      scope: { users: [], actor: by },
      plan: ({ actor }, now) => {
        const endsAt = actor?.login?.endsAt ?? Infinity;
        return {
          answer: DONE,
          ...(actor && endsAt <= now && { device: { ...actor, login: null } }),
        };
      },
    });
  }

  async #others({ user, device }: Actor): Promise<readonly Actor[]> {
    const { rtm } = await this.#parts.store.load({ users: [], rtm: { loginsOf: user } });
    return (rtm?.logins ?? []).filter((login) => login.device !== device);
  }
}

/** Logins, as their ends are watched. */
export function datedLogins(
  store: Pick<Store, 'dueLogins' | 'nextLoginEnd'>,
  logins: Logins,
): Dated<Actor> {
  return {
    what: 'login',
    due: (now, limit) => store.dueLogins(now, limit),
    next: () => store.nextLoginEnd(),
    expire: (by) => logins.end(by),
  };
}
