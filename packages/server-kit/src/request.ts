import { timingSafeEqual } from 'node:crypto';
import { ArgumentError, VerificationError } from './errors.ts';

/** The headers of a request: those of `node:http`, of `fetch`, or any object, in any case of letters. */
export type RequestHeaders =
  | { get(name: string): string | null }
  | Readonly<Record<string, string | readonly string[] | undefined>>;

/** The one value of a header that must be there once. Throws a VerificationError that names it. */
export function headerOf(headers: RequestHeaders, name: string): string {
  const value = optionalHeaderOf(headers, name);
  if (value !== undefined) return value;
  throw new VerificationError('missing-header', name, 'is missing');
}

/** The one value of a header, or undefined without it. Throws a VerificationError when it stands twice. */
export function optionalHeaderOf(headers: RequestHeaders, name: string): string | undefined {
  const values = valuesOf(headers, name.toLowerCase());
  if (values.length > 1) throw new VerificationError('bad-header', name, 'stands there twice');
  return values[0];
}

function valuesOf(headers: RequestHeaders, name: string): readonly string[] {
  if (isGetter(headers)) {
    const value = headers.get(name);
    return value === null ? [] : [value];
  }
  const entries = Object.entries(headers).filter(([each]) => each.toLowerCase() === name);
  return entries.flatMap(([, value]) => value ?? []);
}

/** An object may have a header whose name is `get`; a function it is not. */
function isGetter(headers: RequestHeaders): headers is { get(name: string): string | null } {
  return typeof headers.get === 'function';
}

/** The body as the bytes that were signed. Throws an ArgumentError for one that was parsed already. */
export function bytesOf(body: string | Uint8Array): Uint8Array {
  if (typeof body === 'string') return new TextEncoder().encode(body);
  // Whoever lets a framework parse the body gives an object here.
  if ((body as unknown) instanceof Uint8Array) return body;
  throw new ArgumentError('body', 'must be the text or bytes as they came, before any parsing');
}

/** The text of a body whose signature is right. Throws a VerificationError when it is no UTF-8. */
export function textOf(body: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch (cause) {
    throw new VerificationError('bad-body', 'body', 'is no UTF-8', { cause });
  }
}

/** Throws a VerificationError when a request was signed too far from now; instants are epoch milliseconds. */
export function checkAge(
  header: string,
  signedAt: number,
  now: number,
  toleranceSeconds: number,
): void {
  const seconds = Math.abs(now - signedAt) / 1000;
  if (seconds <= toleranceSeconds) return;
  const [code, word] =
    signedAt < now ? (['too-old', 'ago'] as const) : (['too-new', 'from now'] as const);
  const flaw = `was ${Math.round(seconds)} seconds ${word}, more than ${toleranceSeconds} are not taken`;
  throw new VerificationError(code, header, flaw);
}

/** Whether two texts are the same, in a time that does not tell where they differ. */
export function isSame(given: string, expected: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
}
