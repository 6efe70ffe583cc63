import { z } from 'zod';
import type { DeviceMessage } from '../messages/from-device.ts';
import type { Refusal } from '../refusals.ts';
import { refusal } from '../refusals.ts';
import { DEVICE_SCHEMAS } from './from-device.ts';

/** A frame of a device read: its message, or why not and which request that answers (0 for none). */
export type Decoded =
  | { readonly ok: true; readonly message: DeviceMessage }
  | { readonly ok: false; readonly refusal: Refusal; readonly re: number };

// Compiled, a schema takes a third of the time; a message that it does not fit is read again by zod's
// interpreter, which says why.
const SCHEMAS: ReadonlyMap<unknown, z.ZodType<DeviceMessage>> = new Map(
  Object.entries(DEVICE_SCHEMAS).map(([type, schema]) => [type, z.compile(schema)]),
);

type Fields = Readonly<Record<PropertyKey, unknown>>;

/** A name in a path longer than this is cut: it may be the sender's own, of any length. */
const MAX_PATH_LENGTH = 80;

/** Reads one text frame of a device; whatever the text, it answers and never throws. */
export function decodeFromDevice(text: string): Decoded {
  const value = parse(text);
  if (!isObject(value)) return malformed('The frame is not a JSON object.', 0);
  const schema = SCHEMAS.get(value['type']);
  if (schema === undefined) return withoutSchema(value);
  const result = schema.safeParse(value);
  if (result.success) return { ok: true, message: result.data };
  return malformedAt(value, firstOf(result.error.issues));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The request's number when it can be read, so that its sender learns what became of it. */
function seqOf(value: Fields): number {
  const seq = value['seq'];
  return typeof seq === 'number' && Number.isSafeInteger(seq) && seq > 0 ? seq : 0;
}

function withoutSchema(value: Fields): Decoded {
  const re = seqOf(value);
  if (typeof value['type'] !== 'string') return malformed('`type` must be a string.', re, 'type');
  return { ok: false, refusal: refusal('unknown-type', { path: 'type' }), re };
}

/** Of the fields that a message has before those that it does not have. */
function firstOf(issues: readonly z.core.$ZodIssue[]): z.core.$ZodIssue | undefined {
  return issues.find((issue) => issue.code !== 'unrecognized_keys') ?? issues[0];
}

function malformedAt(value: Fields, issue: z.core.$ZodIssue | undefined): Decoded {
  const path = pathOf(issue);
  const flaw = isMissing(value, issue) ? 'is missing' : flawOf(issue);
  return malformed(`\`${path}\` ${flaw}.`, seqOf(value), path);
}

function isMissing(value: Fields, issue: z.core.$ZodIssue | undefined): boolean {
  const at = (place: unknown, key: PropertyKey) => (place as Fields | undefined)?.[key];
  return issue?.path.reduce<unknown>(at, value) === undefined;
}

function malformed(message: string, re: number, path?: string): Decoded {
  const more = path === undefined ? { message } : { message, path };
  return { ok: false, refusal: refusal('malformed', more), re };
}

function pathOf(issue: z.core.$ZodIssue | undefined): string {
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
  const path = [...(issue?.path ?? []), ...unknown].map(String).join('.');
  return path.toWellFormed().slice(0, MAX_PATH_LENGTH);
}

function flawOf(issue: z.core.$ZodIssue | undefined): string {
  if (issue?.code === 'custom') return issue.message;
  if (issue?.code === 'unrecognized_keys') return 'is no field of this message';
  if (issue?.code === 'invalid_type') return flawOfType(issue.expected);
  if (issue?.code === 'invalid_value') return `must be one of ${listed(issue.values)}`;
  if (issue?.code === 'invalid_union') return 'is none that this message knows';
  return 'is not what it must be';
}

function flawOfType(expected: string): string {
  return /^[aeiou]/.test(expected) ? `must be an ${expected}` : `must be a ${expected}`;
}

function listed(values: readonly unknown[]): string {
  return values.map((value) => JSON.stringify(value)).join(', ');
}
