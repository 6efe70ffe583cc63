import type { Message } from '@ringline/client';
import type { UserId } from '@ringline/protocol';
import { errorText } from '../error-text.ts';
import { text } from '../text/text.ts';
import { textButton } from '../ui/button.ts';
import { h, setText, show } from '../ui/dom.ts';
import { KeyedList } from '../ui/keyed-list.ts';
import { Notice } from '../ui/notice.ts';
import { messageRow } from './message-row.ts';

/** What a conversation needs of the page. */
export interface ConversationActions {
  me(): UserId;
  send(peer: UserId, words: string): Promise<void>;
  loadOlder(peer: UserId): Promise<void>;
}

/** What the conversation shows; without a peer it asks to choose one. */
export interface ShownConversation {
  readonly peer: UserId;
  readonly name: string;
  readonly messages: readonly Message[];
  readonly isLoaded: boolean;
  readonly hasOlder: boolean;
}

/** The messages and calls with one peer, and a field to write. */
export class ConversationView {
  readonly element: HTMLElement;
  readonly #actions: ConversationActions;
  readonly #title = h('h2', { id: 'messages-title' }, text.messages.title);
  readonly #pick = h('p', { class: 'empty' }, text.messages.pick);
  readonly #empty = h('p', { class: 'empty' }, text.messages.empty);
  readonly #log = h('ol', { class: 'log', role: 'log', 'data-testid': 'messages' });
  readonly #older: HTMLButtonElement;
  readonly #scroll: HTMLElement;
  readonly #notice = new Notice('error', 'messages-error');
  readonly #input = h('textarea', { rows: 1, name: 'message', autocomplete: 'off' });
  readonly #form: HTMLFormElement;
  readonly #rows: KeyedList<Message>;
  #peer: UserId | undefined;

  constructor(actions: ConversationActions) {
    this.#actions = actions;
    this.#rows = new KeyedList(
      this.#log,
      ({ cursor }) => String(cursor),
      (message) => messageRow(message, actions.me()),
    );
    this.#older = textButton(text.messages.older, () => void this.#loadOlder(), {
      class: 'button link',
    });
    this.#scroll = h('div', { class: 'scroll', tabindex: 0 }, this.#older, this.#empty, this.#log);
    this.#scroll.setAttribute('aria-labelledby', 'messages-title');
    this.#form = this.#writeForm();
    this.element = h(
      'section',
      { class: 'panel messages', 'aria-labelledby': 'messages-title' },
      this.#title,
      this.#pick,
      this.#scroll,
      this.#notice.element,
      this.#form,
    );
    this.update(undefined);
  }

  update(shown: ShownConversation | undefined): void {
    const isNew = this.#peer !== shown?.peer;
    const wasAtEnd = isNew || this.#isAtEnd();
    this.#peer = shown?.peer;
    show(this.#pick, shown === undefined);
    show(this.#scroll, shown !== undefined);
    show(this.#form, shown !== undefined);
    if (isNew) this.#notice.clear();
    if (shown === undefined) return;
    setText(this.#title, text.messages.with(shown.name));
    this.#input.setAttribute('aria-label', text.messages.write(shown.name));
    this.#input.placeholder = text.messages.write(shown.name);
    show(this.#empty, shown.isLoaded && shown.messages.length === 0);
    show(this.#older, shown.hasOlder);
    this.#rows.show(shown.messages);
    if (wasAtEnd) this.#scroll.scrollTop = this.#scroll.scrollHeight;
  }

  /** Puts the cursor where one writes. */
  focus(): void {
    this.#input.focus();
  }

  /** Says what went wrong. */
  explain(error: unknown): void {
    this.#notice.say(errorText(error, text));
  }

  #isAtEnd(): boolean {
    const { scrollTop, clientHeight, scrollHeight } = this.#scroll;
    return scrollTop + clientHeight >= scrollHeight - 40;
  }

  #writeForm(): HTMLFormElement {
    const send = h('button', { type: 'submit', class: 'button primary' }, text.messages.send);
    const form = h('form', { class: 'write' }, this.#input, send);
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#send();
    });
    this.#input.addEventListener('keydown', (event) => {
      // While a word is being composed (IME), Enter chooses it.
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      void this.#send();
    });
    return form;
  }

  async #send(): Promise<void> {
    const words = this.#input.value.trim();
    if (this.#peer === undefined || words === '') return;
    this.#notice.clear();
    this.#input.value = '';
    try {
      await this.#actions.send(this.#peer, words);
    } catch (error) {
      if (this.#input.value === '') this.#input.value = words;
      this.#notice.say(`${text.messages.notSent} ${errorText(error, text)}`);
    }
  }

  async #loadOlder(): Promise<void> {
    if (this.#peer === undefined) return;
    try {
      await this.#actions.loadOlder(this.#peer);
    } catch (error) {
      this.explain(error);
    }
  }
}
