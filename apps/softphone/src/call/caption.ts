import type { Peer } from '@ringline/client';
import { avatar } from '../ui/avatar.ts';
import { h, setText } from '../ui/dom.ts';

/** Who the call is with and how it stands, in the middle of the area. */
export class Caption {
  readonly element: HTMLElement;
  readonly #status = h('p', { class: 'status', role: 'status', 'data-testid': 'call-status' });

  constructor(name: string, { user: id }: Peer) {
    const detail = name === id ? [] : [h('p', { class: 'detail' }, id)];
    const title = h('h2', { class: 'peer' }, name);
    this.element = h('div', { class: 'caption' }, avatar(name, id), title, ...detail, this.#status);
  }

  say(status: string): void {
    setText(this.#status, status);
  }
}
