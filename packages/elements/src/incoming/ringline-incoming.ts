import type { Call, Media } from '@ringline/client';
import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { AlertingShare } from '../browser/alerting.ts';
import { errorText } from '../model/error-text.ts';
import type { Session } from '../model/session.ts';
import { incomingText } from '../model/wording.ts';
import { roundButtons } from '../style/round-buttons.ts';
import { avatar } from '../ui/avatar.ts';
import { isTypingIn, takeFocus } from '../ui/focus.ts';
import type { IconName } from '../ui/icons.ts';
import { RinglineElement } from '../ui/ringline-element.ts';
import { roundButton } from '../ui/round-button.ts';
import type { RoundButton } from '../ui/round-button.ts';
import { incomingStyle } from './incoming-style.ts';
import { waitingBanner } from './waiting-banner.ts';
import { waitingStyle } from './waiting-style.ts';
import { CameraPreview } from './camera-preview.ts';

/** Enter that was meant for something else when the call came must not answer it. */
const ENTER_AFTER_MS = 800;

/** The calls that ring here, with what can be done about them. While it is in the page, calls ring. */
export class RinglineIncoming extends RinglineElement {
  static override styles = [RinglineElement.styles, roundButtons, incomingStyle, waitingStyle];
  readonly #preview = new CameraPreview(() => this.requestUpdate());
  readonly #alerting = new AlertingShare(this, ({ ringer }) => ringer);
  readonly #cameAt = new WeakMap<Call, number>();

  protected override sessionChanged(session: Session | undefined): void {
    this.#preview.show(undefined, null);
    this.#alerting.follow(session);
  }

  /** Puts the focus on the first call that rings. */
  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>('.call')?.focus();
  }

  protected override render() {
    const calls = this.session?.phone.ringing ?? [];
    if (calls.length === 0) return nothing;
    const isBeside = this.#isBeside;
    return html`<div class=${isBeside ? 'stack besides' : 'stack'}>
      ${repeat(
        calls,
        (call) => call.id,
        (call) => (isBeside ? this.#banner(call) : this.#call(call)),
      )}
    </div>`;
  }

  protected override updated(): void {
    const calls = this.session?.phone.ringing ?? [];
    const fresh = calls.filter((call) => !this.#cameAt.has(call));
    for (const call of fresh) this.#cameAt.set(call, performance.now());
    const video = this.renderRoot.querySelector<HTMLVideoElement>('.preview');
    this.#preview.show(
      calls.find(({ media }) => media === 'video'),
      video,
      this.session?.client.devices,
    );
    // Whoever writes or talks just now goes on: the call is announced, and is a Tab or Alt+Enter away.
    if (fresh.length > 0 && !this.#isBeside && !isTypingIn(document)) takeFocus(this);
  }

  /** Whether what rings waits beside a call that is on. */
  get #isBeside(): boolean {
    return this.session?.phone.isInCall === true;
  }

  #banner(call: Call): TemplateResult | typeof nothing {
    const { session, text } = this;
    if (session === undefined) return nothing;
    return waitingBanner({
      call,
      phone: session.phone,
      name: session.names.of(call.peer.user),
      text,
      status: this.#status(call),
      notices: this.#notices(call),
      pressed: (event) => this.#pressed(event, call),
    });
  }

  #call(call: Call): TemplateResult {
    const { text, session } = this;
    const { user } = call.peer;
    const name = session?.names.of(user) ?? user;
    const isVideo = call.media === 'video';
    const isQuiet = session?.phone.isSilenced(call) === true;
    const label = text.call.incomingFrom(name, incomingText(call, text));
    return html`<div
      class=${isQuiet ? 'call quiet' : 'call'}
      part="call"
      role="alertdialog"
      aria-label=${label}
      tabindex="-1"
      data-testid="incoming"
      @keydown=${(event: KeyboardEvent) => this.#pressed(event, call)}
    >
      ${avatar(name, user)}
      <h2>${name}</h2>
      ${name === user ? nothing : html`<p class="id">${user}</p>`}
      <p class="status" role="status" data-testid="call-status">${this.#status(call)}</p>
      ${this.#notices(call)}
      ${
        isVideo
          ? html`<video
              class="preview"
              ?data-shown=${this.#preview.isShown}
              aria-label=${text.call.preview}
              data-testid="preview"
              autoplay
              playsinline
              .muted=${true}
            ></video>`
          : nothing
      }
      ${this.#actions(call, isVideo)}
    </div>`;
  }

  #status(call: Call): string {
    const { text, session } = this;
    if (session?.phone.isAnswering(call) !== true) return incomingText(call, text);
    return session.isConnected ? text.call.openingDevices : text.call.waitingForServer;
  }

  #notices(call: Call): TemplateResult {
    const { text, session } = this;
    const failure = session?.phone.failureOf(call);
    return html`${
      failure === undefined
        ? nothing
        : html`<p class="notice error" role="alert" data-testid="call-error">
            ${errorText(failure, text)}
          </p>`
    }
    ${
      session?.isConnected === false
        ? html`<p class="notice warn" role="status" data-testid="call-trouble">
            ${text.call.serverSought}
          </p>`
        : nothing
    }
    ${
      this.#alerting.part?.isHeldBack === true
        ? html`<p class="notice warn" data-testid="ring-blocked">${text.call.ringingBlocked}</p>`
        : nothing
    }`;
  }

  #actions(call: Call, isVideo: boolean): TemplateResult {
    const { text, session } = this;
    const phone = session?.phone;
    const isAnswering = phone?.isAnswering(call) === true;
    const { refuse, acceptAsAudio, acceptAudio, acceptVideo, refuseHere, silence } = text.call;
    const accept = (media: Media) => () => void phone?.answer(call, media);
    const round = (kind: RoundButton['kind'], name: IconName, label: string, act: () => void) => {
      const isDisabled = isAnswering && kind !== 'refuse';
      return roundButton({ kind, icon: name, label, short: label, isDisabled, act });
    };
    return html`<div class="actions settles">
        ${round('refuse', 'hangUp', refuse, () => void phone?.refuse(call))}
        ${isVideo ? round('plain', 'phone', acceptAsAudio, accept('audio')) : nothing}
        ${round(
          'accept',
          isVideo ? 'video' : 'phone',
          isVideo ? acceptVideo : acceptAudio,
          accept(call.media),
        )}
      </div>
      <div class="less settles">
        <button class="button" type="button" @click=${() => void phone?.refuse(call, false)}>
          ${refuseHere}
        </button>
        ${
          phone?.isSilenced(call) === true
            ? nothing
            : html`<button class="button" type="button" @click=${() => phone?.silence(call)}>
                ${silence}
              </button>`
        }
      </div>`;
  }

  #pressed(event: KeyboardEvent, call: Call): void {
    if (event.key === 'Escape') {
      event.preventDefault();
      this.session?.phone.silence(call);
      return;
    }
    // On a button it is that button's; on the dialog itself it answers.
    if (event.key !== 'Enter' || event.target !== event.currentTarget) return;
    event.preventDefault();
    if (performance.now() - (this.#cameAt.get(call) ?? Infinity) < ENTER_AFTER_MS) return;
    void this.session?.phone.answer(call, call.media);
  }
}
