import { z } from 'zod';
import { MAX_DATA_DEPTH, MAX_MESSAGE_BYTES } from '../limits.ts';
import type { Json } from '../messages/inbox.ts';
import { utf8Length } from '../text.ts';
import { custom } from './scalars.ts';

const DESCRIPTION = `any JSON, at most ${MAX_MESSAGE_BYTES} bytes when written without spaces, nested at most ${MAX_DATA_DEPTH} deep, no key \`__proto__\``;

/** Data of users: JSON that every reader can hold and that says the same after being written again. */
export const data = z
  .custom<Json>()
  .check((context) => {
    const flaw = flawOfData(context.value);
    if (flaw !== undefined) context.issues.push(custom(flaw, context.value));
  })
  .describe(DESCRIPTION);

function flawOfData(value: unknown): string | undefined {
  const flaw = flawOfValue(value, 0);
  if (flaw !== undefined) return flaw;
  const bytes = utf8Length(JSON.stringify(value));
  if (bytes <= MAX_MESSAGE_BYTES) return undefined;
  return `must be at most ${MAX_MESSAGE_BYTES} bytes, has ${bytes}`;
}

function flawOfValue(value: unknown, depth: number): string | undefined {
  if (value === undefined) return 'must be JSON';
  if (typeof value === 'string') return flawOfText(value);
  // JSON has no infinity, but a number such as 1e999 is read as one.
  if (typeof value === 'number' && !Number.isFinite(value)) return 'contains a number too large';
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth === MAX_DATA_DEPTH) return `is nested deeper than ${MAX_DATA_DEPTH}`;
  return Array.isArray(value) ? flawOfItems(value, depth + 1) : flawOfFields(value, depth + 1);
}

function flawOfItems(items: readonly unknown[], depth: number): string | undefined {
  for (const item of items) {
    const flaw = flawOfValue(item, depth);
    if (flaw !== undefined) return flaw;
  }
  return undefined;
}

function flawOfFields(fields: object, depth: number): string | undefined {
  for (const [key, value] of Object.entries(fields)) {
    // Copied carelessly by a reader, this key would replace the copy's prototype.
    if (key === '__proto__') return 'contains the key `__proto__`';
    const flaw = flawOfText(key) ?? flawOfValue(value, depth);
    if (flaw !== undefined) return flaw;
  }
  return undefined;
}

function flawOfText(text: string): string | undefined {
  return text.isWellFormed() ? undefined : 'contains half a character (a lone surrogate)';
}
