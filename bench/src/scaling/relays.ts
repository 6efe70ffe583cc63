import type { Assumptions } from './assumptions.ts';

/** Addresses of a relay that devices are given: UDP and TLS (`TURN_URLS` of deploy/compose/compose.yaml). */
export const RELAY_ADDRESSES = 2;
/** `total-quota` of deploy/coturn/turnserver.conf: nearly all of its ports, of which each allocation takes one. */
export const PORTS_PER_RELAY = 16_000;
/** Each end of a connection between two devices asks for ports of its own. */
const ENDS = 2;
const GIGABIT = 1e9;

/** What the relays carry, and how many there must be. */
export interface RelayLoad {
  readonly callsUnderWay: number;
  /** At one time, also of calls that go direct: a browser keeps what it asked for until the connection is closed. */
  readonly allocations: number;
  /** Bits a second that leave the relays. */
  readonly bits: number;
  readonly forPorts: number;
  readonly forBits: number;
  /** By ports or by their lines, whichever is more. */
  readonly count: number;
}

/** What calls ask of the relays. */
export function relaysFor(given: Assumptions): RelayLoad {
  const calls = given.newCallsPerSecond;
  const callsUnderWay = calls * given.conversationSeconds;
  const perConnection = ENDS * RELAY_ADDRESSES * given.networkInterfaces;
  // While it rings, connections are prepared to each device of the callee (`PRECONNECT`); what they took stays a while.
  const ringing = given.ringSeconds * given.devicesPerUser;
  const left = Math.min(given.conversationSeconds, given.ringPortsStaySeconds);
  const allocations = (callsUnderWay + calls * (ringing + left)) * perConnection;
  // Each direction of a relayed call leaves the relay once.
  const bits = callsUnderWay * given.relayedShare * 2 * given.mediaKilobits * 1000;
  const forPorts = Math.ceil(allocations / PORTS_PER_RELAY);
  const forBits = Math.ceil(bits / (given.relayGigabits * GIGABIT * given.busyShare));
  return {
    callsUnderWay,
    allocations,
    bits,
    forPorts,
    forBits,
    count: Math.max(forPorts, forBits),
  };
}
