/** What plays are about: each must have come to pass at least once, however often the server was killed in the middle. */
export const DEEDS = [
  'two calls met and were one',
  'both devices answered, and one was first',
  'held and resumed by both',
  'a call was answered on a picture',
  'a picture was agreed to',
  'a picture was removed',
  'a picture was refused',
  'a request for a picture was taken back',
  'a second call was answered',
  'a second call was refused',
  'two calls were swapped',
  'a caller was lost while it rang',
  'a phone was lost in a call',
  'media never connected',
  'media did not come back after a hold',
  'a bare invitation was accepted',
  'a bare invitation was refused',
  'a bare invitation was taken back',
] as const;
export type Deed = (typeof DEEDS)[number];

/** A text that was sent, as whoever sent it knows it. */
export interface Written {
  readonly from: string;
  readonly to: string;
  readonly text: string;
}

/** What the people know of what they did, by word of the server and nothing else. */
export class Ledger {
  /** The two users of each call, by its id. */
  readonly calls = new Map<string, readonly [string, string]>();
  /** Caller and callee of calls whose making came to an error: the server may have taken each nevertheless, once. */
  readonly unsureCalls: (readonly [string, string])[] = [];
  /** Messages by their id, as the answer to `send` brought it. */
  readonly messages = new Map<string, Written>();
  /** Texts whose sending came to an error: they may have been taken nevertheless, once. */
  readonly unsureTexts = new Set<string>();
  /** Bare invitations by their id, of which the callee was told. */
  readonly invitations = new Set<string>();
  /** Those of which the caller heard nothing like that: the server may have taken each nevertheless. */
  readonly unsureInvitations = new Set<string>();
  readonly deeds = new Map<Deed, number>();
  /** What people began and never came to the end of: something waits for ever. */
  readonly unended: string[] = [];

  did(deed: Deed): void {
    this.deeds.set(deed, (this.deeds.get(deed) ?? 0) + 1);
  }
}
