import { expect, test } from 'vitest';
import { defaultNotes } from '../src/browser/notes.ts';

test('each device has its own note in the storage of the tab', () => {
  const kept = new Map<string, string>();
  const storage = () => ({
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  });
  defaultNotes('alice1', storage).write('a word');
  expect(defaultNotes('alice1', storage).read()).toBe('a word');
  expect(defaultNotes('alice2', storage).read()).toBeNull();
});

test('where storage is missing, blocked or full, nothing is kept and nothing fails', () => {
  const blocked = () => {
    throw new DOMException('The operation is insecure.', 'SecurityError');
  };
  const full = () => ({
    getItem: () => null,
    setItem: () => {
      throw new DOMException('The quota has been exceeded.', 'QuotaExceededError');
    },
  });
  for (const storage of [() => undefined, blocked, full]) {
    const notes = defaultNotes('alice1', storage);
    expect(() => notes.write('a word')).not.toThrow();
    expect(notes.read()).toBeNull();
  }
});
