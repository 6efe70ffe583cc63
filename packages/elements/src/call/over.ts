import type { Media, Peer } from '@ringline/client';
import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import type { Texts } from '../text/en.ts';
import { caption } from './caption.ts';
import type { Person } from './caption.ts';
import { icon } from '../ui/icons.ts';
import { roundButton } from '../ui/round-button.ts';

/** How this user is told why nobody answered. */
export interface Announcing {
  /** The server's voice is heard. */
  readonly isVoice: boolean;
  readonly hangUp: () => void;
}

/** What the area of a call that is over, or did not begin, shows. */
export interface Over {
  readonly person: Person;
  readonly text: Texts;
  readonly status: string;
  /** What went wrong, at length. */
  readonly trouble?: string;
  readonly call: { readonly peer: Peer; readonly media: Media };
  readonly isIncoming: boolean;
  /** Present while a voice, or a tone, tells how it ended. */
  readonly announcing?: Announcing;
  readonly again: () => void;
  readonly write: () => void;
  readonly dismiss: () => void;
}

/** The call is over, or did not begin: why, and what one may do now. */
export function overView(over: Over): TemplateResult {
  const { text, call } = over;
  const label = over.isIncoming ? text.call.callBack : text.call.again;
  return html`<div class="card over">
    ${caption(over.person, over.status, moreOf(over))}
    <div class="foot">
      <div class="actions settles">
        ${wayOut(over)}
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

function moreOf({ text, trouble, announcing }: Over): TemplateResult | typeof nothing {
  if (trouble !== undefined) {
    return html`<p class="notice error" role="alert" data-testid="call-error">${trouble}</p>`;
  }
  if (announcing?.isVoice !== true) return nothing;
  return html`<p class="told" role="status" data-testid="announcing">
    ${icon('speaker')}${text.call.announcing}
  </p>`;
}

/** What is told ends at once; what is over is put away. */
function wayOut({ text, announcing, dismiss }: Over): TemplateResult {
  if (announcing === undefined) {
    const { close } = text.call;
    return roundButton({ icon: 'close', label: close, short: close, act: dismiss });
  }
  const { end: label, endShort: short } = text.call;
  const { hangUp: act } = announcing;
  return roundButton({ icon: 'hangUp', label, short, kind: 'refuse', act });
}
