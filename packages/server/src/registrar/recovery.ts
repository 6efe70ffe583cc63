import type { Actor, Call } from '@ringline/call';
import { ROLES } from '@ringline/call';
import type { CallId } from '@ringline/protocol';
import type { CallService } from '../calls/call-service.ts';
import type { Clock } from '../clock.ts';
import { StoreFault } from '../store/store.ts';
import type { Store } from '../store/store.ts';
import type { Lease } from './lease.ts';

/**
 * After a restart of the only node: every device that was bound gets a fresh full grace, and so
 * does every device that was in its grace, for while the server was away none could come back.
 */
export async function recover(
  store: Store,
  calls: CallService,
  lease: Lease,
  clock: Clock,
  incarnation: string,
): Promise<void> {
  await store.endOtherLeases(incarnation, clock.now());
  await lease.sweep();
  const ids = await store.dueCalls(Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
  for (let begin = 0; begin < ids.length; begin += BATCH) {
    await Promise.all(ids.slice(begin, begin + BATCH).map((id) => refreshGraces(store, calls, id)));
  }
}

/** Calls taken up together, so that they share commits. */
const BATCH = 200;

async function refreshGraces(store: Store, calls: CallService, id: CallId): Promise<void> {
  const call = await store.call(id);
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
