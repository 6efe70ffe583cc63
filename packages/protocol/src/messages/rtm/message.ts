/** A message of RTM: as a call's id, made at random by the sender's device. */
export type RtmMessageId = string;

/** What users of RTM say to each other; it reaches who is there, and is not kept. */
export type RtmBody =
  | { readonly kind: 'text'; readonly text: string }
  /** Bytes as base64 (RFC 4648 §4), with a text beside them; both together at most MAX_MESSAGE_BYTES, the bytes counted as such. */
  | { readonly kind: 'raw'; readonly raw: string; readonly description: string };
