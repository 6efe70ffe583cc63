import { utf8Length } from '@ringline/protocol';
import { ArgumentError } from './errors.ts';

/** Says what is wrong with a value, in words that follow the name of its field; undefined when nothing is. */
export type Check = (value: unknown) => string | undefined;

/** Throws an ArgumentError for the first field that is wrong, or that has no check: a misspelt one shall not go unnoticed. */
export function checkFields(given: object, checks: Readonly<Record<string, Check>>): void {
  for (const [field, value] of Object.entries(given)) {
    if (value === undefined) continue;
    const flaw = Object.hasOwn(checks, field) ? checks[field]?.(value) : 'is not known here';
    if (flaw !== undefined) throw new ArgumentError(field, flaw);
  }
}

export const isTruth: Check = (value) =>
  typeof value === 'boolean' ? undefined : 'must be true or false';

/** Well-formed text of so many bytes at most. */
export function isText(maxBytes: number): Check {
  return (value) => {
    if (typeof value !== 'string') return 'must be text';
    if (!value.isWellFormed()) return 'contains half a character (a lone surrogate)';
    return utf8Length(value) <= maxBytes ? undefined : `must be at most ${maxBytes} bytes`;
  };
}

/** A whole number between the two, both included. */
export function isWhole(unit: string, lowest: number, highest: number): Check {
  return (value) =>
    Number.isInteger(value) && Number(value) >= lowest && Number(value) <= highest
      ? undefined
      : `must be whole ${unit}, ${lowest} to ${highest}`;
}

/** One of these words. */
export function isOneOf(words: readonly string[]): Check {
  return (value) =>
    words.some((word) => word === value) ? undefined : `must be ${words.join(' or ')}`;
}
