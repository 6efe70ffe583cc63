import type { StrayDelivery, Strays } from '../store/audit.ts';

/** What stands for itself, in sentences. */
export function flawsOfStrays(strays: Strays): readonly string[] {
  return [
    ...strays.records.map((call) => `${call}: has a record and no call`),
    ...strays.recordMessages.map((call) => `${call}: its record is a message, and is not kept`),
    ...strays.messages.map((id) => `message ${id}: is kept, and lies in no inbox`),
    ...strays.doubled.map(({ id, count }) => `message ${id}: there are ${count} with this id`),
    ...strays.events.map(({ id, call }) => `${call}: event ${id} is kept of it, and no call`),
    ...strays.deliveries.map((stray) => `${nameOf(stray)}: its event ${stray.event} is gone`),
    ...strays.stuck.map((stray) => `${nameOf(stray)}: waits behind nothing`),
  ];
}

function nameOf({ n, endpoint, lane }: StrayDelivery): string {
  return `delivery ${n} to ${endpoint}, of ${lane.replaceAll('\n', ' to ')}`;
}
