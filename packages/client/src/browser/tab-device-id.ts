import { randomName } from '../random.ts';
import { randomness } from './ports.ts';

/** The part of a Storage that is used. */
export interface TabStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

/** The part of a LockManager that is used: `run` waits for the lock until `signal` aborts. */
export interface TabLocks {
  request(name: string, options: { signal: object }, run: () => Promise<never>): Promise<unknown>;
}

/** What a tab keeps its identity in. */
export interface TabParts {
  readonly storage: TabStorage;
  /** Undefined on pages that are no secure context: a duplicated tab replaces its original there. */
  readonly locks: TabLocks | undefined;
  readonly freshId: () => string;
}

const KEY = 'ringline.device';

/** A page that is loaded anew may come before the lock of the old one has gone: so long it is waited for. */
export const LOCK_PATIENCE_MS = 500;

const given = new Map<string, Promise<string>>();

/**
 * A device id of this tab: it survives a reload, and a duplicated tab, which copies the storage, gets
 * its own. The same for every caller in this page; another `key` gives another one.
 */
export function tabDeviceId(key: string = KEY): Promise<string> {
  const known = given.get(key);
  if (known !== undefined) return known;
  const id = claimDeviceId(key, {
    storage: sessionStorage,
    locks: (navigator as { readonly locks?: TabLocks }).locks,
    freshId: () => randomName(randomness),
  });
  given.set(key, id);
  return id;
}

/** The id that the storage keeps, unless another page goes on holding its Web Lock, or else a fresh one. */
export async function claimDeviceId(key: string, parts: TabParts): Promise<string> {
  const { storage, locks, freshId } = parts;
  const kept = storage.getItem(key);
  if (kept !== null && (await isOurs(`${key}/${kept}`, locks))) return kept;
  const fresh = freshId();
  storage.setItem(key, fresh);
  await isOurs(`${key}/${fresh}`, locks);
  return fresh;
}

/** Whether no other page goes on holding the lock; it is then held until this page goes. */
async function isOurs(name: string, locks: TabLocks | undefined): Promise<boolean> {
  if (locks === undefined) return true;
  return new Promise((resolve) => {
    const hold = () => {
      resolve(true);
      return new Promise<never>(() => {});
    };
    const signal = AbortSignal.timeout(LOCK_PATIENCE_MS);
    // Rejected when the patience is over, or by a browser that grants no locks here.
    locks.request(name, { signal }, hold).catch(() => resolve(false));
  });
}
