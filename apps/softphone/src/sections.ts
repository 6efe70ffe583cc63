import { text } from './text/text.ts';
import { h, setAttributes, setText, show } from './ui/dom.ts';
import { icon } from './ui/icons.ts';
import type { IconName } from './ui/icons.ts';

/** The parts of the page; a narrow screen shows one at a time. */
export const SECTIONS = ['people', 'calls', 'messages'] as const;
export type Section = (typeof SECTIONS)[number];

const ICONS: Readonly<Record<Section, IconName>> = {
  people: 'people',
  calls: 'clock',
  messages: 'message',
};

/** The bar of a narrow screen that chooses the section. */
export class SectionBar {
  readonly element: HTMLElement;
  readonly #buttons = new Map<Section, HTMLButtonElement>();
  readonly #unread = h('span', { class: 'badge' });

  constructor(choose: (section: Section) => void) {
    this.element = h('nav', { class: 'sections', 'aria-label': text.sections.label });
    for (const section of SECTIONS) {
      const button = h('button', { type: 'button' }, icon(ICONS[section]), text.sections[section]);
      button.addEventListener('click', () => choose(section));
      this.#buttons.set(section, button);
      this.element.append(button);
    }
    this.#buttons.get('messages')?.append(this.#unread);
  }

  update(chosen: Section, unread: number): void {
    for (const [section, button] of this.#buttons) {
      setAttributes(button, { 'aria-current': section === chosen && 'true' });
    }
    setText(this.#unread, String(unread));
    show(this.#unread, unread > 0);
  }
}
