import { randomName } from '../random.ts';

const KEY = 'ringline.device';

/**
 * A device id of this tab: it survives a reload, and a duplicated tab, which copies the storage, gets
 * its own. The id is guarded by a Web Lock for as long as the page lives.
 */
export async function tabDeviceId(key: string = KEY): Promise<string> {
  const kept = sessionStorage.getItem(key);
  if (kept !== null && (await isOurs(`${key}/${kept}`))) return kept;
  const fresh = randomName({ bytes: (count) => crypto.getRandomValues(new Uint8Array(count)) });
  sessionStorage.setItem(key, fresh);
  await isOurs(`${key}/${fresh}`);
  return fresh;
}

/** Whether no other page holds the lock; it is then held until this page goes. */
function isOurs(name: string): Promise<boolean> {
  // Pages that are no secure context have no locks: a duplicated tab replaces its original there.
  if (!('locks' in navigator)) return Promise.resolve(true);
  return new Promise((resolve, reject) => {
    const hold = (lock: Lock | null) => {
      resolve(lock !== null);
      return lock === null ? undefined : new Promise(() => {});
    };
    navigator.locks.request(name, { ifAvailable: true }, hold).catch(reject);
  });
}
