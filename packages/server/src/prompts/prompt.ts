/** What the server itself can let a device hear; tones sound until they are stopped, announcements end. */
export const TONES = ['hold', 'ringback'] as const;
export type Tone = (typeof TONES)[number];

/** Why an attempt failed, in words. */
export const ANNOUNCEMENTS = ['busy', 'refused', 'no-answer', 'offline'] as const;
export type Announcement = (typeof ANNOUNCEMENTS)[number];

export const PROMPTS = [...TONES, ...ANNOUNCEMENTS] as const;
export type Prompt = (typeof PROMPTS)[number];

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

export function isTone(prompt: Prompt): prompt is Tone {
  return TONES.some((tone) => tone === prompt);
}

/** The language spoken to somebody who reads this one (a BCP 47 tag): Chinese of any kind, or else English. */
export function languageFor(tag: string): Language {
  return /^zh(?:[-_]|$)/i.test(tag) ? 'zh' : 'en';
}

/** The sound of a prompt in a language (a BCP 47 tag). */
export function clipFor(prompt: Prompt, language: string): ClipName {
  return isTone(prompt) ? prompt : `${languageFor(language)}/${prompt}`;
}
