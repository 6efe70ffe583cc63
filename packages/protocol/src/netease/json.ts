import { MAX_RECORD_TEXT_BYTES } from '../limits.ts';
import { utf8Length } from '../text.ts';
import { CallRecordError } from './record-error.ts';

/** An object as JSON gives it. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** The strings and numbers of a text that is known to be JSON. */
const STRING_OR_NUMBER = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/**
 * The value of a JSON text in which whole numbers beyond 53 bits have become texts, so that every
 * digit is kept. Throws a SyntaxError as JSON.parse does.
 */
export function readJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  // A room id has up to 19 digits; only such a text is read a second time.
  if (!/\d{16}/.test(text)) return value;
  return JSON.parse(text.replaceAll(STRING_OR_NUMBER, (token) => kept(token)));
}

function kept(token: string): string {
  const isWhole = /^-?\d+$/.test(token);
  return isWhole && !Number.isSafeInteger(Number(token)) ? `"${token}"` : token;
}

/** An object, or the object that a JSON text of so many bytes holds. Throws a CallRecordError that names the path. */
export function objectAt(
  value: unknown,
  path: string,
  maxBytes = MAX_RECORD_TEXT_BYTES,
): JsonObject {
  const held = typeof value === 'string' ? jsonAt(value, path, maxBytes) : value;
  if (typeof held !== 'object' || held === null || Array.isArray(held)) {
    throw new CallRecordError(path, 'must be an object, or the text of one');
  }
  return held as JsonObject;
}

/** What a JSON text of so many bytes holds. Throws a CallRecordError that names the path. */
export function jsonAt(text: string, path: string, maxBytes = MAX_RECORD_TEXT_BYTES): unknown {
  if (utf8Length(text) > maxBytes) {
    throw new CallRecordError(path, `must be at most ${maxBytes} bytes`);
  }
  try {
    return readJson(text);
  } catch {
    throw new CallRecordError(path, 'is no JSON');
  }
}
