import { MAX_ID_BYTES, MAX_NAME_BYTES, flawOfId, utf8Length } from '@ringline/protocol';
import type { Texts } from '../text/en.ts';

/** Why this cannot be a user id, as a sentence for a person, or undefined when it can. */
export function flawOfUser(user: string, { errors }: Texts): string | undefined {
  if (utf8Length(user) > MAX_ID_BYTES) return errors.idTooLong(MAX_ID_BYTES);
  return flawOfId(user) === undefined ? undefined : errors.idMalformed;
}

/** Why this cannot be a display name, as a sentence for a person, or undefined when it can. */
export function flawOfName(name: string, { errors }: Texts): string | undefined {
  return utf8Length(name) > MAX_NAME_BYTES ? errors.nameTooLong(MAX_NAME_BYTES) : undefined;
}
