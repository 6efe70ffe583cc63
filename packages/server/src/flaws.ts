import type { z } from 'zod';

/** The first thing that is wrong with a value: in which field, and what it must be instead. */
export interface Flaw {
  /** As in `events.0`; empty for the whole. */
  readonly path: string;
  /** Words that follow the name of the field. */
  readonly flaw: string;
}

/** Says in our words why a schema does not take a value; `of` names what has the fields, as in `request`. */
export function flawOf({ issues: [issue] }: z.ZodError, value: unknown, of: string): Flaw {
  if (issue === undefined) return { path: '', flaw: '' };
  const unknown = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
  const path = [...issue.path, ...unknown].join('.');
  return { path, flaw: isMissing(value, issue) ? 'is missing' : flawOfIssue(issue, of) };
}

/** The same as one text, as in `events.0: must be …`; `whole` is the name of the whole. */
export function flawText(error: z.ZodError, value: unknown, of: string, whole: string): string {
  const { path, flaw } = flawOf(error, value, of);
  return `${path || whole}: ${flaw}`;
}

function isMissing(value: unknown, { path }: z.core.$ZodIssue): boolean {
  type Fields = Readonly<Record<PropertyKey, unknown>> | undefined;
  return path.reduce<unknown>((place, key) => (place as Fields)?.[key], value) === undefined;
}

function flawOfIssue(issue: z.core.$ZodIssue, of: string): string {
  switch (issue.code) {
    case 'unrecognized_keys':
      return `is not a field of this ${of}`;
    case 'invalid_type':
      return flawOfType(issue);
    case 'invalid_value':
      return `must be ${oneOf(issue.values)}`;
    case 'invalid_union':
      return 'options' in issue ? `must be ${oneOf(issue.options)}` : WRONG;
    case 'too_small':
      return flawOfSmall(issue);
    case 'too_big':
      return flawOfBig(issue);
    // Rules of our own bring their own words.
    case 'custom':
    case 'invalid_format':
      return issue.message;
    case 'invalid_key':
    case 'invalid_element':
    case 'not_multiple_of':
      return WRONG;
  }
}

const WRONG = 'is not what it must be';

const TYPES: ReadonlyMap<string, string> = new Map([
  ['object', 'must be an object, { } in JSON'],
  ['array', 'must be a list, [ ] in JSON'],
  ['boolean', 'must be true or false'],
  ['int', 'must be a whole number, without quotes'],
  ['number', 'must be a number, without quotes'],
]);

function flawOfType({ expected }: z.core.$ZodIssueInvalidType): string {
  // In a query only a field that stands there twice is no text.
  return TYPES.get(expected) ?? 'must be one text';
}

function oneOf(values: readonly unknown[]): string {
  const words = values.map((value) => JSON.stringify(value)).join(', ');
  return values.length === 1 ? words : `one of ${words}`;
}

function flawOfSmall({ origin, minimum }: z.core.$ZodIssueTooSmall): string {
  if (origin === 'string') return 'must not be empty';
  return origin === 'array' ? `must name ${minimum} at least` : `must be at least ${minimum}`;
}

function flawOfBig({ origin, maximum }: z.core.$ZodIssueTooBig): string {
  if (origin === 'string') return `must be at most ${maximum} characters`;
  return origin === 'array' ? `must name ${maximum} at most` : `must be at most ${maximum}`;
}
