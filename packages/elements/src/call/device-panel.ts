import type { RinglineClient } from '@ringline/client';
import { html } from 'lit';
import type { TemplateResult } from 'lit';
import type { Texts } from '../text/en.ts';
import { icon } from '../ui/icons.ts';

/** The choice of devices above a call. */
export function devicePanel(
  client: RinglineClient | undefined,
  { call }: Texts,
  close: () => void,
): TemplateResult {
  return html`<div class="panel" part="panel">
    <button
      class="icon-button close"
      type="button"
      aria-label=${call.close}
      title=${call.close}
      @click=${close}
    >
      ${icon('close')}
    </button>
    <ringline-devices .client=${client} in-call></ringline-devices>
  </div>`;
}
