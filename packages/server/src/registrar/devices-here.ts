import type { DeviceId, UserId } from '@ringline/protocol';
import type { Bus, Delivery } from '../cluster/bus.ts';

/** A device whose socket this node holds. */
export interface DeviceHere {
  readonly user: UserId;
  readonly device: DeviceId;
  /** What the bus brings for this user. */
  hear(delivery: Delivery): void;
  /** Whether a loss would be felt by somebody. */
  isInCall(): boolean;
  /** Reads from the store what the bus may have lost, and tells it; throws StoreFault when the store is away. */
  lookAgain(): Promise<void>;
}

interface UserHere {
  readonly devices: Set<DeviceHere>;
  readonly unsubscribe: () => void;
}

/** The devices that this node holds, by user; it listens on the bus for just those users. */
export class DevicesHere {
  readonly #bus: Bus;
  readonly #heard: (delivery: Delivery) => void;
  readonly #users = new Map<UserId, UserHere>();

  /** Also the node itself is told what its devices hear. */
  constructor(bus: Bus, heard: (delivery: Delivery) => void = () => {}) {
    this.#bus = bus;
    this.#heard = heard;
  }

  /** From now on the device hears what is said to its user; resolves once that is so for all that other nodes say. */
  add(device: DeviceHere): Promise<void> {
    this.#userHere(device.user).devices.add(device);
    return this.#bus.listening();
  }

  remove(device: DeviceHere): void {
    const here = this.#users.get(device.user);
    if (!here?.devices.delete(device) || here.devices.size > 0) return;
    here.unsubscribe();
    this.#users.delete(device.user);
  }

  /** All of them, in no order. */
  all(): readonly DeviceHere[] {
    return [...this.#users.values()].flatMap(({ devices }) => [...devices]);
  }

  #userHere(user: UserId): UserHere {
    const known = this.#users.get(user);
    if (known) return known;
    const devices = new Set<DeviceHere>();
    const unsubscribe = this.#bus.subscribe(user, (delivery) => {
      this.#heard(delivery);
      for (const device of devices) device.hear(delivery);
    });
    const here = { devices, unsubscribe };
    this.#users.set(user, here);
    return here;
  }
}
