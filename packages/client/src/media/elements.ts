import type { MediaElement } from './media.ts';

/** How a picture fills its element: whole with borders, filled and cut, or filled and out of shape. */
export type Fit = 'fit' | 'crop' | 'stretch';

/** An element of the page, as it is or with the way in which the picture fills it. */
export type Attached = MediaElement | { readonly element: MediaElement; readonly fit: Fit };

/** Elements of the page; null takes one away, undefined leaves it as it is. */
export interface Elements {
  /** What is sent. */
  readonly local?: Attached | null;
  /** What comes in: its picture, and its sound. */
  readonly remote?: Attached | null;
  /** What the chosen camera sees, from now on and whether or not it is sent. */
  readonly preview?: Attached | null;
}

const OBJECT_FIT = { fit: 'contain', crop: 'cover', stretch: 'fill' } as const;

/** The element itself, fitted. */
export function elementOf(attached: Attached | null): MediaElement | null {
  if (attached === null || !('fit' in attached)) return attached;
  const { element, fit } = attached;
  if (element.style) element.style.objectFit = OBJECT_FIT[fit];
  return element;
}

/** Shows a stream without its sound: one's own voice from one's own loudspeaker is an echo. */
export function show(element: MediaElement, stream: unknown): void {
  element.muted = true;
  if (element.srcObject !== stream) element.srcObject = stream;
  // A muted element may always play; a newer stream interrupts it.
  element.play?.()?.catch(() => {});
}

export function clear(element: MediaElement | null | undefined): void {
  if (element) element.srcObject = null;
}
