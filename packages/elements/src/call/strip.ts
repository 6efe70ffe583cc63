import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { errorText } from '../model/error-text.ts';
import type { Phone } from '../model/phone.ts';
import type { Session } from '../model/session.ts';
import type { Shown } from '../model/stage.ts';
import { isCalling, isLive, isOn, isOpen } from '../model/stage.ts';
import { asideText, overText } from '../model/wording.ts';
import type { Texts } from '../text/en.ts';
import { avatar } from '../ui/avatar.ts';
import { icon } from '../ui/icons.ts';
import type { IconName } from '../ui/icons.ts';
import type { Person } from './caption.ts';

/** What the strip above a call shows of the user's other one. */
export interface Strip {
  readonly session: Session;
  readonly aside: Shown;
  readonly person: Person;
  readonly text: Texts;
}

/** The other call: who it is with, how it stands, and how to come to it. */
export function stripView(strip: Strip): TemplateResult {
  const { person, text, aside } = strip;
  return html`<div
    class="strip"
    part="aside"
    role="group"
    aria-label=${text.call.other}
    data-testid="other-call"
  >
    ${avatar(person.name, person.user)}
    <div class="lines">
      <b class="name">${person.name}</b>
      ${stateOf(strip)} ${notesOf(strip)}
    </div>
    <div class="deeds settles">
      ${isOpen(aside) ? [takeButton(strip), endButton(strip)] : closeButton(strip)}
    </div>
  </div>`;
}

/** What is over is told; a length that runs is not, every second anew. */
function stateOf(strip: Strip): TemplateResult {
  const { aside } = strip;
  return html`<span
    class="state"
    role=${isOpen(aside) ? nothing : 'status'}
    data-testid="other-status"
    >${stateText(strip)}</span
  >`;
}

function stateText({ session, aside, person: { name }, text }: Strip): string {
  if (aside.kind === 'starting') return text.call.calling;
  if (aside.kind === 'failed') return errorText(aside.error, text);
  const { call } = aside;
  if (isOpen(aside)) return asideText(call, session.holdTimes.lengthOf(aside), name, text);
  return overText(call, session.phone.wasAnnounced(call), name, text);
}

function notesOf({ session: { phone }, aside, text }: Strip): TemplateResult | typeof nothing {
  if (aside.kind !== 'call') return nothing;
  const failure = phone.failureOf(aside.call);
  if (failure !== undefined) {
    return html`<span class="flaw" role="alert" data-testid="other-error"
      >${errorText(failure, text)}</span
    >`;
  }
  return comesBack(phone, aside) ? html`<span class="hint">${text.call.comesBack}</span>` : nothing;
}

/** Whether the end of the large call brings this one back. */
function comesBack({ stage }: Phone, aside: Shown): boolean {
  const isLarge =
    isCalling(stage) || (isOn(stage) && stage.kind === 'call' && !stage.call.localHold);
  return isLarge && isOn(aside) && aside.kind === 'call' && aside.call.localHold;
}

/** Swaps with a call that is live, resumes beside one that is not; while somebody is called there is nothing to swap. */
function takeButton(strip: Strip): TemplateResult | typeof nothing {
  const { aside, person, text } = strip;
  const { phone } = strip.session;
  const { swap, swapShort, resumeOther, resumeShort } = text.call;
  if (aside.kind !== 'call' || !aside.call.localHold || isCalling(phone.stage)) return nothing;
  const { call } = aside;
  const isDisabled = phone.pendingOf(call) !== undefined;
  const act = () => void phone.takeOther();
  if (isLive(phone.stage)) {
    return deed({ name: 'swap', label: swap(person.name), short: swapShort, isDisabled, act });
  }
  const label = resumeOther(person.name);
  return deed({ name: 'resume', label, short: resumeShort, isDisabled, act });
}

function endButton({
  session: { phone },
  aside,
  person,
  text,
}: Strip): TemplateResult | typeof nothing {
  if (aside.kind !== 'call') return nothing;
  const { call } = aside;
  const label = text.call.endOther(person.name);
  const act = () => void phone.attempt(call, () => call.end());
  return deed({ name: 'hangUp', label, short: text.call.endOtherShort, act });
}

/** A voice that tells how it ended ends with it. */
function closeButton({ session: { phone }, aside, text }: Strip): TemplateResult {
  const act = () => {
    if (aside.kind === 'call' && aside.call.state === 'announcing') void aside.call.end();
    phone.dismiss(aside);
  };
  return deed({ name: 'close', label: text.call.close, act });
}

interface Deed {
  readonly name: IconName;
  readonly label: string;
  readonly short?: string;
  readonly isDisabled?: boolean;
  readonly act: () => void;
}

/** While it is under way it keeps the focus, and does nothing. */
function deed({ name, label, short, isDisabled = false, act }: Deed): TemplateResult {
  return html`<button
    class="deed"
    type="button"
    part="button plain"
    data-icon=${name}
    title=${label}
    aria-label=${label}
    aria-disabled=${isDisabled ? 'true' : nothing}
    @click=${() => isDisabled || act()}
  >
    ${icon(name)} ${short === undefined ? nothing : html`<span aria-hidden="true">${short}</span>`}
  </button>`;
}
