import type { Media, Peer, UserId } from '@ringline/client';

/** What the elements tell, by the name of the event: its detail. */
export interface RinglineEvents {
  /** Somebody is to be called; prevented, nobody is. */
  'ringline-call': Peer & { readonly media: Media };
  /** Somebody is to be written to; a `<ringline-phone>` opens the conversation unless prevented. */
  'ringline-message': { readonly user: UserId };
  /** The way back out of a conversation; a `<ringline-phone>` closes it unless prevented. */
  'ringline-close': Readonly<Record<string, never>>;
  /** The call has become small, or large again. */
  'ringline-minimise': { readonly minimised: boolean };
}

type Events = { [Name in keyof RinglineEvents]: CustomEvent<RinglineEvents[Name]> };

declare global {
  interface GlobalEventHandlersEventMap extends Events {}
}
