import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { icon } from './icons.ts';
import type { IconName } from './icons.ts';

/** What a round button of the call area needs. */
export interface RoundButton {
  readonly icon: IconName;
  /** The whole name, for readers and as a tooltip. */
  readonly label: string;
  /** A word below it, where there is room. */
  readonly short?: string;
  readonly kind?: 'plain' | 'accept' | 'refuse' | 'off' | undefined;
  readonly isPressed?: boolean;
  readonly isExpanded?: boolean;
  readonly isDisabled?: boolean;
  act(): void;
}

/** A round button; its name is the whole label. */
export function roundButton(button: RoundButton): TemplateResult {
  const { label, short, kind = 'plain', isPressed, isExpanded, isDisabled } = button;
  return html`<button
    class="round ${kind}"
    type="button"
    part="button ${kind}"
    data-icon=${button.icon}
    title=${label}
    aria-label=${label}
    aria-pressed=${isPressed === undefined ? nothing : String(isPressed)}
    aria-expanded=${isExpanded === undefined ? nothing : String(isExpanded)}
    ?disabled=${isDisabled}
    @click=${() => button.act()}
  >
    <span class="disc">${icon(button.icon)}</span>
    ${short === undefined ? nothing : html`<span class="short" aria-hidden="true">${short}</span>`}
  </button>`;
}
