import { languageFor, textsIn } from '@ringline/elements';
import type { Texts } from '@ringline/elements';
import { en } from './en.ts';
import type { PageTexts } from './en.ts';
import { zh } from './zh.ts';

/** The language of this page. */
export const language = languageFor(navigator.languages);

/** The texts of this page. */
export const text: PageTexts = language === 'zh-CN' ? zh : en;

/** The texts of the UI kit. */
export const kitText: Texts = textsIn(language);
