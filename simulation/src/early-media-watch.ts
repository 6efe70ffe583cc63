import type { SimulatedDevice } from './device.ts';

/** Looks for sound and picture that leave a device before anybody has answered. */
export class EarlyMediaWatch {
  readonly flaws: string[] = [];

  /** Checks all devices at this moment. */
  look(devices: readonly SimulatedDevice[]): void {
    for (const device of devices) {
      const calls = device.client?.calls ?? [];
      if (calls.some(({ state }) => state === 'established')) continue;
      const sent = device.mediaDevice.connections
        .flatMap((connection) => connection.getTransceivers())
        .filter(({ sender }) => sender.track !== null);
      if (sent.length > 0)
        this.flaws.push(`${device.name} sends media, and is in no answered call`);
    }
  }
}
