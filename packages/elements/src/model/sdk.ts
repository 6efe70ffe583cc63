import type { Call, RinglineClient } from '@ringline/client';

/** How good a call is, as the SDK estimates it. */
export interface QualitySeen {
  readonly level: 'good' | 'fair' | 'poor';
}

/** What a call may know beyond its first version; an older SDK leaves it away. */
export interface CallExtras {
  readonly needsGesture?: boolean;
  readonly quality?: QualitySeen | undefined;
  play?(): Promise<void>;
}

/** A microphone, camera or loudspeaker. */
export interface MediaDeviceSeen {
  readonly kind: 'microphone' | 'camera' | 'speaker';
  readonly id: string;
  readonly label: string;
  readonly isDefault: boolean;
}

/** Which devices a client uses. */
export interface DeviceChoiceSeen {
  readonly chosen: {
    readonly microphone?: string;
    readonly camera?: string;
    readonly speaker?: string;
  };
  list(): Promise<readonly MediaDeviceSeen[]>;
  choose(devices: { microphone?: string; camera?: string; speaker?: string }): Promise<void>;
}

/** A call with what this SDK knows of it. */
export function extrasOf(call: Call): CallExtras {
  const known: Call & CallExtras = call;
  return known;
}

/** The devices of a client, where its SDK chooses them. */
export function devicesOf(client: RinglineClient): DeviceChoiceSeen | undefined {
  return (client as { devices?: DeviceChoiceSeen }).devices;
}
