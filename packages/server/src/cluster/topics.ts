/** What is spoken of on a bus: deliveries to a user, moves of a user, deliveries to a channel. */
export const TOPIC_KINDS = ['u', 'm', 'c'] as const;
export type TopicKind = (typeof TOPIC_KINDS)[number];

/** One subject of a bus, as it travels: `u.alice`. Letters, digits, `_`, `-`, `=` and one dot. */
export type Topic = string;

/** That a node has lost what it had to say, to whom it is not known. */
export const GAP_TOPIC: Topic = 'gap';

/** The topic of a user or channel; no two names have the same, whatever characters they hold. */
export function topicOf(kind: TopicKind, name: string): Topic {
  return `${kind}.${name.replaceAll(/[^A-Za-z0-9_-]/g, escape)}`;
}

/**
 * Dots, stars, spaces and control characters would mean something to NATS, and a subject is only bytes to it:
 * every code unit of them is written in hex, also half a character.
 */
function escape(unit: string): string {
  return `=${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
