import type { RefusalCode } from '@ringline/protocol';
import { defined } from './defined.ts';

/** Codes of the SDK's own, beside the server's refusals, and what to do about each. */
export const CLIENT_ERRORS = {
  'not-connected': 'There is no connection to the server. Call connect() and wait for it.',
  timeout:
    'The server did not answer in time, and may have done it. Try again once there is a connection, a message with its key.',
  unreachable: 'The server did not answer over HTTP. See that this page can reach its REST API.',
  replaced:
    'The same device connected again elsewhere. Give each tab and process its own deviceId.',
  'unsupported-version': 'The server speaks no protocol version of this SDK. Update the older one.',
  'microphone-denied': 'The microphone was denied. Ask the user to allow it in the address bar.',
  'camera-denied':
    'The camera or the microphone was denied. Ask the user to allow it in the address bar.',
  'denied-by-system':
    'The system denies the browser microphone or camera. Ask the user to allow them in its settings.',
  'denied-by-policy':
    'A Permissions-Policy denies this page microphone or camera. Allow them there, or by the `allow` of its frame.',
  'no-device': 'No such microphone or camera was found. Ask the user to plug one in.',
  'device-busy': 'Another program uses the microphone or camera. Ask the user to close it.',
  'media-unavailable':
    'This page has no access to microphone or camera. Serve it over https or from localhost.',
  'video-unavailable':
    'Calls are without pictures here. Leave out `video: false`, and see that there is access to media.',
  'speaker-unavailable':
    'The browser lets no speaker be chosen. Ask the user to choose it in the system.',
  'autoplay-blocked':
    'The browser plays no sound before the user touches the page. Call play() from a click.',
  'negotiation-failed': 'The two devices could not agree on how to send media. Call again.',
} as const satisfies Record<string, string>;

export type ClientErrorCode = keyof typeof CLIENT_ERRORS;

/** Every code that a RinglineError can carry. */
export type ErrorCode = RefusalCode | ClientErrorCode;

/** What else is known of an error. */
export interface ErrorDetails {
  readonly path?: string;
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
}

/** Why something was not done; `code` is for programs, `message` says what to do next. */
export class RinglineError extends Error {
  override readonly name = 'RinglineError';
  readonly code: ErrorCode;
  /** The first bad field, as in `body.text`; only with `malformed`. */
  readonly path: string | undefined;
  /** When trying again makes sense. */
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details);
    this.code = code;
    this.path = details.path;
    this.retryAfterMs = details.retryAfterMs;
  }
}

/** An error of the SDK's own, with the documented sentence. */
export function clientError(code: ClientErrorCode, cause?: unknown): RinglineError {
  return new RinglineError(code, CLIENT_ERRORS[code], defined({ cause }));
}

/** A command that makes no sense in the call's state. */
export function wrongState(message: string): RinglineError {
  return new RinglineError('wrong-state', message);
}

/** Whether this is an error of this name, such as a DOMException's. */
export function isNamed(fault: unknown, name: string): boolean {
  return (fault as Partial<Error> | null | undefined)?.name === name;
}

/** Whether this is a RinglineError with one of these codes. */
export function hasCode(error: unknown, ...codes: ErrorCode[]): error is RinglineError {
  return error instanceof RinglineError && codes.includes(error.code);
}
