import '@ringline/elements';
import { STATES, phoneIn } from './gallery/states.ts';

declare global {
  interface Window {
    readonly gallery: { readonly states: readonly string[] };
  }
}

Object.assign(window, { gallery: { states: Object.keys(STATES) } });
const query = new URLSearchParams(location.search);
document.documentElement.lang = query.get('lang') ?? 'en';
const state = query.get('state');
if (state !== null) {
  const phone = phoneIn(state);
  phone.theme = query.get('theme') === 'dark' ? 'dark' : 'light';
  document.querySelector('main')?.append(phone);
}
