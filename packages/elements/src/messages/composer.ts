import { MAX_MESSAGE_BYTES, utf8Length } from '@ringline/client';

/** Below this many bytes somebody is told how much room is left. */
const TELL_BELOW = MAX_MESSAGE_BYTES / 10;

/** Whether what is written can be sent, and what there is to say about its length. */
export interface Fit {
  readonly isEmpty: boolean;
  /** How many bytes there are too many. */
  readonly over: number;
  /** How many bytes are left, once they become few. */
  readonly left: number | undefined;
}

/** How a text fits into a message. */
export function fitOf(draft: string): Fit {
  const text = draft.trim();
  const left = MAX_MESSAGE_BYTES - utf8Length(text);
  return {
    isEmpty: text === '',
    over: Math.max(0, -left),
    left: left >= 0 && left < TELL_BELOW ? left : undefined,
  };
}

/** A number of bytes for people. */
export function formatBytes(bytes: number, language: string): string {
  const unit = bytes < 1000 ? 'byte' : 'kilobyte';
  const value = bytes < 1000 ? bytes : bytes / 1000;
  const unitDisplay = unit === 'byte' ? 'long' : 'short';
  const options = { style: 'unit', unit, unitDisplay, maximumFractionDigits: 1 } as const;
  return new Intl.NumberFormat(language, options).format(value);
}

/** While a word is being composed (Chinese input, for instance) Enter chooses it; Safari tells that by the key code only. */
const COMPOSING_KEY = 229;

/** Whether this key sends: Enter, unless it is part of the text. */
export function isSendKey(event: {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly isComposing: boolean;
  readonly keyCode: number;
}): boolean {
  const isComposing = event.isComposing || event.keyCode === COMPOSING_KEY;
  return event.key === 'Enter' && !event.shiftKey && !isComposing;
}
