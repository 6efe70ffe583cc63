import type { JsonObject } from './json.ts';
import { CallRecordError } from './record-error.ts';

/** A field by whichever of its names stands there, with its path; the first name when none does. */
export interface Field {
  readonly name: string;
  readonly value: unknown;
  readonly path: string;
}

/** The first of the names that has a value. */
export function fieldOf(object: JsonObject, path: string, names: readonly string[]): Field {
  const name = names.find((each) => !isAbsent(object[each])) ?? names[0] ?? '';
  return { name, value: object[name], path: path === '' ? name : `${path}.${name}` };
}

/** Producers write nothing, null or an empty text for what they do not know. */
export function isAbsent(value: unknown): value is undefined | null | '' {
  return value === undefined || value === null || value === '';
}

/** A whole number, whether written as number or as text; undefined when it is none that fits 53 bits. */
export function wholeOf(value: unknown): number | undefined {
  const isWritten = typeof value === 'string' && /^-?\d+$/.test(value);
  const number = isWritten ? Number(value) : value;
  return Number.isSafeInteger(number) ? (number as number) : undefined;
}

/** Whole seconds, rounded down; null where there are none. */
export function secondsAt({ value, path }: Omit<Field, 'name'>): number | null {
  if (isAbsent(value)) return null;
  const isWritten = typeof value === 'string' && /^\d+(?:\.\d+)?$/.test(value);
  const seconds = isWritten ? Number(value) : value;
  if (typeof seconds === 'number' && seconds >= 0 && seconds <= Number.MAX_SAFE_INTEGER) {
    return Math.floor(seconds);
  }
  throw new CallRecordError(path, 'must be seconds, 0 or more');
}

/** An instant in epoch milliseconds; null where there is none. */
export function instantAt({ value, path }: Field): number | null {
  if (isAbsent(value)) return null;
  const at = wholeOf(value);
  if (at === undefined || at < 0) throw new CallRecordError(path, 'must be epoch milliseconds');
  return at;
}

/** An id as text with every digit it had; null where there is none. */
export function idAt({ value, path }: Field): string | null {
  if (isAbsent(value)) return null;
  if (typeof value === 'string') return value;
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'number') throw new CallRecordError(path, 'must be text or a number');
  if (Number.isSafeInteger(value)) return String(value);
  throw new CallRecordError(path, 'has lost digits beyond 53 bits; give the JSON text instead');
}

/** An id that must be there. */
export function neededIdAt(field: Field): string {
  const id = idAt(field);
  if (id === null) throw new CallRecordError(field.path, 'is missing');
  return id;
}
