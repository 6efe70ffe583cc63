import { html } from 'lit';
import type { TemplateResult } from 'lit';
import { icon } from '../ui/icons.ts';
import type { Live } from './live.ts';

/** The other side asks for video: who asks, and what can be said to it. A small call has room for the question only. */
export function requestView(live: Live): TemplateResult {
  const { call, person, text } = live;
  const words = text.call;
  const answer = (label: string, isPrimary: boolean, act: () => void) =>
    html`<button
      class="button ${isPrimary ? 'primary' : ''}"
      type="button"
      ?disabled=${live.pending !== undefined}
      @click=${act}
    >
      ${label}
    </button>`;
  return html`<div
    class="notice request settles"
    part="request"
    role="alertdialog"
    aria-labelledby="request"
    tabindex="-1"
    data-testid="video-request"
  >
    <p id="request">${icon('video')}<span>${words.videoAsked(person.name)}</span></p>
    <div class="answers">
      ${
        live.isMinimised
          ? answer(words.answerRequest, true, () => live.minimise(false))
          : [
              answer(words.agreeToVideo, true, () =>
                live.change('picture', () => call.replyVideo(true)),
              ),
              answer(words.agreeUnseen, false, () =>
                live.change('picture', () => call.replyVideo(true, { camera: false })),
              ),
              answer(words.refuseVideo, false, () =>
                live.change('picture', () => call.replyVideo(false)),
              ),
            ]
      }
    </div>
  </div>`;
}
