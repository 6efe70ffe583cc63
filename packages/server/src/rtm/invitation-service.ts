import type { Actor, InvitationCommand } from '@ringline/call';
import { decideInvitation } from '@ringline/call';
import type { InvitationId } from '@ringline/protocol';
import type { Answer } from '../steps/answer.ts';
import { DONE, refusedWith } from '../steps/answer.ts';
import type { Dated } from '../steps/deadlines.ts';
import type { Order, Plan, RequestOrigin, StepRunner } from '../steps/step-runner.ts';
import { isLoginOver } from '../store/rtm.ts';
import { StoreFault } from '../store/store.ts';
import { NO_LOGIN } from './no-login.ts';
import type { Scope, Snapshot, Store } from '../store/store.ts';

/** Carries out commands on bare invitations: the pure decision between one load and one commit. */
export class InvitationService {
  readonly #steps: StepRunner;
  readonly #store: Pick<Store, 'openInvitations'>;

  constructor(steps: StepRunner, store: Pick<Store, 'openInvitations'>) {
    this.#steps = steps;
    this.#store = store;
  }

  /** Resolves once what was decided is durable; throws StoreFault when the store is away. */
  execute(command: InvitationCommand, request?: RequestOrigin): Promise<Answer> {
    return this.#steps.run(orderOf(command, request));
  }

  /** The answer that it would have now without any invitation changing; undefined when one would, and then nothing is done. */
  foresee(command: InvitationCommand, request: RequestOrigin): Promise<Answer | undefined> {
    return this.#steps.foresee(orderOf(command, request));
  }

  /**
   * The last login of this device's user is over: nobody is asked on for it. Each step looks whether that is
   * still so, and is decided again when a device of the user came or went meanwhile. Throws StoreFault when
   * the store is away.
   */
  async loseCaller(by: Actor, isGone: (snapshot: Snapshot, now: number) => boolean): Promise<void> {
    const open = await this.#store.openInvitations(by.user, Number.MAX_SAFE_INTEGER);
    const own = open.filter(({ caller }) => caller === by.user);
    const answers = await Promise.all(own.map(({ id }) => this.#loseCallerOf(id, by, isGone)));
    // What is not done now is done when the login is found again.
    const refused = answers.find((answer) => answer.kind === 'refused');
    if (refused?.refusal.code === 'unavailable') {
      throw new StoreFault(refused.refusal.message, undefined);
    }
  }

  #loseCallerOf(
    invitation: InvitationId,
    by: Actor,
    isGone: (snapshot: Snapshot, now: number) => boolean,
  ): Promise<Answer> {
    return this.#steps.run({
      cause: { type: 'rtm-lose-caller', by },
      scope: { users: [by.user], actor: by, rtm: { invitation, loginsOf: by.user } },
      plan: (snapshot, now) => {
        if (!isGone(snapshot, now)) return { answer: DONE };
        const hasLeft = snapshot.actor?.hasLeft ?? false;
        const plan = planOf({ type: 'rtm-lose-caller', invitation, hasLeft }, snapshot, now);
        // Every device that comes or goes moves its user's line.
        return { ...plan, expect: snapshot.lines };
      },
    });
  }
}

function orderOf(command: InvitationCommand, request?: RequestOrigin): Order {
  const by = 'by' in command ? command.by : undefined;
  return {
    cause: { type: command.type, ...(by && { by }) },
    scope: scopeOf(command, by),
    ...(request && { request }),
    plan: (snapshot, now) => planOf(command, snapshot, now),
  };
}

function scopeOf(command: InvitationCommand, by: Actor | undefined): Scope {
  const { invitation } = command;
  const actor = by && { actor: by };
  switch (command.type) {
    case 'rtm-invite':
      return {
        users: [],
        rtm: { invitation, openOf: command.by.user, openTo: command.to },
        ...actor,
      };
    case 'rtm-receive':
    case 'rtm-accept':
    case 'rtm-confirm':
    case 'rtm-refuse':
    case 'rtm-cancel':
    case 'rtm-lose-caller':
    case 'rtm-expire':
      return { users: [], rtm: { invitation }, ...actor };
  }
}

function planOf(command: InvitationCommand, { actor, rtm }: Snapshot, now: number): Plan {
  // A caller that said goodbye while its invitation was decided would ring for nobody.
  const hasLogin = actor !== undefined && actor.login !== null && !isLoginOver(actor, now);
  if (command.type === 'rtm-invite' && !hasLogin) return { answer: refusedWith(NO_LOGIN) };
  const { invitation, open = 0, incoming = 0, between = 0, isCalleeHere = false } = rtm ?? {};
  const world = { invitation, open, incoming, between, isCalleeHere };
  const decision = decideInvitation(world, command, now);
  return {
    answer: decision.refusal ? refusedWith(decision.refusal) : DONE,
    ...(decision.invitation && { invitations: [decision.invitation] }),
  };
}

/** Bare invitations, as their deadlines are watched. */
export function datedInvitations(
  store: Pick<Store, 'claimDueInvitations'>,
  invitations: InvitationService,
): Dated<InvitationId> {
  return {
    what: 'invitation',
    claim: (claim) => store.claimDueInvitations(claim),
    expire: (invitation) => invitations.execute({ type: 'rtm-expire', invitation }),
  };
}
