import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { given, held } from '../../../src/store/postgres/text.ts';

/** Any UTF-16, among it what PostgreSQL cannot hold. */
const anyText = fc.string({
  unit: fc.integer({ min: 0, max: 0xffff }).map((n) => String.fromCharCode(n)),
});
const trouble = fc.string({
  unit: fc.constantFrom('\u0000', '\u0001', '0', '1', '\ud800', '\udc00', 'a'),
});

test('what is written is read again, and can be held', () => {
  fc.assert(
    fc.property(fc.oneof(anyText, trouble), (text) => {
      expect(given(held(text))).toBe(text);
      expect(held(text).isWellFormed()).toBe(true);
      expect(held(text)).not.toContain('\u0000');
    }),
  );
});

test('what has no control character stays as it is, so that ids keep their order', () => {
  for (const id of ['alice', 'Ölaf ∆ 🙂', "o'neil\\\\"]) expect(held(id)).toBe(id);
});
