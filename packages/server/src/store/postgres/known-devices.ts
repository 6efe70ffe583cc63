import type { Actor } from '@ringline/call';
import { deviceKey, deviceOf } from '../device-row.ts';
import type { DeviceRow, KnownDevice } from '../device-row.ts';
import { deviceVersionBefore } from '../device-version.ts';
import { RecentRows } from '../recent-rows.ts';
import { absentDevice } from '../rows.ts';
import type { Device } from '../store.ts';
import type { Session } from './driver.ts';
import { given, held } from './text.ts';

const RECENT_DEVICES = 2000;

/** A row of a device, by the columns of `DEVICE`. */
export interface NamedDeviceRow extends DeviceRow {
  readonly user: string;
  readonly device: string;
}

/** The columns of a device `d`. */
export const DEVICE = `d.user_id as user, d.device, d.version, d.last_seq as "lastSeq",
  d.acknowledged, d.results, d.rest`;

/**
 * Devices as last read or written. Another node may have changed them since, but a version is written
 * once: what is known of one is right for ever.
 */
export class KnownDevices {
  readonly #recent = new RecentRows<KnownDevice>(RECENT_DEVICES);

  /** The device of a row, the same object as long as its version is the same. */
  of(row: NamedDeviceRow): Device {
    const actor = { user: given(row.user), device: given(row.device) };
    const recent = this.#recent.get(deviceKey(actor));
    if (recent?.device.version === row.version) return recent.device;
    const device = deviceOf(actor, row);
    // What was read wins, also over a higher version: that may be of a device which was forgotten meanwhile.
    this.#recent.set(deviceKey(actor), { device, lines: row.results });
    return device;
  }

  /** A device as it was before this version of it; undefined when it must be read. */
  before(after: Device): KnownDevice | undefined {
    const version = deviceVersionBefore(after.version);
    if (version === 0) return { device: absentDevice(after), lines: '' };
    const recent = this.#recent.get(deviceKey(after));
    return recent?.device.version === version ? recent : undefined;
  }

  note(known: KnownDevice): void {
    this.#recent.set(deviceKey(known.device), known);
  }

  /** Reads these, of which some may not be there. */
  async read(session: Session, of: readonly Actor[]): Promise<void> {
    const rows = await session.rows<NamedDeviceRow>(READ, [
      of.map(({ user }) => held(user)),
      of.map(({ device }) => held(device)),
    ]);
    for (const row of rows) this.of(row);
  }
}

const READ = {
  name: 'devices',
  text: `select ${DEVICE} from unnest($1::text[], $2::text[]) as a (user_id, device)
    join devices d using (user_id, device)`,
};
