import type { Message, UserId } from '@ringline/client';
import { css, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Changing } from '../model/changing.ts';
import type { Conversation } from '../model/conversation.ts';
import type { Conversations } from '../model/conversations.ts';
import { isMissedBy } from '../model/outcome.ts';
import type { Session } from '../model/session.ts';
import { blanks, lists } from '../style/lists.ts';
import { pictures } from '../style/pictures.ts';
import { blank, failed, ghosts, more } from '../ui/blank.ts';
import { formatCount, formatShort } from '../ui/format.ts';
import { Growing } from '../ui/growing.ts';
import { icon } from '../ui/icons.ts';
import { picture } from '../ui/person.ts';
import { RinglineElement } from '../ui/ringline-element.ts';
import { Roving } from '../ui/roving.ts';
import { lineOf } from './message-text.ts';

/** The conversations with everybody, the newest first. Tells `ringline-message` of the one that is clicked. */
export class RinglineMessages extends RinglineElement {
  static override properties = { ...RinglineElement.properties, chosen: {} };

  static override styles = [
    RinglineElement.styles,
    pictures,
    lists,
    blanks,
    css`
      .line .icon {
        width: 15px;
        height: 15px;
        flex: none;
        align-self: center;
      }

      .detail {
        display: flex;
        align-items: center;
        gap: 5px;
      }

      .detail .icon {
        width: 15px;
        height: 15px;
      }

      .unread .name {
        font-weight: 700;
      }

      .unread .detail,
      .unread .time {
        color: var(--_text);
      }

      .missed {
        color: var(--_danger-text);
      }
    `,
  ];

  /** With whom the open conversation is. */
  declare chosen: UserId | undefined;
  readonly #roving = new Roving(this);
  readonly #growing = new Growing(this);

  protected override modelsOf(session: Session): readonly Changing[] {
    return [session, session.names, session.people, session.conversations];
  }

  protected override willUpdate(): void {
    super.willUpdate();
    const { session } = this;
    if (session?.isConnected !== true) return;
    if (session.conversations.state.kind === 'unknown') void session.conversations.load();
  }

  protected override render() {
    const { session } = this;
    if (session === undefined) return nothing;
    const { conversations } = session;
    const { all } = conversations;
    return html`<div
      class="scroll"
      data-testid="conversations"
      @scroll=${this.#growing.scrolled}
      @keydown=${this.#roving.pressed}
      @focusin=${this.#roving.focused}
    >
      ${all.length === 0 ? this.#blank(conversations) : this.#list(all)}
      ${all.length > 0 && conversations.hasOlder ? this.#older(conversations) : nothing}
    </div>`;
  }

  #list(all: readonly Conversation[]): TemplateResult {
    const shown = this.#growing.of(all);
    this.#roving.begin(shown.map(({ peer }) => peer));
    return html`<ul aria-label=${this.text.messages.list}>
      ${repeat(
        shown,
        ({ peer }) => peer,
        (conversation) => this.#row(conversation),
      )}
    </ul>`;
  }

  #row(conversation: Conversation): TemplateResult {
    const { peer, last, unread } = conversation;
    const { messages } = this.text;
    const name = this.session?.names.of(peer) ?? peer;
    const isChosen = peer === this.chosen;
    return html`<li
      class="row ${unread > 0 ? 'unread' : ''}"
      part="row"
      data-key=${peer}
      data-peer=${peer}
      ?data-chosen=${isChosen}
    >
      <button
        class="main"
        type="button"
        aria-current=${isChosen ? 'true' : nothing}
        tabindex=${this.#roving.tabIndexOf(peer)}
        @click=${() => this.tell('ringline-message', { user: peer })}
      >
        ${picture(name, peer, this.session?.people.presenceOf(peer)?.online)}
        <span class="lines">
          <span class="line">
            <span class="name cut">${name}</span>
            ${last === undefined ? nothing : this.#time(last)}
          </span>
          <span class="line">
            ${this.#detail(conversation)}
            ${
              unread === 0
                ? nothing
                : html`<span class="badge" aria-hidden="true">${formatCount(unread)}</span>
                    <span class="sr-only">${messages.unread(unread)}</span>`
            }
          </span>
        </span>
      </button>
    </li>`;
  }

  #time({ at }: Message): TemplateResult {
    const short = formatShort(at, Date.now(), this.language, this.text.time);
    return html`<time class="time" datetime=${new Date(at).toISOString()}>${short}</time>`;
  }

  #detail({ last, outbox }: Conversation): TemplateResult | typeof nothing {
    const { text } = this;
    const me = this.session?.client.user ?? '';
    const waiting = outbox.at(-1);
    if (waiting?.state === 'failed') {
      return html`<span class="detail missed">
        ${icon('warn')}<span class="cut">${text.messages.notSent} ${waiting.text}</span>
      </span>`;
    }
    if (waiting !== undefined) {
      return html`<span class="detail cut">${text.messages.youSaid(waiting.text)}</span>`;
    }
    if (last === undefined) return nothing;
    const line = html`<span class="cut">${lineOf(last, me, text)}</span>`;
    if (last.kind !== 'record') return html`<span class="detail cut">${line}</span>`;
    const missed = isMissedBy(last.record, me);
    return html`<span class="detail cut ${missed ? 'missed' : ''}">
      ${icon(last.record.type === 'video' ? 'video' : 'phone')}${line}
    </span>`;
  }

  #older(conversations: Conversations): TemplateResult {
    const { messages, time } = this.text;
    const words = {
      more: messages.olderConversations,
      failed: messages.failed,
      loading: messages.loading,
    };
    return more(conversations.state, words, time.retry, () => void conversations.loadOlder());
  }

  #blank({ state }: Conversations): TemplateResult {
    const { messages } = this.text;
    if (state.kind === 'failed') {
      return failed(state, messages.failed, this.text, () => {
        void this.session?.conversations.load();
      });
    }
    return state.kind === 'ready'
      ? blank({ icon: 'message', title: messages.none, hint: messages.noneHint })
      : ghosts(messages.loading);
  }
}
