import type { Prompt } from './prompt.ts';

/** What a device hears from the server itself; never a part of a call's own media. */
export interface Voice {
  /**
   * Opens a connection of its own to a device, which plays the prompt as soon as it stands. Refused when
   * there are as many as may be (`full`), or while nothing can be played (`away`).
   */
  listen(ask: ListenAsk, events: ListenerEvents): Listener | 'full' | 'away';
}

/** What is to be heard, and in which language (a BCP 47 tag; others than Chinese are spoken English). */
export interface ListenAsk {
  readonly prompt: Prompt;
  readonly language: string;
}

/** One device that hears the server. */
export interface Listener {
  /** Takes the device's answer to the offer; any text may be given. */
  answer(sdp: string): void;
  /** Plays another prompt from its beginning over the same connection. */
  play(prompt: Prompt): void;
  /** Hangs up; no event comes after it. */
  close(): void;
}

/** What a listener's owner is told, never while it asks for something. */
export interface ListenerEvents {
  /** The offer for the device, with all its candidates. */
  offered(sdp: string): void;
  /** An announcement was played as often as it should. Never for tones; the connection still stands. */
  finished(): void;
  /** It is lost, by a bad answer, a connection that fails, or the engine's end; nothing comes after it. */
  failed(): void;
}

/** The voice of a server that has none. */
export const SILENT_VOICE: Voice = { listen: () => 'away' };
