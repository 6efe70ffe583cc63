import type { DeviceId } from '@ringline/protocol';
import type { Notes } from '../calls/traces.ts';

/** The note of one device in the storage of its tab; null where there is none, as in Node. */
export function defaultNotes(device: DeviceId): Notes | null {
  if (typeof sessionStorage === 'undefined') return null;
  const key = `ringline.calls/${device}`;
  return {
    read: () => sessionStorage.getItem(key),
    write: (text) => sessionStorage.setItem(key, text),
  };
}
