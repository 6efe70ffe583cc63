import { en } from './en.ts';
import type { Texts } from './en.ts';
import { zh } from './zh.ts';

/** The languages of the kit, as BCP 47 tags. */
export type Language = 'en' | 'zh-CN';

/** The language of the kit that suits these preferred languages best. */
export function languageFor(preferred: readonly string[]): Language {
  const first = preferred.find((tag) => /^(en|zh)\b/i.test(tag));
  return first?.toLowerCase().startsWith('zh') === true ? 'zh-CN' : 'en';
}

/** Every text in a language. */
export function textsIn(language: Language): Texts {
  return language === 'zh-CN' ? zh : en;
}
