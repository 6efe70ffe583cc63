import type { Actor, Call } from '@ringline/call';
import { ROLES } from '@ringline/call';
import type { CallId } from '@ringline/protocol';
import type { CallService } from '../calls/call-service.ts';
import { StoreFault } from '../store/store.ts';
import type { Store } from '../store/store.ts';

/** Calls taken up together, so that they share commits. */
const BATCH = 200;

/**
 * Before a node serves where no node did: while none was there nobody could come back, so every
 * device that is in its grace gets a fresh full one. Gives every call that it found to `found`.
 */
export async function refreshGraces(
  store: Pick<Store, 'call' | 'dueCalls'>,
  calls: CallService,
  found: (call: Call) => void,
): Promise<void> {
  const ids = await store.dueCalls(Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
  for (let begin = 0; begin < ids.length; begin += BATCH) {
    const batch = ids.slice(begin, begin + BATCH);
    await Promise.all(batch.map((id) => refreshGrace(store, calls, id, found)));
  }
}

async function refreshGrace(
  store: Pick<Store, 'call'>,
  calls: CallService,
  id: CallId,
  found: (call: Call) => void,
): Promise<void> {
  const call = await store.call(id);
  if (call) found(call);
  for (const { by, at } of call ? lostDevices(call) : []) {
    const answer = await calls.execute({ command: { type: 'lose', by, at } });
    if (answer.kind === 'refused') throw new StoreFault(answer.refusal.message, undefined);
  }
}

function lostDevices(call: Call): readonly { by: Actor; at: number }[] {
  switch (call.state) {
    case 'inviting':
    case 'ringing':
      return call.callerLoss
        ? [{ by: deviceOf(call, 'caller', call.caller.device), at: call.callerLoss.at }]
        : [];
    case 'established':
      return ROLES.flatMap((role) => {
        const { device, loss } = call.sides[role];
        return loss ? [{ by: deviceOf(call, role, device), at: loss.at }] : [];
      });
    case 'ended':
      return [];
  }
}

function deviceOf(call: Call, role: 'caller' | 'callee', device: string): Actor {
  return { user: call[role].user, device };
}
