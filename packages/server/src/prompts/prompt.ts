import type { Announcement, Prompt } from '@ringline/protocol';
import { ANNOUNCEMENTS, isAnnouncement } from '@ringline/protocol';

export type { Announcement, Prompt } from '@ringline/protocol';

/** What sounds until it is stopped, in every language. */
export const TONES = ['hold', 'ringback'] as const satisfies readonly Prompt[];
export type Tone = Exclude<Prompt, Announcement>;

/** Languages that announcements are spoken in. */
export const LANGUAGES = ['en', 'zh'] as const;
export type Language = (typeof LANGUAGES)[number];

/** A sound by its name, which is that of its file without `.opus`. */
export type ClipName = Tone | `${Language}/${Announcement}`;

/** Every sound that there must be. */
export const CLIP_NAMES: readonly ClipName[] = [
  ...TONES,
  ...LANGUAGES.flatMap((language) =>
    ANNOUNCEMENTS.map((announcement) => `${language}/${announcement}` as const),
  ),
];

/** Whether it sounds until it is stopped. */
export function isTone(prompt: Prompt): prompt is Tone {
  return !isAnnouncement(prompt);
}

/** The language spoken to somebody who reads this one (a BCP 47 tag): Chinese of any kind, or else English. */
export function languageFor(tag: string): Language {
  return /^zh(?:[-_]|$)/i.test(tag) ? 'zh' : 'en';
}

/** The sound of a prompt in a language (a BCP 47 tag). */
export function clipFor(prompt: Prompt, language: string): ClipName {
  return isTone(prompt) ? prompt : `${languageFor(language)}/${prompt}`;
}
