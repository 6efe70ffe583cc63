import type { DeviceId } from '@ringline/protocol';
import type { Notes } from '../calls/traces.ts';

/** The part of a browser's Storage that is used. */
export interface NoteStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

/**
 * The note of one device in the storage of its tab, nothing where there is none, as in Node. A page
 * whose storage is blocked or full forgets over a reload; its calls do not suffer from it.
 */
export function defaultNotes(device: DeviceId, storage?: () => NoteStorage | undefined): Notes {
  return tabNotes(`ringline.calls/${device}`, storage);
}

/** A note of another name there. */
export function tabNotes(
  key: string,
  storage: () => NoteStorage | undefined = () => globalThis.sessionStorage,
): Notes {
  return {
    read: () => unlessBlocked(() => storage()?.getItem(key)) ?? null,
    write: (text) => unlessBlocked(() => storage()?.setItem(key, text)),
  };
}

/** Storage throws where a browser blocks it, at the first touch already, and where it is full. */
function unlessBlocked<Value>(use: () => Value): Value | undefined {
  try {
    return use();
  } catch {
    return undefined;
  }
}
