import type { RtmBody, RtmMessage } from '@ringline/protocol';
import { MAX_MESSAGE_BYTES, utf8Length } from '@ringline/protocol';
import { flawOfText } from './checks.ts';
import type { Dialect } from './dialect.ts';
import type { AnyMessage, MessageProperties, RtmRawMessage } from './types.ts';

/** The protocol's form of a message, or why it has none. */
export function bodyOf(message: unknown, hasRaw: boolean): RtmBody | { readonly flaw: string } {
  if (typeof message !== 'object' || message === null) return { flaw: 'The message is no object.' };
  if ('rawMessage' in message && hasRaw) return rawBody(message as RtmRawMessage);
  const { text } = message as { text?: unknown };
  const flaw = flawOfText(text, MAX_MESSAGE_BYTES);
  return flaw === undefined ? { kind: 'text', text: text as string } : { flaw: `text ${flaw}.` };
}

function rawBody({ rawMessage, description = '' }: RtmRawMessage) {
  if (!(rawMessage instanceof Uint8Array)) return { flaw: 'rawMessage must be a Uint8Array.' };
  const flaw = flawOfText(description, MAX_MESSAGE_BYTES);
  if (flaw !== undefined) return { flaw: `description ${flaw}.` };
  const bytes = rawMessage.length + utf8Length(description);
  if (bytes > MAX_MESSAGE_BYTES) {
    const most = `rawMessage and description must be at most ${MAX_MESSAGE_BYTES} bytes together`;
    return { flaw: `${most}, have ${bytes}.` };
  }
  return { kind: 'raw', raw: toBase64(rawMessage), description } as const;
}

/** A received message in the vendor's form; where there are no raw ones, their description. */
export function messageOf(body: RtmBody, hasRaw: boolean): AnyMessage {
  if (body.kind === 'text') return { text: body.text, messageType: 'TEXT' };
  const { raw, description } = body;
  if (!hasRaw) return { text: description, messageType: 'TEXT' };
  return { rawMessage: fromBase64(raw), description, messageType: 'RAW' };
}

/** What a message of this time is told with. */
export function propertiesOf(at: number, { marksOffline }: Dialect): MessageProperties {
  return { ...(marksOffline && { isOfflineMessage: false }), serverReceivedTs: at };
}

function toBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

/** Begins the description of what doors say to each other: no app's text begins so. */
const DOOR_WORD = '\u0000ringline-rtm/hang-up/';

/** Tells the other side's door that this invitation, accepted before, is over: RTM has no message for it. */
export function hangUpBody(invitation: string): RtmBody {
  return { kind: 'raw', raw: '', description: DOOR_WORD + invitation };
}

/** The invitation that a door says is over; undefined for a message of an app. */
export function hungUpIn({ body }: Pick<RtmMessage, 'body'>): string | undefined {
  if (body.kind !== 'raw' || !body.description.startsWith(DOOR_WORD)) return undefined;
  return body.description.slice(DOOR_WORD.length);
}
