import type { Actor, ReachableDevice } from '../../src/index.ts';

/** Alice calls Bob; Carol comes between them, Mallory has no part in anything. */
export const alice1: Actor = { user: 'alice', device: 'alice1' };
export const alice2: Actor = { user: 'alice', device: 'alice2' };
export const bob1: Actor = { user: 'bob', device: 'bob1' };
export const bob2: Actor = { user: 'bob', device: 'bob2' };
export const carol1: Actor = { user: 'carol', device: 'carol1' };
export const mallory1: Actor = { user: 'mallory', device: 'mallory1' };

/** The actor as its token describes it. */
export function profileOf({ user, device }: Actor) {
  return { user, name: `${user} on ${device}` };
}

/** The actor's device as a binding of a page that speaks RTM. */
export function door(actor: Actor): ReachableDevice {
  return { ...reachable(actor), speaksRtm: true };
}

/** The actor's device as a binding. */
export function reachable(actor: Actor, takesSecond = false): ReachableDevice {
  return { ...actor, profile: profileOf(actor), takesSecond, speaksRtm: false };
}
