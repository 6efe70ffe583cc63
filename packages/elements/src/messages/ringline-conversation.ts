import type { CallRecord, Media, UserId } from '@ringline/client';
import { html, nothing } from 'lit';
import type { PropertyValues, TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Changing } from '../model/changing.ts';
import type { Conversation } from '../model/conversation.ts';
import type { Session } from '../model/session.ts';
import { blanks } from '../style/lists.ts';
import { pictures } from '../style/pictures.ts';
import { blank, failed, ghosts } from '../ui/blank.ts';
import { formatDay } from '../ui/format.ts';
import { callButton } from '../ui/call-button.ts';
import { icon } from '../ui/icons.ts';
import { picture, presenceText } from '../ui/person.ts';
import { RinglineElement } from '../ui/ringline-element.ts';
import { Seen } from '../ui/seen.ts';
import { bubble, outgoingBubble } from './bubbles.ts';
import type { BubbleParts } from './bubbles.ts';
import { fitOf, formatBytes, isSendKey } from './composer.ts';
import { conversationStyle } from './conversation-style.ts';
import { ScrollKeeper } from './scroll-keeper.ts';
import { entriesOf } from './thread.ts';
import type { Entry } from './thread.ts';

/**
 * The messages and calls with one peer, and a field to write. Tells `ringline-call` of a call back, and
 * `ringline-close` of its way back.
 */
export class RinglineConversation extends RinglineElement {
  static override properties = { ...RinglineElement.properties, peer: {} };
  static override styles = [RinglineElement.styles, pictures, blanks, conversationStyle];

  /** With whom. */
  declare peer: UserId | undefined;
  readonly #seen = new Seen(this, () => this.requestUpdate());
  readonly #keeper = new ScrollKeeper(this, () => this.#loadOlderUnasked());
  /** The first message that was new when its reader came. */
  #newFrom: number | undefined;
  /** Whether that is known: the newest page was there. */
  #isMarked = false;
  #shown: Conversation | undefined;

  /** Puts the cursor where one writes. */
  override focus(options?: FocusOptions): void {
    void this.updateComplete.then(() => this.renderRoot.querySelector('textarea')?.focus(options));
  }

  protected override modelsOf(session: Session): readonly Changing[] {
    return [session, session.phone, session.names, session.people, session.conversations];
  }

  protected override sessionChanged(): void {
    this.#shown = undefined;
  }

  protected override willUpdate(changed?: PropertyValues): void {
    super.willUpdate(changed);
    const conversation = this.#conversation;
    if (conversation !== this.#shown) this.#enter(conversation);
    if (conversation === undefined) return;
    if (this.session?.isConnected === true && conversation.state.kind === 'unknown') {
      void conversation.begin();
    }
    const isJustThere = conversation.isBegun && !this.#isMarked;
    this.#isMarked = conversation.isBegun;
    if (isJustThere || (this.#newFrom === undefined && !this.#isRead)) {
      this.#newFrom = conversation.firstUnread?.cursor;
    }
  }

  protected override render() {
    const conversation = this.#conversation;
    if (conversation === undefined) return nothing;
    const { messages } = this.text;
    return html`${this.#header(conversation.peer)}
      <div class="body">
        <div
          class="scroll"
          tabindex="0"
          role="region"
          aria-label=${messages.with(this.#name)}
          @scroll=${this.#keeper.scrolled}
        >
          ${this.#older(conversation)} ${this.#log(conversation)}
        </div>
        ${this.#jump(conversation)}
      </div>
      ${this.#form(conversation)}`;
  }

  protected override updated(): void {
    const conversation = this.#conversation;
    if (conversation === undefined) return;
    this.#keeper.settle(conversation, this.#newFrom);
    if (this.#isRead) conversation.read();
  }

  get #conversation(): Conversation | undefined {
    const { peer, session } = this;
    return peer === undefined ? undefined : session?.conversations.with(peer);
  }

  get #name(): string {
    return this.session?.names.of(this.peer ?? '') ?? '';
  }

  /** Whether somebody looks at the newest message. */
  get #isRead(): boolean {
    return this.#seen.isSeen && this.#keeper.isAtEnd;
  }

  #enter(conversation: Conversation | undefined): void {
    this.#shown = conversation;
    this.#newFrom = undefined;
    this.#isMarked = false;
    this.#keeper.reset();
    if (conversation !== undefined) this.session?.people.alsoWatch([conversation.peer]);
  }

  #header(user: UserId): TemplateResult {
    const { text } = this;
    const stand = this.session?.people.presenceOf(user);
    const says = stand === undefined ? '' : presenceText(stand, text, this.language);
    return html`<header part="header">
      <button
        class="icon-button back"
        type="button"
        aria-label=${text.messages.back}
        title=${text.messages.back}
        @click=${() => this.tell('ringline-close', {})}
      >
        ${icon('back')}
      </button>
      ${picture(this.#name, user, stand?.online)}
      <div class="who">
        <h2>${this.#name}</h2>
        <p class="stand">${says}</p>
      </div>
      ${this.#callButton('audio')} ${this.#callButton('video')}
    </header>`;
  }

  #callButton(media: Media): TemplateResult {
    const { dial } = this.text;
    const label = dial[media];
    const obstacle = this.obstacleTo(this.peer ?? '');
    return callButton({ media, label, obstacle, act: () => this.#call(media) });
  }

  #older({ hasOlder, isBegun, state }: Conversation): TemplateResult | typeof nothing {
    if (!isBegun || !hasOlder) return nothing;
    const { messages, time } = this.text;
    const isLoading = state.kind === 'loading';
    return html`<button
      class="button link older"
      type="button"
      ?disabled=${isLoading}
      @click=${() => void this.#shown?.loadOlder()}
    >
      ${isLoading ? messages.loading : state.kind === 'failed' ? time.retry : messages.older}
    </button>`;
  }

  #log(conversation: Conversation): TemplateResult {
    const { text } = this;
    const { messages: known, outbox, state } = conversation;
    const parts = this.#bubbleParts();
    const entries = entriesOf(known, this.#newFrom, (each) => conversation.progressOf(each));
    return html`${known.length + outbox.length === 0 ? this.#blank(conversation) : nothing}
      <div
        role="log"
        aria-label=${text.messages.with(this.#name)}
        aria-busy=${state.kind === 'loading'}
      >
        <ol class="log" data-testid="messages">
          ${repeat(
            entries,
            ({ key }) => key,
            (entry) => this.#entry(entry, parts),
          )}
          ${repeat(
            outbox,
            ({ key }) => `out ${key}`,
            (outgoing) =>
              outgoingBubble(outgoing, parts, {
                retry: (key) => void conversation.retry(key),
                discard: (key) => conversation.discard(key),
              }),
          )}
        </ol>
      </div>`;
  }

  #entry(entry: Entry, parts: BubbleParts): TemplateResult {
    const { text } = this;
    switch (entry.kind) {
      case 'day':
        return html`<li class="mark">
          ${formatDay(entry.at, Date.now(), this.language, text.time)}
        </li>`;
      case 'new':
        return html`<li class="mark new" data-new>${text.messages.newFromHere}</li>`;
      case 'message':
        return bubble(entry, parts);
    }
  }

  #blank(conversation: Conversation): TemplateResult {
    const { messages } = this.text;
    const { state } = conversation;
    if (state.kind === 'failed') {
      return failed(state, messages.failed, this.text, () => void conversation.begin());
    }
    if (!conversation.isBegun) return ghosts(messages.loading);
    const hint = messages.emptyHint(this.#name);
    return blank({ icon: 'message', title: messages.empty, hint });
  }

  #jump({ unread }: Conversation): TemplateResult | typeof nothing {
    if (this.#keeper.isAtEnd) return nothing;
    const { messages } = this.text;
    return html`<button class="button jump" type="button" @click=${() => this.#keeper.toEnd()}>
      ${icon('back')}${unread > 0 ? messages.newBelow(unread) : messages.toEnd}
    </button>`;
  }

  #form(conversation: Conversation): TemplateResult {
    const { messages } = this.text;
    const { isEmpty, over, left } = fitOf(conversation.draft);
    const label = messages.write(this.#name);
    return html`<form part="form" @submit=${this.#submitted}>
      ${
        over > 0
          ? html`<p class="notice error" role="alert" id="too-long" data-testid="messages-error">
              ${messages.tooLong(formatBytes(over, this.language))}
            </p>`
          : nothing
      }
      <textarea
        class="field"
        part="field"
        name="message"
        rows="1"
        placeholder=${label}
        aria-label=${label}
        aria-invalid=${over > 0 ? 'true' : nothing}
        aria-describedby=${over > 0 ? 'too-long' : nothing}
        autocomplete="off"
        .value=${conversation.draft}
        @input=${this.#typed}
        @keydown=${this.#pressed}
      ></textarea>
      <button
        class="icon-button send"
        type="submit"
        aria-label=${messages.send}
        title=${messages.send}
        ?disabled=${isEmpty || over > 0}
      >
        ${icon('send')}
      </button>
      ${
        left === undefined
          ? nothing
          : html`<p class="soft left">${messages.left(formatBytes(left, this.language))}</p>`
      }
    </form>`;
  }

  #bubbleParts(): BubbleParts {
    return {
      me: this.session?.client.user ?? '',
      peerName: this.#name,
      text: this.text,
      language: this.language,
      callBack: (record: CallRecord) => this.#call(record.type),
    };
  }

  #call(media: Media): void {
    if (this.peer !== undefined) this.startCall({ user: this.peer }, media);
  }

  /** Near the top older ones come by themselves, unless that failed: then a click asks again. */
  #loadOlderUnasked(): void {
    const conversation = this.#shown;
    if (conversation?.isBegun === true && conversation.state.kind === 'ready') {
      void conversation.loadOlder();
    }
  }

  readonly #typed = (event: Event) => {
    const { value } = event.currentTarget as HTMLTextAreaElement;
    if (this.#shown !== undefined) this.#shown.draft = value;
    this.requestUpdate();
  };

  readonly #pressed = (event: KeyboardEvent) => {
    // On a keyboard of the screen Enter is the only way to a new line, and the button is near.
    if (!isSendKey(event) || globalThis.matchMedia('(pointer: coarse)').matches) return;
    event.preventDefault();
    this.#send();
  };

  readonly #submitted = (event: Event) => {
    event.preventDefault();
    this.#send();
  };

  #send(): void {
    const conversation = this.#shown;
    if (conversation === undefined) return;
    const { isEmpty, over } = fitOf(conversation.draft);
    if (isEmpty || over > 0) return;
    const text = conversation.draft.trim();
    conversation.draft = '';
    this.#newFrom = undefined;
    this.#keeper.toEnd();
    void conversation.send(text);
  }
}
