import type { Media, UserId } from '@ringline/protocol';
import { MAX_ID_BYTES } from '@ringline/protocol';
import { text } from '../text/text.ts';
import { iconButton } from '../ui/button.ts';
import { h } from '../ui/dom.ts';

/** A field to call any user by id; Enter calls by audio. */
export function dialForm(call: (user: UserId, media: Media) => void): HTMLFormElement {
  const input = h('input', {
    name: 'dial',
    placeholder: text.people.dialHint,
    'aria-label': text.people.dial,
    autocomplete: 'off',
    autocapitalize: 'none',
    spellcheck: 'false',
    maxlength: MAX_ID_BYTES,
  });
  const dial = (media: Media) => {
    const user = input.value.trim();
    if (user === '') return input.focus();
    input.value = '';
    call(user, media);
  };
  const audio = iconButton('phone', text.people.dialAudio, () => undefined, { type: 'submit' });
  const video = iconButton('video', text.people.dialVideo, () => dial('video'));
  const form = h('form', { class: 'dial' }, input, audio, video);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    dial('audio');
  });
  return form;
}
