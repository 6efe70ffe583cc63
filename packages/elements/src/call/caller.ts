import type { Call } from '@ringline/client';
import { html } from 'lit';
import type { TemplateResult } from 'lit';
import { acceptLabel } from '../model/accept-label.ts';
import type { Phone } from '../model/phone.ts';
import type { Texts } from '../text/en.ts';

/** A call that rings beside the one whose window this is. */
export interface Caller {
  readonly call: Call;
  readonly phone: Phone;
  readonly name: string;
}

/** Who calls, and the two answers for which a small window has room; the page has the others. */
export function callerView({ call, phone, name }: Caller, text: Texts): TemplateResult {
  return html`<div
    class="notice caller settles"
    role="alertdialog"
    aria-labelledby="caller"
    data-testid="caller"
  >
    <p id="caller" role="alert">${text.call.isCalling(name)}</p>
    <div class="answers">
      <button
        class="button primary"
        type="button"
        ?disabled=${phone.isAnswering(call)}
        @click=${() => void phone.answer(call, call.media)}
      >
        ${acceptLabel(call.media === 'video', phone, text)}
      </button>
      <button class="button" type="button" @click=${() => void phone.refuse(call)}>
        ${text.call.refuse}
      </button>
    </div>
  </div>`;
}
