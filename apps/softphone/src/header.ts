import type { ConnectionState } from '@ringline/client';
import { text } from './text/text.ts';
import { textButton } from './ui/button.ts';
import { h, setAttributes, setText, show } from './ui/dom.ts';

/** What the header does. */
export interface HeaderActions {
  signOut(): void;
  reconnect(): void;
}

/** Who this is, and whether the server is there. */
export class Header {
  readonly element: HTMLElement;
  readonly #state = h('p', { class: 'connection', role: 'status', 'data-testid': 'connection' });
  readonly #me = h('p', { class: 'me', 'data-testid': 'me' });
  readonly #reconnect: HTMLButtonElement;

  constructor(actions: HeaderActions) {
    this.#reconnect = textButton(text.header.reconnect, () => actions.reconnect());
    const signOut = textButton(text.header.signOut, () => actions.signOut());
    const brand = h('p', { class: 'brand' }, 'Ringline');
    this.element = h('header', { class: 'top' }, brand, this.#state, this.#reconnect);
    this.element.append(this.#me, signOut);
  }

  update(name: string, state: ConnectionState): void {
    setText(this.#me, name);
    setAttributes(this.#me, { title: text.header.signedInAs(name) });
    setText(this.#state, text.header[state]);
    setAttributes(this.#state, { 'data-state': state });
    show(this.#reconnect, state === 'disconnected');
  }
}
