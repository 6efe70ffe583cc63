/** What the server's voice says or plays: a tone while the call is held or rings, or why nobody answered. */
export const PROMPTS = ['hold', 'ringback', 'busy', 'refused', 'no-answer', 'offline'] as const;
export type Prompt = (typeof PROMPTS)[number];

/** Those that are played to their end, after an attempt that failed: each is named as the reason that it tells. */
export const ANNOUNCEMENTS = ['busy', 'refused', 'no-answer', 'offline'] as const;
export type Announcement = (typeof ANNOUNCEMENTS)[number];

/** Whether a call that ended for this reason is one of which a voice tells the caller. */
export function isAnnouncement(reason: string): reason is Announcement {
  return (ANNOUNCEMENTS as readonly string[]).includes(reason);
}

/** Why a voice has ended. */
export const VOICE_ENDS = ['said', 'over', 'lost'] as const;
export type VoiceEnd = (typeof VOICE_ENDS)[number];
