import type { Call, Media } from '@ringline/client';
import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { acceptLabel } from '../model/accept-label.ts';
import type { Phone } from '../model/phone.ts';
import { incomingText } from '../model/wording.ts';
import type { Texts } from '../text/en.ts';
import { avatar } from '../ui/avatar.ts';
import { icon } from '../ui/icons.ts';
import type { IconName } from '../ui/icons.ts';

/** What the banner of a call shows that rings beside the one that is on. */
export interface WaitingBanner {
  readonly call: Call;
  readonly phone: Phone;
  readonly name: string;
  readonly text: Texts;
  readonly status: string;
  /** What went wrong, and what is away. */
  readonly notices: unknown;
  readonly pressed: (event: KeyboardEvent) => void;
}

/** A call beside the one that is on: small, at the top, where nothing is to be pressed. It takes no focus from who talks. */
export function waitingBanner(banner: WaitingBanner): TemplateResult {
  const { call, phone, name, text } = banner;
  const label = text.call.waitingFrom(name, incomingText(call, text));
  return html`<div
    class=${phone.isSilenced(call) ? 'call beside quiet' : 'call beside'}
    part="call"
    role="alertdialog"
    aria-label=${label}
    tabindex="-1"
    data-testid="incoming"
    @keydown=${banner.pressed}
  >
    <p class="sr-only" role="alert">${label}</p>
    ${avatar(name, call.peer.user)}
    <div class="who">
      <h2>${name}</h2>
      <p class="status" role="status" data-testid="call-status">${banner.status}</p>
    </div>
    ${banner.notices}
    <div class="answers settles">${answers(banner)}</div>
  </div>`;
}

function answers({ call, phone, text }: WaitingBanner): readonly unknown[] {
  const { refuse, endAndAnswer, acceptAsAudio } = text.call;
  const isVideo = call.media === 'video';
  const isDisabled = phone.isAnswering(call);
  const accept = (media: Media) => () => void phone.answer(call, media);
  const label = acceptLabel(isVideo, phone, text);
  const act = accept(call.media);
  const end = () => void phone.endAndAnswer(call, call.media);
  return [
    answer({ name: isVideo ? 'video' : 'phone', label, kind: 'accept', isDisabled, act }),
    answer({ name: 'hangUp', label: refuse, kind: 'refuse', act: () => void phone.refuse(call) }),
    isVideo
      ? answer({ name: 'phone', label: acceptAsAudio, isDisabled, act: accept('audio') })
      : nothing,
    answer({ name: 'phone', label: endAndAnswer, isDisabled, act: end }),
  ];
}

interface Answer {
  readonly name: IconName;
  readonly label: string;
  readonly kind?: 'accept' | 'refuse' | 'plain';
  readonly isDisabled?: boolean;
  readonly act: () => void;
}

function answer({ name, label, kind = 'plain', isDisabled = false, act }: Answer): TemplateResult {
  return html`<button
    class="button ${kind}"
    type="button"
    part="button ${kind}"
    ?disabled=${isDisabled}
    @click=${act}
  >
    ${icon(name)}${label}
  </button>`;
}
