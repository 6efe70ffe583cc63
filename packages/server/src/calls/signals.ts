import type { Actor, Call, Established, WaitingCall } from '@ringline/call';
import { ROLES, roleOf } from '@ringline/call';
import type { DeviceId, Refusal, SendSignal, UserId } from '@ringline/protocol';
import { refusal } from '@ringline/protocol';
import type { Bus } from '../cluster/bus.ts';
import type { Store } from '../store/store.ts';

/** Passes signals between the two devices of a call; nothing of them is stored. */
export class Signals {
  readonly #store: Store;
  readonly #bus: Bus;

  constructor(store: Store, bus: Bus) {
    this.#store = store;
    this.#bus = bus;
  }

  /** Sends the signal on, or says why not. */
  async forward(by: Actor, message: SendSignal): Promise<Refusal | undefined> {
    const call = await this.#store.call(message.call);
    if (!call || !roleOf(call, by.user)) return refusal('unknown-call');
    const to = otherUser(call, by, message.to);
    if (to === undefined) return refusal('wrong-state', { path: 'to' });
    const { epoch, signal } = message;
    this.#bus.publish({
      kind: 'signal',
      to,
      device: message.to,
      signal: { type: 'signal', call: call.id, from: by.device, epoch, signal },
    });
    return undefined;
  }
}

/** The user at the other end, when the two devices are to connect, or may before the accept. */
function otherUser(call: Call, by: Actor, device: DeviceId): UserId | undefined {
  switch (call.state) {
    case 'inviting':
    case 'ringing':
      return otherUserWhileRinging(call, by, device);
    case 'established':
      return otherUserOfTwo(call, by, device);
    case 'ended':
      return undefined;
  }
}

/** The caller's device may connect to each leg that has not refused; legs have nothing to say to each other. */
function otherUserWhileRinging(
  { caller, callee, legs }: WaitingCall,
  by: Actor,
  device: DeviceId,
): UserId | undefined {
  const isCaller = by.user === caller.user && by.device === caller.device;
  const leg = legs.find((each) => each.device === (isCaller ? device : by.device));
  if (leg === undefined || leg.state === 'refused') return undefined;
  if (isCaller) return callee.user;
  return by.user === callee.user && device === caller.device ? caller.user : undefined;
}

function otherUserOfTwo(call: Established, by: Actor, device: DeviceId): UserId | undefined {
  const role = ROLES.find(
    (each) => call[each].user === by.user && call.sides[each].device === by.device,
  );
  if (!role) return undefined;
  const other = role === 'caller' ? 'callee' : 'caller';
  return call.sides[other].device === device ? call[other].user : undefined;
}
