/** Every code of a REST answer that is no success, with its HTTP status; the words are those of the protocol where it has them. */
export const HTTP_ERRORS = {
  malformed: {
    status: 400,
    meaning: 'The request breaks the rules; `path` names the first bad field.',
  },
  unauthorized: { status: 401, meaning: 'The bearer token is missing, forged or expired.' },
  forbidden: { status: 403, meaning: 'This may not be asked from here.' },
  'not-permitted': {
    status: 403,
    meaning: 'The policy of this server, or for this user, does not permit it.',
  },
  'not-found': { status: 404, meaning: 'There is nothing at this address.' },
  conflict: {
    status: 409,
    meaning: 'Not with what is there, or what was changed meanwhile; the message says what to do.',
  },
  'too-large': { status: 413, meaning: 'The body is larger than this address takes.' },
  'unsupported-media-type': { status: 415, meaning: 'The body must be JSON.' },
  'rate-limited': { status: 429, meaning: 'Too many requests of this user; wait `Retry-After`.' },
  internal: { status: 500, meaning: 'A defect of the server; nothing was changed.' },
  unavailable: {
    status: 503,
    meaning: 'The server cannot answer just now; try again after `Retry-After`.',
  },
} as const satisfies Readonly<Record<string, { status: number; meaning: string }>>;

export type HttpErrorCode = keyof typeof HTTP_ERRORS;

/** A request that is not carried out; thrown by handlers, answered by the app. */
export class HttpError extends Error {
  readonly code: HttpErrorCode;
  /** The first bad field, as in `query.limit`. */
  readonly path: string | undefined;
  retryAfterMs: number | undefined;

  constructor(code: HttpErrorCode, message: string = HTTP_ERRORS[code].meaning, path?: string) {
    super(message);
    this.name = 'HttpError';
    this.code = code;
    this.path = path;
  }

  /** Too many requests; the next is answered after so long. */
  static rateLimited(retryAfterMs: number): HttpError {
    const error = new HttpError('rate-limited');
    error.retryAfterMs = retryAfterMs;
    return error;
  }
}

/** The body of every answer that is no success. */
export function errorBody({ code, message, path }: HttpError): object {
  return { error: { code, message, ...(path !== undefined && { path }) } };
}
