import { h, setText, show } from './dom.ts';

/** A place for one message that readers speak at once; hidden while there is none. */
export class Notice {
  readonly element: HTMLElement;

  constructor(kind: 'error' | 'info', testId: string) {
    const role = kind === 'error' ? 'alert' : 'status';
    this.element = h('p', { class: `notice ${kind}`, role, 'data-testid': testId });
    this.clear();
  }

  say(text: string): void {
    setText(this.element, text);
    show(this.element, true);
  }

  clear(): void {
    setText(this.element, '');
    show(this.element, false);
  }
}
