import type { Texts } from '../text/en.ts';

/** The code that an error carries, if it carries one. */
export function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** The field that was refused, as in `body.text`, where the error names it. */
function pathOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('path' in error)) return undefined;
  return typeof error.path === 'string' ? error.path : undefined;
}

/** What was entered cannot be taken: the error's own message is for programmers. */
function malformedText(path: string | undefined, errors: Texts['errors']): string {
  if (path === 'to') return errors.idMalformed;
  return path === 'body.text' ? errors.messageTooLong : errors.malformed;
}

/** What to tell a person about an error: what happened and what to do. */
export function errorText(error: unknown, { errors }: Texts): string {
  const code = codeOf(error);
  if (code === 'malformed') return malformedText(pathOf(error), errors);
  const known: Readonly<Record<string, unknown>> = errors;
  const sentence = code === undefined ? undefined : known[code];
  if (typeof sentence === 'string') return sentence;
  const message = error instanceof Error ? error.message : String(error);
  return errors.unknown(message);
}
