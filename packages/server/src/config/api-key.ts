import type { Reader } from './readers.ts';

/** The shortest API key: what it opens is as much as a secret of tokens does. */
export const MIN_API_KEY_BYTES = 32;

/** A key that a header can carry; what is wrong with one is said without repeating it. */
export const apiKey: Reader<string> = (text) => {
  if (!/^[\x21-\x7E]+$/.test(text)) {
    return {
      flaw: `has a key with spaces or characters that no header carries; ${HOW_TO_MAKE_ONE}`,
    };
  }
  if (text.length < MIN_API_KEY_BYTES) {
    return {
      flaw: `has a key of ${text.length} bytes, needs ${MIN_API_KEY_BYTES}; ${HOW_TO_MAKE_ONE}`,
    };
  }
  return { value: text };
};

const HOW_TO_MAKE_ONE = 'make one with `openssl rand -hex 32`';
