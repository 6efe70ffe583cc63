/** What the page's title and icon tell while somebody looks at another page. */
export interface Attention {
  /** Before the title, as `(2) ` or a sentence of its own. */
  readonly title: string | undefined;
  readonly isMarked: boolean;
}

/** Puts calls into the title and the icon of the page, and the page's own ones back. */
export class PageBadge {
  #title: string | undefined;
  #shownTitle: string | undefined;
  #icon: { readonly link: HTMLLinkElement; readonly href: string } | undefined;

  show({ title, isMarked }: Attention): void {
    this.#showTitle(title);
    if (isMarked === (this.#icon !== undefined)) return;
    if (isMarked) void this.#mark();
    else this.#unmark();
  }

  #showTitle(title: string | undefined): void {
    // The page may have changed its title itself meanwhile: then that is the one to go back to.
    if (this.#title === undefined || document.title !== this.#shownTitle) {
      this.#title = document.title;
    }
    const shown = title === undefined ? this.#title : `${title} – ${this.#title}`;
    if (document.title !== shown) document.title = shown;
    this.#shownTitle = shown;
    if (title === undefined) this.#title = undefined;
  }

  async #mark(): Promise<void> {
    const link = document.querySelector<HTMLLinkElement>('link[rel~="icon"]');
    if (link === null) return;
    const icon = { link, href: link.href };
    this.#icon = icon;
    const marked = await withDot(icon.href);
    if (this.#icon === icon && marked !== undefined) link.href = marked;
  }

  #unmark(): void {
    const icon = this.#icon;
    this.#icon = undefined;
    if (icon !== undefined) icon.link.href = icon.href;
  }
}

const SIZE = 64;

/** The icon with a red dot, or nothing when it cannot be read. */
async function withDot(href: string): Promise<string | undefined> {
  const image = new Image(SIZE, SIZE);
  image.src = href;
  const canvas = document.createElement('canvas');
  canvas.width = SIZE;
  canvas.height = SIZE;
  const context = canvas.getContext('2d');
  if (context === null) return undefined;
  try {
    await image.decode();
    context.drawImage(image, 0, 0, SIZE, SIZE);
    context.fillStyle = '#d9302c';
    context.beginPath();
    context.arc(SIZE - 17, 17, 16, 0, 2 * Math.PI);
    context.fill();
    return canvas.toDataURL();
  } catch {
    // An icon of another site, or none at its address.
    return undefined;
  }
}
