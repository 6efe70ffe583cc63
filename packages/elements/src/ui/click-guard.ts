/** A second click within this was meant for what the first one hit: the longest double click of any system. */
const AGAIN_MS = 900;

/**
 * Lets the second click of a double click through only where the first one went: what is there by then
 * may be another thing.
 */
export function guardDoubleClicks(host: HTMLElement): void {
  let first: EventTarget | undefined;
  let firstAt = -Infinity;
  const check = (event: MouseEvent) => {
    const target = targetOf(event);
    const isAgain = event.detail > 1 && event.timeStamp - firstAt < AGAIN_MS;
    if (!isAgain || target === first) {
      first = target;
      firstAt = event.timeStamp;
      return;
    }
    event.stopImmediatePropagation();
    event.preventDefault();
  };
  host.addEventListener('click', check, { capture: true });
}

/** The control that was clicked, or what was clicked where there is none. */
function targetOf(event: Event): EventTarget | undefined {
  const path = event.composedPath();
  const isControl = (each: EventTarget) =>
    each instanceof Element && each.matches('button, a, input, select, textarea, summary');
  return path.find(isControl) ?? path[0];
}
