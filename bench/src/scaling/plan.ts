import type { Assumptions } from './assumptions.ts';
import type { Capacity } from './model.ts';
import type { RoutingPlan } from './routing.ts';

/** A minute at the peak; the seed makes the page's table the same each time. */
export function routingPlan(given: Assumptions, capacity: Capacity): RoutingPlan {
  return {
    users: given.usersOnline,
    devicesPerUser: given.devicesPerUser,
    nodes: capacity.nodes.count,
    watchedPerDevice: given.watchedPerDevice,
    callsPerSecond: given.newCallsPerSecond,
    seconds: 60,
    conversationSeconds: given.conversationSeconds,
    loginsPerSecond: Math.round(capacity.logins),
    seed: 1,
  };
}
