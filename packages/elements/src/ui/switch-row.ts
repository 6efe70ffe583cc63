import { html } from 'lit';
import type { TemplateResult } from 'lit';

/** What a switch with a sentence below it needs. */
export interface SwitchRow {
  /** Unique within its element. */
  readonly id: string;
  readonly label: string;
  readonly hint: string;
  readonly isOn: boolean;
  readonly turn: (isOn: boolean) => void;
}

/** A switch, and what it is for. */
export function switchRow({ id, label, hint, isOn, turn }: SwitchRow): TemplateResult {
  return html`<div class="row">
    <label class="switch">
      <input
        type="checkbox"
        role="switch"
        aria-describedby="${id}-hint"
        .checked=${isOn}
        @change=${(event: Event) => turn((event.target as HTMLInputElement).checked)}
      />
      <span class="track"></span><span>${label}</span>
    </label>
    <p class="hint" id="${id}-hint">${hint}</p>
  </div>`;
}
