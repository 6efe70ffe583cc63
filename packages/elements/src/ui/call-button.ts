import type { Media } from '@ringline/client';
import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { icon } from './icons.ts';

/** What a button that calls somebody needs. */
export interface CallButton {
  readonly media: Media;
  readonly label: string;
  /** Why nobody can be called just now; it can be pressed nevertheless, and then the call that is on says so. */
  readonly obstacle: string | undefined;
  readonly tabIndex?: 0 | -1;
  readonly type?: 'button' | 'submit';
  readonly act?: () => void;
}

/** A small button that calls somebody, or says why it does not. */
export function callButton(button: CallButton): TemplateResult {
  const { media, label, obstacle, tabIndex, type = 'button', act } = button;
  return html`<button
    class="icon-button accent"
    type=${type}
    title=${obstacle ?? label}
    aria-label=${label}
    aria-description=${obstacle ?? nothing}
    ?data-blocked=${obstacle !== undefined}
    tabindex=${tabIndex ?? nothing}
    @click=${() => act?.()}
  >
    ${icon(media === 'audio' ? 'phone' : 'video')}
  </button>`;
}
