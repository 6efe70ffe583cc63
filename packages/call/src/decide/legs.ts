import type { DeviceId } from '@ringline/protocol';
import { MAX_DEVICES_PER_USER, RECEIPT_TIMEOUT_MS } from '@ringline/protocol';
import type { Leg } from '../call.ts';

/** A leg whose device has just been told of the call. */
export function deliveredLeg(device: DeviceId, epoch: number, now: number): Leg {
  return { device, state: 'delivered', silence: null, receiptBy: now + RECEIPT_TIMEOUT_MS, epoch };
}

/** The epoch that comes after those of these legs. */
export function nextEpoch(legs: readonly Leg[]): number {
  return 1 + Math.max(0, ...legs.map(({ epoch }) => epoch));
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

/** Whether no device is there on which somebody looks at calls: the callee is offline. */
export function isSeenNowhere(legs: readonly Leg[]): boolean {
  return legs.every(({ isUnseen }) => isUnseen);
}

/** The legs and one more; beyond the devices that a user may have, the longest lost, or else refused, makes room. */
export function withNewLeg(legs: readonly Leg[], leg: Leg): readonly Leg[] {
  if (legs.length < MAX_DEVICES_PER_USER) return [...legs, leg];
  const gone =
    legs.find(({ state }) => state === 'lost') ??
    legs.find(({ state }) => state === 'refused') ??
    legs[0];
  return [...legs.filter((each) => each !== gone), leg];
}
