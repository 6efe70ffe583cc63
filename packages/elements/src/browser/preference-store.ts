import type { PreferenceStore } from '../model/preferences.ts';

/** The localStorage of this browser; where it is blocked or full, choices last as long as the page. */
export function browserPreferences(): PreferenceStore {
  const own = new Map<string, string>();
  return {
    read: (key) => own.get(key) ?? unlessBlocked(() => localStorage.getItem(key)) ?? undefined,
    write: (key, value) => {
      own.set(key, value);
      unlessBlocked(() => localStorage.setItem(key, value));
    },
    watch: (changed) => {
      const heard = ({ key, newValue }: StorageEvent) => {
        if (key === null || newValue === null) own.clear();
        else own.delete(key);
        changed();
      };
      globalThis.addEventListener('storage', heard);
      return () => globalThis.removeEventListener('storage', heard);
    },
  };
}

function unlessBlocked<Value>(use: () => Value): Value | undefined {
  try {
    return use();
  } catch {
    return undefined;
  }
}
