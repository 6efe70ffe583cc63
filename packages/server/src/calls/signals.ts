import type { Actor, Call } from '@ringline/call';
import { ROLES, roleOf } from '@ringline/call';
import type { Refusal, SendSignal, UserId } from '@ringline/protocol';
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

/** The user at the other end, when both devices are the two of an established call. */
function otherUser(call: Call, by: Actor, device: string): UserId | undefined {
  if (call.state !== 'established') return undefined;
  const role = ROLES.find(
    (each) => call[each].user === by.user && call.sides[each].device === by.device,
  );
  if (!role) return undefined;
  const other = role === 'caller' ? 'callee' : 'caller';
  return call.sides[other].device === device ? call[other].user : undefined;
}
