import type { Call } from '@ringline/client';
import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { legNotes, ringingText } from '../model/wording.ts';
import type { Texts } from '../text/en.ts';
import { caption } from './caption.ts';
import type { Person } from './caption.ts';
import { roundButton } from '../ui/round-button.ts';

/** What the area of a call that has not been answered shows. */
export interface Waiting {
  readonly person: Person;
  readonly text: Texts;
  readonly isConnected: boolean;
  /** Who the user's other call is with that comes back if this one is taken back. */
  readonly heldOther: string | undefined;
  cancel(): void;
}

function serverNotice({ isConnected, text }: Waiting): TemplateResult | typeof nothing {
  if (isConnected) return nothing;
  return html`<p class="notice warn" role="status" data-testid="call-trouble">
    ${text.call.serverSought}
  </p>`;
}

function waitingView(waiting: Waiting, status: string, more?: unknown): TemplateResult {
  const { cancel, cancelAndResume } = waiting.text.call;
  const { heldOther } = waiting;
  return html`<div class="card waiting">
    ${caption(waiting.person, status, more)}
    <div class="foot">
      ${serverNotice(waiting)}
      <div class="actions">
        ${roundButton({
          icon: 'hangUp',
          label: heldOther === undefined ? cancel : cancelAndResume(heldOther),
          short: cancel,
          kind: 'refuse',
          act: () => waiting.cancel(),
        })}
      </div>
    </div>
  </div>`;
}

/** The user has called: the microphone is being opened, and the server asked. */
export function startingView(waiting: Waiting): TemplateResult {
  const { openingDevices, waitingForServer } = waiting.text.call;
  return waitingView(waiting, waiting.isConnected ? openingDevices : waitingForServer);
}

/** It rings at the other side, and the caller is told on how many devices, and why not on others. */
export function outgoingView(waiting: Waiting, call: Call): TemplateResult {
  const { text } = waiting;
  const notes = legNotes(call.legs, text);
  const list =
    notes.length === 0
      ? nothing
      : html`<ul class="legs" aria-label=${text.call.legs} data-testid="legs">
          ${notes.map((note) => html`<li>${note}</li>`)}
        </ul>`;
  return waitingView(waiting, ringingText(call, text), list);
}
