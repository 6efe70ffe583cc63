import { render } from 'lit';
import type { TemplateResult } from 'lit';
import { controls } from '../style/controls.ts';
import { roundButtons } from '../style/round-buttons.ts';
import { COLOURS, MEASURES, tokens } from '../style/tokens.ts';
import { callStyle } from './call-style.ts';
import { liveStyle } from './live-style.ts';
import { stripStyle } from './strip-style.ts';

/** The part of Document Picture-in-Picture (WICG) that is used. */
interface WindowMaker {
  requestWindow(size: {
    readonly width: number;
    readonly height: number;
  }): Promise<Window & typeof globalThis>;
}

const SIZE = { width: 340, height: 250 } as const;

/** A small window that stays above all others, where the browser has such windows. */
export class FloatingWindow {
  readonly #closed: () => void;
  #window: Window | undefined;
  #turn = 0;

  /** `closed` runs when the user closes the window. */
  constructor(closed: () => void) {
    this.#closed = closed;
  }

  /** What is in the window, while it is open. */
  get root(): HTMLElement | undefined {
    return this.#window?.document.body;
  }

  /** Opens it, from a click; resolves with false where there are no such windows. */
  async open(host: HTMLElement): Promise<boolean> {
    const { documentPictureInPicture: maker } = window as {
      documentPictureInPicture?: WindowMaker;
    };
    if (maker === undefined) return false;
    const turn = ++this.#turn;
    let opened: Window & typeof globalThis;
    try {
      opened = await maker.requestWindow(SIZE);
    } catch {
      // Not from a click, or not allowed: the call is shown small in the page.
      return false;
    }
    if (turn !== this.#turn) {
      // The call ended, or became large again, while the window was made.
      opened.close();
      return false;
    }
    dress(opened, host);
    opened.addEventListener('pagehide', () => {
      if (this.#window !== opened) return;
      this.#window = undefined;
      this.#closed();
    });
    this.#window = opened;
    return true;
  }

  /** What stands in it from now on, while it is open. */
  show(view: TemplateResult): void {
    if (this.root !== undefined) render(view, this.root);
  }

  close(): void {
    this.#turn++;
    const opened = this.#window;
    this.#window = undefined;
    opened?.close();
  }
}

/** Gives the window the look of the element, with what its page has overridden. */
function dress({ document, CSSStyleSheet }: Window & typeof globalThis, host: HTMLElement): void {
  // A style element is what the page's Content-Security-Policy, which the window inherits, may forbid.
  const style = new CSSStyleSheet();
  const sheets = [tokens, controls, roundButtons, callStyle, liveStyle, stripStyle].map(
    ({ cssText }) => cssText,
  );
  style.replaceSync(
    sheets
      .join('\n')
      .replaceAll(/:host\(([^)]*)\)/g, 'body$1')
      .replaceAll(':host', 'body'),
  );
  document.adoptedStyleSheets = [style];
  document.documentElement.lang = host.lang;
  document.body.dataset['floating'] = '';
  const given = getComputedStyle(host);
  for (const name of [...Object.keys(COLOURS), ...Object.keys(MEASURES)]) {
    const value = given.getPropertyValue(`--rl-${name}`);
    if (value !== '') document.body.style.setProperty(`--rl-${name}`, value);
  }
}
