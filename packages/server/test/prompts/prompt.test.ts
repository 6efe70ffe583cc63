import { PROMPTS } from '@ringline/protocol';
import { expect, test } from 'vitest';
import { CLIP_NAMES, clipFor, isTone } from '../../src/prompts/prompt.ts';

test('tones are the same in every language, announcements are spoken in the listener’s', () => {
  expect(PROMPTS.map((prompt) => clipFor(prompt, 'zh'))).toEqual([
    'hold',
    'ringback',
    'zh/busy',
    'zh/refused',
    'zh/no-answer',
    'zh/offline',
  ]);
  expect(PROMPTS.filter(isTone)).toEqual(['hold', 'ringback']);
});

test.each([
  ['zh', 'zh'],
  ['zh-CN', 'zh'],
  ['zh-Hant-TW', 'zh'],
  ['zh_HK', 'zh'],
  ['ZH', 'zh'],
  ['en', 'en'],
  ['en-GB', 'en'],
  ['de', 'en'],
  ['zha', 'en'],
  ['', 'en'],
  ['../../etc/passwd', 'en'],
])('who reads “%s” is spoken to in %s', (tag, language) => {
  expect(clipFor('busy', tag)).toBe(`${language}/busy`);
});

test('there is a sound for every prompt in every language', () => {
  for (const prompt of PROMPTS) {
    for (const tag of ['en', 'zh']) expect(CLIP_NAMES).toContain(clipFor(prompt, tag));
  }
  expect(CLIP_NAMES.length).toBe(10);
});
