import { expect, test } from 'vitest';
import { restOf } from '../../../src/store/device-row.ts';
import { deviceVersionAfter } from '../../../src/store/device-version.ts';
import { KnownDevices } from '../../../src/store/postgres/known-devices.ts';
import type { NamedDeviceRow } from '../../../src/store/postgres/known-devices.ts';
import { T0, alice1, bound } from '../builders.ts';

/** A row of Alice's device in this version. */
function rowOf(version: number): NamedDeviceRow {
  const device = bound(alice1);
  const rest = JSON.stringify(restOf(device));
  return { ...alice1, version, lastSeq: 0, acknowledged: 0, results: '', rest };
}

test('[RET6] a row that was read wins over what is remembered of a forgotten device, whatever its version', () => {
  const known = new KnownDevices();
  const forgotten = known.of(rowOf(deviceVersionAfter(0, T0) + 9));
  // A server of the release before counts from 1.
  const back = known.of(rowOf(1));
  expect(back.version).toBe(1);
  expect(known.before({ ...back, version: 2 })?.device).toBe(back);
  expect(known.before({ ...forgotten, version: forgotten.version + 1 })).toBeUndefined();
});

test('[RET6] a row that was read again in the same version is the same device', () => {
  const known = new KnownDevices();
  expect(known.of(rowOf(3))).toBe(known.of(rowOf(3)));
});
