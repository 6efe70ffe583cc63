import { MAX_CHANNEL_BYTES, MAX_ID_BYTES } from './limits.ts';
import { utf8Length } from './text.ts';

/** A user as the customer names it: 1–64 UTF-8 bytes, compared bytewise, no control characters. */
export type UserId = string;
/** A device of one user: 1–64 UTF-8 bytes, one per tab or process, no control characters. */
export type DeviceId = string;
/** A call: 16–64 characters of `A–Z a–z 0–9 _ -`, made at random by the caller's device. */
export type CallId = string;
/** A bare invitation: as a call's id, made at random by the caller's device. */
export type InvitationId = string;

const CALL_ID = /^[A-Za-z0-9_-]{16,64}$/;

/** Why this is no user or device id, or undefined when it is one. */
export function flawOfId(id: string): string | undefined {
  if (!id.isWellFormed()) return 'contains half a character';
  const bytes = utf8Length(id);
  if (bytes < 1 || bytes > MAX_ID_BYTES) return `must be 1 to ${MAX_ID_BYTES} bytes, has ${bytes}`;
  if (/\p{Cc}/u.test(id)) return 'contains a control character';
  return undefined;
}

/** Why this is no call id, or undefined when it is one. */
export function flawOfCallId(id: string): string | undefined {
  return CALL_ID.test(id) ? undefined : 'must be 16 to 64 characters of A–Z a–z 0–9 _ -';
}

/** Why this is no channel's id, or undefined when it is one. */
export function flawOfChannel(id: string): string | undefined {
  if (!id.isWellFormed()) return 'contains half a character';
  const bytes = utf8Length(id);
  if (bytes < 1 || bytes > MAX_CHANNEL_BYTES) {
    return `must be 1 to ${MAX_CHANNEL_BYTES} bytes, has ${bytes}`;
  }
  return undefined;
}
