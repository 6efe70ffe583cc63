import type { ErrorCode } from '@ringline/client';
import { RinglineError } from '@ringline/client';
import type { CodeName, Codes } from './dialect.ts';

/** Why something was not done: `code` is the vendor's number, `message` says its name and what to do next. */
export class RtmError extends Error {
  override readonly name: 'RTMException' | 'RtmInvalidArgumentError';
  readonly code: number;
  /** The number's name, as in `LOGIN_ERR_TIMEOUT`. */
  readonly data: CodeName;

  constructor(codes: Codes, name: CodeName, words: string, cause?: unknown) {
    const code = codes[name] ?? UNKNOWN_CODE;
    super(`Error Code ${code} - ${name}: ${words}`, cause === undefined ? {} : { cause });
    this.name = name.endsWith('INVALID_ARGUMENT') ? 'RtmInvalidArgumentError' : 'RTMException';
    this.code = code;
    this.data = name;
  }
}

/** Of what a vendor has no number for: FAILURE or UNKNOWN in almost every list. */
const UNKNOWN_CODE = 1;

/** What the errors of one method are called. */
export interface Failures {
  readonly failure: CodeName;
  readonly notLoggedIn: CodeName;
  readonly invalid: CodeName;
  readonly timeout?: CodeName;
  readonly tooOften?: CodeName;
  /** By what the server or the SDK says. */
  readonly others?: Partial<Record<ErrorCode, CodeName>>;
}

const NOT_LOGGED_IN: readonly ErrorCode[] = ['not-connected', 'replaced', 'unauthorized'];

/** The vendor's error for what the SDK rejected with. */
export function vendorError(codes: Codes, failures: Failures, error: unknown): RtmError {
  if (error instanceof RtmError) return error;
  const words = error instanceof Error ? error.message : String(error);
  return new RtmError(codes, nameOf(failures, error), words, error);
}

function nameOf(failures: Failures, error: unknown): CodeName {
  const { failure, timeout = failure, tooOften = failure, notLoggedIn, others } = failures;
  if (!(error instanceof RinglineError)) return failure;
  const { code } = error;
  const other = others?.[code];
  if (other !== undefined) return other;
  if (code === 'timeout') return timeout;
  if (code === 'rate-limited') return tooOften;
  return NOT_LOGGED_IN.includes(code) ? notLoggedIn : failure;
}
