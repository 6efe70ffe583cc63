import type { Texts } from './text/en.ts';
import { RestError } from './rest.ts';

function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** What to tell a person about an error: what happened and what to do. */
export function errorText(error: unknown, { errors }: Texts): string {
  const code = codeOf(error);
  const known: Readonly<Record<string, unknown>> = errors;
  const sentence = code === undefined ? undefined : known[code];
  if (typeof sentence === 'string') return sentence;
  const message = error instanceof Error ? error.message : String(error);
  return errors.unknown(message);
}

/** Whether the server has no such address: one in production mode gives out no tokens. */
export function isNotFound(error: unknown): boolean {
  return error instanceof RestError && error.code === 'not-found';
}
