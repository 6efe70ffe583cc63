import { languageFor } from '../text/text.ts';
import type { Language } from '../text/text.ts';

/** The nearest `lang` around an element, through shadow roots. */
function langAround(element: Element): string | undefined {
  for (let at: Element | undefined = element; at !== undefined;) {
    const nearest: Element | null = at.closest('[lang]');
    if (nearest !== null) return nearest.getAttribute('lang') ?? undefined;
    const root = at.getRootNode();
    at = root instanceof ShadowRoot ? root.host : undefined;
  }
  return undefined;
}

/** The language of an element: the nearest `lang` that the kit speaks, else what the browser prefers. */
export function languageOf(element: Element): Language {
  const lang = langAround(element);
  const preferred = globalThis.navigator.languages;
  return languageFor(lang === undefined || lang === '' ? preferred : [lang, ...preferred]);
}

const watchers = new Set<() => void>();
let observer: MutationObserver | undefined;

/** Runs when the language of the document changes, until the returned function is called. */
export function watchLanguage(changed: () => void): () => void {
  observer ??= new MutationObserver(() => {
    for (const watcher of watchers) watcher();
  });
  if (watchers.size === 0) {
    observer.observe(document.documentElement, { attributes: true, attributeFilter: ['lang'] });
  }
  watchers.add(changed);
  return () => {
    watchers.delete(changed);
    if (watchers.size === 0) observer?.disconnect();
  };
}
