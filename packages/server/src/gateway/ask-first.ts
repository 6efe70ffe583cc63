import type { Invite, Refusal } from '@ringline/protocol';
import { refusal } from '@ringline/protocol';
import type { PreCall } from '../pre-call/pre-call.ts';
import type { Answer } from '../steps/answer.ts';
import { refusedWith } from '../steps/answer.ts';
import type { BoundDevice } from './bound-device.ts';
import { orderOf } from './order.ts';
import type { Services } from './services.ts';

/** What is to be decided, or the answer when there is nothing to decide. */
export type Asked = { readonly invite: Invite } | { readonly answer: Answer };

/**
 * Asks the customer's server about an invitation, and gives it as altered. What was done already, or would be
 * refused anyway, is answered at once: nobody is asked for nothing.
 */
export async function askFirst(
  invite: Invite,
  device: BoundDevice,
  services: Services,
  preCall: PreCall,
): Promise<Asked> {
  const answer = await services.calls.foresee(orderOf(invite, device, services));
  if (answer) return { answer };
  const { actor, connection, identity } = device;
  const question = { invite, caller: identity.peer, device: actor.device };
  const verdict = await connection.untilAnswered((withdrawal) => preCall.ask(question, withdrawal));
  if (verdict === 'withdrawn') return { answer: refusedWith(WITHDRAWN) };
  if (verdict.decision === 'deny') return { answer: refusedWith(DENIED) };
  return { invite: { ...invite, ...verdict.invitation } };
}

const WITHDRAWN: Refusal = refusal('wrong-state', {
  message: 'This invitation was cancelled before it was decided.',
});

const DENIED: Refusal = refusal('not-permitted', {
  message: 'The policy of this service does not permit this call.',
});
