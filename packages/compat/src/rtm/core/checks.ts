import { flawOfChannel, flawOfId, utf8Length } from '@ringline/protocol';

/** Why this is no user id of RTM, or undefined when it is one. Every id of Ringline is, but for the text `null`. */
export function flawOfUid(uid: unknown): string | undefined {
  if (typeof uid !== 'string') return `must be a string, is ${typeof uid}`;
  if (uid === 'null') return 'must not be "null"';
  return flawOfId(uid);
}

/** Why this is no channel's id, or undefined when it is one. */
export function flawOfChannelId(id: unknown): string | undefined {
  if (typeof id !== 'string') return `must be a string, is ${typeof id}`;
  if (id === 'null') return 'must not be "null"';
  return flawOfChannel(id);
}

/** Why this is no text of at most so many bytes, or undefined when it is one. */
export function flawOfText(text: unknown, most: number): string | undefined {
  if (typeof text !== 'string') return `must be a string, is ${typeof text}`;
  if (!text.isWellFormed()) return 'contains half a character';
  const bytes = utf8Length(text);
  return bytes > most ? `must be at most ${most} bytes, has ${bytes}` : undefined;
}
