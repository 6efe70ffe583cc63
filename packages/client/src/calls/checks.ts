import type { UserId } from '@ringline/protocol';
import {
  MAX_CONTENT_BYTES,
  MAX_RING_TIMEOUT_MS,
  MIN_RING_TIMEOUT_MS,
  flawOfId,
  utf8Length,
} from '@ringline/protocol';
import { RinglineError } from '../errors.ts';

/** Rejects what the server would reject as `malformed`, before a device is opened for it. */
export function checkUser(user: UserId, path = 'to'): void {
  const flaw = flawOfId(user);
  if (flaw !== undefined) throw malformed(path, flaw);
}

/** As `checkUser`, for the content of an invitation or an answer. */
export function checkContent(path: string, content: string | undefined): void {
  if (content === undefined) return;
  if (!content.isWellFormed()) throw malformed(path, 'contains half a character');
  checkLength(path, content, MAX_CONTENT_BYTES);
}

/** As `checkUser`, for the ring time. */
export function checkRingTimeout(ms: number | undefined): void {
  if (ms === undefined) return;
  if (Number.isInteger(ms) && ms >= MIN_RING_TIMEOUT_MS && ms <= MAX_RING_TIMEOUT_MS) return;
  const range = `${MIN_RING_TIMEOUT_MS} to ${MAX_RING_TIMEOUT_MS}`;
  throw malformed('ringTimeoutMs', `must be ${range} whole milliseconds, is ${ms}`);
}

/** As `checkUser`, for the length of a text. */
export function checkLength(path: string, text: string, most: number): void {
  const bytes = utf8Length(text);
  if (bytes > most) throw malformed(path, `must be at most ${most} bytes, has ${bytes}`);
}

/** What was given is none of the protocol's: `path` names it, `flaw` says why. */
export function malformed(path: string, flaw: string): RinglineError {
  return new RinglineError('malformed', `${path} ${flaw}.`, { path });
}
