import { en } from './en.ts';
import type { Texts } from './en.ts';
import { zh } from './zh.ts';

/** The BCP 47 tag of the catalogue that suits these preferred languages best. */
export function languageFor(preferred: readonly string[]): 'en' | 'zh-CN' {
  const first = preferred.find((tag) => /^(en|zh)\b/i.test(tag));
  return first?.toLowerCase().startsWith('zh') === true ? 'zh-CN' : 'en';
}

/** The language of this page. */
export const language = languageFor(navigator.languages);

/** Every text of this page. */
export const text: Texts = language === 'zh-CN' ? zh : en;
