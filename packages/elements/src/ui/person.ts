import type { Presence } from '@ringline/client';
import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import type { Texts } from '../text/en.ts';
import { avatar } from './avatar.ts';
import { formatShort } from './format.ts';

type Stand = Pick<Presence, 'since'> & { readonly online: boolean | undefined };

/** The avatar of a user, with a dot that says whether the user is there; undefined: nobody has said. */
export function picture(name: string, user: string, online: boolean | undefined): TemplateResult {
  const dot =
    online === undefined
      ? nothing
      : html`<span class="dot" ?data-online=${online} aria-hidden="true"></span>`;
  return html`<span class="picture">${avatar(name, user)}${dot}</span>`;
}

/** Where a user stands, in words; empty where nobody has said. */
export function presenceText(
  { online, since }: Stand,
  { people, time }: Texts,
  language: string,
): string {
  if (online === undefined) return '';
  if (online) return people.online;
  if (since === undefined || since === 0) return people.offline;
  const words = { ...time, yesterday: people.yesterday };
  return people.lastSeen(formatShort(since, Date.now(), language, words));
}
