import type { Media, Peer } from '@ringline/client';
import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import type { Texts } from '../text/en.ts';
import { caption } from './caption.ts';
import type { Person } from './caption.ts';
import { roundButton } from '../ui/round-button.ts';

/** What the area of a call that is over, or did not begin, shows. */
export interface Over {
  readonly person: Person;
  readonly text: Texts;
  readonly status: string;
  /** What went wrong, at length. */
  readonly trouble?: string;
  readonly call: { readonly peer: Peer; readonly media: Media };
  readonly isIncoming: boolean;
  again(): void;
  write(): void;
  dismiss(): void;
}

/** The call is over, or did not begin: why, and what one may do now. */
export function overView(over: Over): TemplateResult {
  const { text, trouble, call } = over;
  const label = over.isIncoming ? text.call.callBack : text.call.again;
  const message =
    trouble === undefined
      ? nothing
      : html`<p class="notice error" role="alert" data-testid="call-error">${trouble}</p>`;
  return html`<div class="card over">
    ${caption(over.person, over.status, message)}
    <div class="foot">
      <div class="actions settles">
        ${roundButton({
          icon: 'close',
          label: text.call.close,
          short: text.call.close,
          act: () => over.dismiss(),
        })}
        ${roundButton({
          icon: 'message',
          label: text.call.sendMessage,
          short: text.call.sendMessage,
          act: () => over.write(),
        })}
        ${roundButton({
          icon: call.media === 'video' ? 'video' : 'phone',
          label,
          short: label,
          kind: 'accept',
          act: () => over.again(),
        })}
      </div>
    </div>
  </div>`;
}
