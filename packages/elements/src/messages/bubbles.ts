import type { CallRecord, Message, UserId } from '@ringline/client';
import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { errorText } from '../model/error-text.ts';
import { partsOf } from '../model/links.ts';
import { outcomeOf } from '../model/outcome.ts';
import type { Outgoing } from '../model/outbox.ts';
import type { Progress } from '../model/conversation.ts';
import type { Language } from '../text/text.ts';
import type { Texts } from '../text/en.ts';
import { formatTime } from '../ui/format.ts';
import { icon } from '../ui/icons.ts';
import { senderOf } from './thread.ts';
import type { Entry } from './thread.ts';

/** For whom and with what a message is drawn. */
export interface BubbleParts {
  readonly me: UserId;
  readonly peerName: string;
  readonly text: Texts;
  readonly language: Language;
  callBack(record: CallRecord): void;
}

/** A message, data or a call, on the side of who sent it or called. */
export function bubble(
  { message, progress, isLast }: Extract<Entry, { readonly kind: 'message' }>,
  parts: BubbleParts,
): TemplateResult {
  const { me, text, peerName, language } = parts;
  const isMine = senderOf(message) === me;
  const time = formatTime(message.at, language);
  return html`<li
    class="message ${isMine ? 'mine' : ''} ${isLast ? 'last' : ''}"
    data-cursor=${message.cursor}
  >
    <span class="sr-only">${isMine ? text.messages.you : peerName}</span>
    ${content(message, parts)}
    <div class=${isLast ? 'under' : 'sr-only'}>
      <time datetime=${new Date(message.at).toISOString()}>${time}</time>
      ${progress === undefined ? nothing : tick(progress, text)}
    </div>
  </li>`;
}

/** How far it has come: in words, as colour and shape alone would tell not everybody. */
function tick(progress: Progress, { messages }: Texts): TemplateResult {
  return html`<span class="tick" data-progress=${progress}
    >${icon(progress === 'sent' ? 'check' : 'checks')}${messages.progress[progress]}</span
  >`;
}

function content(message: Message, parts: BubbleParts): TemplateResult {
  switch (message.kind) {
    case 'text':
      return html`<div class="bubble" part="bubble"><p>${linked(message.text)}</p></div>`;
    case 'data':
      return html`<div class="bubble" part="bubble">
        <details>
          <summary>${parts.text.messages.data}</summary>
          <pre tabindex="0">${JSON.stringify(message.data, null, 2)}</pre>
        </details>
      </div>`;
    case 'record':
      return callBubble(message.record, parts);
  }
}

function callBubble(record: CallRecord, parts: BubbleParts): TemplateResult {
  const { text, me, peerName } = parts;
  const { said, isMissed, direction } = outcomeOf(record, me, text);
  const { history, messages } = text;
  const what = [history[direction], history[record.type], said].join(', ');
  return html`<button
    class="bubble call ${isMissed ? 'missed' : ''}"
    part="bubble"
    type="button"
    aria-label=${messages.callAgain(peerName, what)}
    @click=${() => parts.callBack(record)}
  >
    ${icon(record.type === 'video' ? 'video' : 'phone')}<span>${said}</span>
  </button>`;
}

/** What a waiting text can be told. */
export interface OutboxActions {
  retry(key: string): void;
  discard(key: string): void;
}

/** A text that has not been delivered: on its way, or failed with a way to try again. */
export function outgoingBubble(
  outgoing: Outgoing,
  { text }: Pick<BubbleParts, 'text'>,
  actions: OutboxActions,
): TemplateResult {
  const { messages } = text;
  const { key, state } = outgoing;
  const isFailed = state === 'failed';
  return html`<li class="message mine last ${isFailed ? 'failed' : 'pending'}" data-state=${state}>
    <span class="sr-only">${messages.you}</span>
    <div class="bubble" part="bubble"><p>${linked(outgoing.text)}</p></div>
    <div class="under" role=${isFailed ? 'alert' : nothing}>
      ${
        isFailed
          ? html`<span>${messages.notSent} ${errorText(outgoing.error, text)}</span>
              <button class="button link" type="button" @click=${() => actions.retry(key)}>
                ${messages.retry}
              </button>
              <button class="button link" type="button" @click=${() => actions.discard(key)}>
                ${messages.discard}
              </button>`
          : messages.sending
      }
    </div>
  </li>`;
}

function linked(text: string): unknown {
  return partsOf(text).map((part) =>
    part.href === undefined
      ? part.text
      : html`<a href=${part.href} target="_blank" rel="noopener noreferrer nofollow"
          >${part.text}</a
        >`,
  );
}
