import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { errorText } from '../model/error-text.ts';
import type { LoadState } from '../model/loading.ts';
import type { Texts } from '../text/en.ts';
import { icon } from './icons.ts';
import type { IconName } from './icons.ts';

/** What to say in place of rows. */
export interface BlankParts {
  readonly icon: IconName;
  readonly title: string;
  readonly hint?: string;
}

/** Nothing to list, and why. */
export function blank({ icon: mark, title, hint }: BlankParts): TemplateResult {
  return html`<div class="blank" part="empty">
    <span class="mark">${icon(mark)}</span>
    <strong>${title}</strong>
    ${hint === undefined ? nothing : html`<p>${hint}</p>`}
  </div>`;
}

/** Rows that are still to come. */
export function ghosts(loading: string): TemplateResult {
  return html`<p class="sr-only" role="status">${loading}</p>
    <div class="ghosts" aria-hidden="true">
      ${Array.from({ length: 5 }, () => html`<div class="ghost"></div>`)}
    </div>`;
}

/** What could not be fetched, and a way to try again. */
export function failed(
  { error }: Extract<LoadState, { kind: 'failed' }>,
  title: string,
  text: Texts,
  retry: () => void,
): TemplateResult {
  return html`<div class="blank" part="error" role="alert">
    <span class="mark">${icon('warn')}</span>
    <strong>${title}</strong>
    <p>${errorText(error, text)}</p>
    <button class="button" type="button" @click=${retry}>${text.time.retry}</button>
  </div>`;
}

/** The end of a list: more of it on demand, or why that failed. */
export function more(
  state: LoadState,
  words: { readonly more: string; readonly failed: string; readonly loading: string },
  retry: string,
  load: () => void,
): TemplateResult {
  const isLoading = state.kind === 'loading';
  const isFailed = state.kind === 'failed';
  return html`<div class="foot">
    ${isFailed ? html`<p class="soft" role="alert">${words.failed}</p>` : nothing}
    <button class="button link" type="button" ?disabled=${isLoading} @click=${load}>
      ${isLoading ? words.loading : isFailed ? retry : words.more}
    </button>
  </div>`;
}
