import { expect, test } from 'vitest';
import { claimDeviceId } from '../src/browser/tab-device-id.ts';
import type { TabLocks, TabParts } from '../src/browser/tab-device-id.ts';

/** The pages of one browser: they share locks, and each tab has its storage. */
class Browser {
  readonly #held = new Set<string>();
  #made = 0;
  #released: (value?: unknown) => void = () => {};

  page(storage: Map<string, string>, hasLocks = true): TabParts & { close: () => void } {
    const mine: string[] = [];
    const request: TabLocks['request'] = async (name, options, run) => {
      while (this.#held.has(name)) {
        const signal = options.signal as AbortSignal;
        signal.throwIfAborted();
        await new Promise((resolve) => {
          this.#released = resolve;
          signal.addEventListener('abort', resolve);
        });
      }
      mine.push(name);
      this.#held.add(name);
      return run();
    };
    return {
      storage: {
        getItem: (key) => storage.get(key) ?? null,
        setItem: (key, value) => void storage.set(key, value),
      },
      locks: hasLocks ? { request } : undefined,
      freshId: () => `device ${++this.#made}`,
      close: () => {
        for (const name of mine) this.#held.delete(name);
        this.#released();
      },
    };
  }
}

test('a page that is loaded anew keeps its device id', async () => {
  const browser = new Browser();
  const storage = new Map<string, string>();
  const before = browser.page(storage);
  expect(await claimDeviceId('key', before)).toBe('device 1');
  before.close();
  expect(await claimDeviceId('key', browser.page(storage))).toBe('device 1');
});

test('a page that is loaded before the old one has let go waits for it, and keeps its device id', async () => {
  const browser = new Browser();
  const storage = new Map<string, string>();
  const before = browser.page(storage);
  await claimDeviceId('key', before);
  const claimed = claimDeviceId('key', browser.page(storage));
  await Promise.resolve();
  before.close();
  expect(await claimed).toBe('device 1');
});

test('a duplicated tab copies the storage, and gets an id of its own that it keeps', async () => {
  const browser = new Browser();
  const storage = new Map<string, string>();
  await claimDeviceId('key', browser.page(storage));
  const copy = new Map(storage);
  const duplicate = browser.page(copy);
  expect(await claimDeviceId('key', duplicate)).toBe('device 2');
  duplicate.close();
  expect(await claimDeviceId('key', browser.page(copy))).toBe('device 2');
});

test('without locks the stored id is used', async () => {
  const browser = new Browser();
  const storage = new Map([['key', 'device 7']]);
  expect(await claimDeviceId('key', browser.page(storage, false))).toBe('device 7');
});
