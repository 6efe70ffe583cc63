import type { UserId } from '@ringline/client';

/** Where it is kept how far somebody has read: numbers by name. */
export interface Marks {
  read(name: string): number | undefined;
  write(name: string, value: number): void;
}

/** Marks that end with the page. */
export function passingMarks(): Marks {
  const known = new Map<string, number>();
  return {
    read: (name) => known.get(name),
    write: (name, value) => void known.set(name, value),
  };
}

/** Marks of one user in this browser, in all of its pages; those of this page alone where nothing can be stored. */
export function browserMarks(user: UserId): Marks {
  const passing = passingMarks();
  const keyOf = (name: string) => `ringline.read.${JSON.stringify([user, name])}`;
  return {
    read(name) {
      try {
        const stored = globalThis.localStorage.getItem(keyOf(name));
        return stored === null ? passing.read(name) : Number(stored);
      } catch {
        return passing.read(name);
      }
    },
    write(name, value) {
      passing.write(name, value);
      try {
        globalThis.localStorage.setItem(keyOf(name), String(value));
      } catch {
        // Storage is blocked or full: known until the page closes.
      }
    },
  };
}
