import type { Media, UserId } from '@ringline/protocol';
import { flawOfUser } from '../sign-in/entry-flaw.ts';
import { text } from '../text/text.ts';
import { iconButton } from '../ui/button.ts';
import { h } from '../ui/dom.ts';
import { Notice } from '../ui/notice.ts';

/** A field to call any user by id; Enter calls by audio. */
export function dialForm(call: (user: UserId, media: Media) => void): HTMLFormElement {
  const input = h('input', {
    name: 'dial',
    placeholder: text.people.dialHint,
    'aria-label': text.people.dial,
    autocomplete: 'off',
    autocapitalize: 'none',
    spellcheck: 'false',
  });
  const notice = new Notice('error', 'dial-error');
  input.addEventListener('input', () => notice.clear());
  const dial = (media: Media) => {
    const user = input.value.trim();
    if (user === '') return input.focus();
    const flaw = flawOfUser(user, text);
    // Nothing is cut silently: a shortened id would be another user's.
    if (flaw !== undefined) return notice.say(flaw);
    input.value = '';
    call(user, media);
  };
  const audio = iconButton('phone', text.people.dialAudio, () => undefined, { type: 'submit' });
  const video = iconButton('video', text.people.dialVideo, () => dial('video'));
  const form = h('form', { class: 'dial' }, input, audio, video, notice.element);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    dial('audio');
  });
  return form;
}
