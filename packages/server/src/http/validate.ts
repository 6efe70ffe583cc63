import { MAX_PAGE_ITEMS, flawOfId } from '@ringline/protocol';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { flawOf } from '../flaws.ts';
import { HttpError } from './errors.ts';

/** Items in a page when the request does not say. */
export const DEFAULT_PAGE_ITEMS = 50;

/** A user id in a query or a body. */
export const userId = z.string().superRefine((text, context) => {
  const flaw = flawOfId(text);
  if (flaw !== undefined) context.addIssue({ code: 'custom', message: flaw });
});

/** A whole number from 0 that JavaScript holds exactly, written in digits. */
export const digits = z
  .string()
  .regex(/^\d{1,16}$/, 'must be a whole number')
  .transform(Number)
  .refine(Number.isSafeInteger, 'must be a whole number');

/** How many items a page may hold. */
export const limit = digits
  .refine((n) => n >= 1 && n <= MAX_PAGE_ITEMS, `must be 1 to ${MAX_PAGE_ITEMS}`)
  .default(DEFAULT_PAGE_ITEMS);

/** The value as the schema has it, or a refusal that names the first bad field. */
export function validated<T>(schema: z.ZodType<T>, value: unknown, where: 'query' | 'body'): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const { path: within, flaw } = flawOf(result.error, value, 'request');
  const path = [where, ...(within === '' ? [] : [within])].join('.');
  throw malformed(path, flaw);
}

/** A refusal of one field. */
export function malformed(path: string, flaw: string): HttpError {
  return new HttpError('malformed', `${path}: ${flaw}`, path);
}

const NoQuery = z.strictObject({});

/** For addresses that take no query, so that a field which changes nothing does not go unnoticed. */
export async function takesNoQuery({ query }: FastifyRequest): Promise<void> {
  validated(NoQuery, query, 'query');
}

/** For `refine`: a time from (inclusive) before to (exclusive), where both are given. */
export const isSpan = ({ from, to }: { from?: number | undefined; to?: number | undefined }) =>
  from === undefined || to === undefined || from < to;
export const SPAN_FLAW = { message: 'must be after `from`', path: ['to'] };

/** One page and where the next begins: of `limit + 1` items asked for, the last only tells that there is more. */
export function page<T>(
  found: readonly T[],
  max: number,
  cursorOf: (item: T) => string | number,
): { items: readonly T[]; next: string | null } {
  const items = found.slice(0, max);
  const last = items.at(-1);
  const next = found.length > max && last !== undefined ? String(cursorOf(last)) : null;
  return { items, next };
}
