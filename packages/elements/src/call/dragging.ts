/** How far something was moved from its own place, in CSS pixels. */
export interface Offset {
  readonly x: number;
  readonly y: number;
}

type Box = Pick<DOMRect, 'left' | 'top' | 'right' | 'bottom'>;

/** The offset nearest to a wanted one at which a box stays inside its frame; the box as it is unmoved. */
export function offsetWithin(frame: Box, box: Box, { x, y }: Offset): Offset {
  const inside = (wanted: number, least: number, most: number) =>
    Math.max(least, Math.min(most, wanted));
  return {
    x: inside(x, frame.left - box.left, frame.right - box.right),
    y: inside(y, frame.top - box.top, frame.bottom - box.bottom),
  };
}

const NOWHERE: Offset = { x: 0, y: 0 };

/** Lets somebody move an element by finger or mouse, within what it is placed in. */
export class Dragging {
  readonly #host: HTMLElement;
  readonly #isOn: () => boolean;
  #offset = NOWHERE;
  /** Where the pointer would be, had nothing been moved. */
  #origin: Offset | undefined;

  constructor(host: HTMLElement, isOn: () => boolean) {
    this.#host = host;
    this.#isOn = isOn;
    host.addEventListener('pointerdown', (event) => this.#take(event));
    host.addEventListener('pointermove', (event) => this.#drag(event));
    for (const end of ['pointerup', 'pointercancel'] as const) {
      host.addEventListener(end, () => (this.#origin = undefined));
    }
  }

  /** Back to its own place. */
  reset(): void {
    this.#origin = undefined;
    this.#move(NOWHERE);
  }

  #take(event: PointerEvent): void {
    const isControl = event
      .composedPath()
      .some((each) => each instanceof Element && each.matches('button, select, input, a'));
    if (isControl || event.button !== 0 || !this.#isOn()) return;
    this.#host.setPointerCapture(event.pointerId);
    this.#origin = { x: event.clientX - this.#offset.x, y: event.clientY - this.#offset.y };
    event.preventDefault();
  }

  #drag(event: PointerEvent): void {
    const origin = this.#origin;
    if (origin === undefined) return;
    const { left, top, right, bottom } = this.#host.getBoundingClientRect();
    const { x, y } = this.#offset;
    const unmoved = { left: left - x, top: top - y, right: right - x, bottom: bottom - y };
    const frame = this.#host.offsetParent ?? document.documentElement;
    const wanted = { x: event.clientX - origin.x, y: event.clientY - origin.y };
    this.#move(offsetWithin(frame.getBoundingClientRect(), unmoved, wanted));
  }

  #move(offset: Offset): void {
    this.#offset = offset;
    const { x, y } = offset;
    this.#host.style.translate = x === 0 && y === 0 ? '' : `${x}px ${y}px`;
  }
}
