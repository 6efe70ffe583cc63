import type { DeviceId } from '@ringline/protocol';
import { RECEIPT_TIMEOUT_MS } from '@ringline/protocol';
import type { Leg } from '../call.ts';

/** A leg whose device has just been told of the call. */
export function deliveredLeg(device: DeviceId, now: number): Leg {
  return { device, state: 'delivered', silence: null, receiptBy: now + RECEIPT_TIMEOUT_MS };
}

/** The legs with one of them replaced, or the same array when it is the same leg. */
export function withLeg(legs: readonly Leg[], next: Leg): readonly Leg[] {
  if (legs.includes(next)) return legs;
  return legs.map((leg) => (leg.device === next.device ? next : leg));
}

/** The leg of a device, or undefined. */
export function legOf(legs: readonly Leg[], device: DeviceId): Leg | undefined {
  return legs.find((leg) => leg.device === device);
}
