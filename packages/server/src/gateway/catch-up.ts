import type { CallId, CallVersion, CloseName } from '@ringline/protocol';
import type { BoundDevice } from './bound-device.ts';
import type { Missed } from './missed.ts';
import { missed } from './missed.ts';
import type { Services } from './services.ts';

/**
 * Sends a device the views that are newer than those it holds, and gives the ids of calls that it holds in vain;
 * undefined when it is bound elsewhere and its connection was closed. One that is patient lets the loads of commands go
 * first. Throws StoreFault when the store is away.
 */
export async function catchUpCalls(
  held: readonly CallVersion[],
  device: BoundDevice,
  services: Services,
  isPatient = false,
): Promise<readonly CallId[] | undefined> {
  // Asked before the store is: what is told meanwhile is newer.
  const told = device.openCalls;
  const found = await missed(held, device.actor, services, isPatient);
  const { news, gone, open } = found;
  if (found.binding !== device.connection.name) {
    device.connection.close(closeOf(found, device));
    return undefined;
  }
  for (const call of news) device.tell(call);
  device.forget(told.filter((call) => !open.includes(call)));
  return gone;
}

/** The store knows another connection of this device, or another login in place of its own; or it counts the device as lost, which must bind anew. */
function closeOf({ binding, hasLogin }: Missed, device: BoundDevice): CloseName {
  const isOusted = device.speaksRtm && !hasLogin;
  return binding === undefined && !isOusted ? 'leaving' : 'replaced';
}

/** Tells a device what it may have missed, of what it was told on its connection; throws StoreFault when the store is away. */
export async function lookAgain(device: BoundDevice, services: Services): Promise<void> {
  const gone = await catchUpCalls(device.heldCalls, device, services, true);
  if (gone === undefined) return;
  await device.rtm?.lookAgain();
  await device.catchUpInbox();
}
