import { Preferences } from '../model/preferences.ts';
import type { PreferenceStore } from '../model/preferences.ts';

let preferences: Preferences | undefined;

/** What the person at this browser prefers. */
export function sharedPreferences(): Preferences {
  preferences ??= new Preferences(browserPreferences());
  return preferences;
}

/** The localStorage of this browser; where it is blocked or full, choices last as long as the page. */
function browserPreferences(): PreferenceStore {
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
