import type { AlteredInvitation, Invite, Refusal, RtmInvite } from '@ringline/protocol';
import { refusal } from '@ringline/protocol';
import type { Answer } from '../steps/answer.ts';
import { refusedWith } from '../steps/answer.ts';
import type { BoundDevice } from './bound-device.ts';
import { orderOf, originOf } from './order.ts';
import type { Services } from './services.ts';

/** What is to be decided, or the answer when there is nothing to decide. */
export type Asked<I> = { readonly invite: I } | { readonly answer: Answer };

/**
 * Asks the customer's server about an invitation, to a call or a bare one, if there is one to be asked, and
 * gives it as altered. What was done already, or would be refused anyway, is answered at once: nobody is asked
 * for nothing.
 */
export async function askFirst<I extends Invite | RtmInvite>(
  invite: I,
  device: BoundDevice,
  services: Services,
): Promise<Asked<I>> {
  const { preCall } = services;
  if (!preCall) return { invite };
  const answer = await foreseen(invite, device, services);
  if (answer) return { answer };
  const { actor, connection, identity } = device;
  const question = { invite, caller: identity.peer, device: actor.device };
  const verdict = await connection.untilAnswered((withdrawal) => preCall.ask(question, withdrawal));
  if (verdict === 'withdrawn') return { answer: refusedWith(WITHDRAWN) };
  if (verdict.decision === 'deny') return { answer: refusedWith(DENIED) };
  return { invite: altered(invite, verdict.invitation ?? {}) };
}

function foreseen(
  invite: Invite | RtmInvite,
  device: BoundDevice,
  services: Services,
): Promise<Answer | undefined> {
  if (invite.type === 'invite') return services.calls.foresee(orderOf(invite, device, services));
  const { seq, ...wish } = invite;
  return services.rtm.invitations.foresee({ ...wish, by: device.actor }, originOf(seq, device));
}

/** A bare one has its content alone of what may be altered. */
function altered<I extends Invite | RtmInvite>(invite: I, alteration: AlteredInvitation): I {
  if (invite.type === 'invite') return { ...invite, ...alteration };
  return { ...invite, content: alteration.content ?? invite.content };
}

const WITHDRAWN: Refusal = refusal('wrong-state', {
  message: 'This invitation was cancelled before it was decided.',
});

const DENIED: Refusal = refusal('not-permitted', {
  message: 'The policy of this service does not permit this invitation.',
});
