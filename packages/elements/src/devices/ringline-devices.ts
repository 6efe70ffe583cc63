import type { Chosen, DeviceKind, MediaDevice } from '@ringline/client';
import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { sharedPreferences } from '../browser/preference-store.ts';
import { playTestTone, startSoundCheck } from '../browser/sound-check.ts';
import type { SoundCheck } from '../browser/sound-check.ts';
import { errorText } from '../model/error-text.ts';
import type { Session } from '../model/session.ts';
import { icon } from '../ui/icons.ts';
import type { IconName } from '../ui/icons.ts';
import { RinglineElement } from '../ui/ringline-element.ts';
import { switchRow } from '../ui/switch-row.ts';
import { devicesStyle } from './devices-style.ts';

const ICONS = {
  microphone: 'microphone',
  camera: 'video',
  speaker: 'speaker',
} as const satisfies Record<DeviceKind, IconName>;

/** Microphone, camera and loudspeaker: choosing and trying them, whether calls ring aloud here, and call waiting. */
export class RinglineDevices extends RinglineElement {
  static override properties = {
    ...RinglineElement.properties,
    inCall: { type: Boolean, attribute: 'in-call' },
    callWaiting: { attribute: 'call-waiting' },
  };

  static override styles = [RinglineElement.styles, devicesStyle];

  /** During a call: without the trial, which the call is itself. */
  declare inCall: boolean;
  /** `off` hides the switch of call waiting: the page decides by the client's own option. */
  declare callWaiting: 'off' | undefined;
  #devices: readonly MediaDevice[] = [];
  #check: SoundCheck | undefined;
  #error: unknown;
  #frame = 0;
  #previewed: HTMLVideoElement | null = null;
  #stops: (() => void)[] = [];

  constructor() {
    super();
    this.inCall = false;
  }

  protected override sessionChanged(session: Session | undefined): void {
    for (const stop of this.#stops) stop();
    this.#stops = [];
    this.#stopTrial();
    if (session === undefined) return;
    const seen = (devices: readonly MediaDevice[]) => {
      this.#devices = devices;
      this.requestUpdate();
    };
    this.#stops = [
      session.client.on('devicesChanged', seen),
      session.client.on('deviceReplaced', () => this.requestUpdate()),
      sharedPreferences().watch(() => this.requestUpdate()),
    ];
    void this.#attempt(() => this.#look());
  }

  protected override updated(): void {
    this.#preview(this.renderRoot.querySelector('video'));
  }

  protected override render() {
    const { text } = this;
    return html`<div class="panel" part="panel" data-testid="devices">
      ${this.inCall ? html`<h2>${text.devices.title}</h2>` : nothing} ${this.#trouble()}
      ${this.#row('microphone', this.#meter())} ${this.#row('camera', this.#picture())}
      ${this.#row('speaker', this.#tone())}
      ${
        this.#devices.length > 0 && this.#devices.every(({ label }) => label === '')
          ? html`<p class="hint">${text.devices.namesHidden}</p>`
          : nothing
      }
      ${this.inCall ? nothing : html`${this.#trial()} ${this.#ring()} ${this.#waiting()}`}
    </div>`;
  }

  #trouble(): TemplateResult | typeof nothing {
    if (this.#error === undefined) return nothing;
    return html`<p class="notice error" role="alert" data-testid="devices-error">
      ${errorText(this.#error, this.text)}
    </p>`;
  }

  #row(kind: DeviceKind, more: unknown): TemplateResult {
    const { devices: words } = this.text;
    const known = this.#devices.filter((each) => each.kind === kind);
    const chosen = this.#chosen[kind] ?? '';
    return html`<div class="row">
      <label class="label" for=${kind}>${icon(ICONS[kind])}${words[kind]}</label>
      <div class="choice">
        <select
          class="field"
          id=${kind}
          ?disabled=${known.length === 0}
          @change=${(event: Event) => this.#choose(kind, event)}
        >
          ${
            known.length === 0
              ? html`<option value="">${words.none[kind]}</option>`
              : this.#options(known, chosen)
          }
        </select>
      </div>
      ${more}
    </div>`;
  }

  #options(known: readonly MediaDevice[], chosen: string): TemplateResult {
    const { devices: words } = this.text;
    const named = known.filter(({ id }) => id !== '' && id !== 'default');
    return html`<option value="" ?selected=${chosen === ''}>${words.standard}</option>
      ${named.map(
        ({ id, label, kind }, i) =>
          html`<option value=${id} ?selected=${id === chosen}>
            ${label === '' ? `${words.unnamed[kind]} ${i + 1}` : label}
          </option>`,
      )}`;
  }

  #meter(): TemplateResult | typeof nothing {
    if (this.#check === undefined) return nothing;
    return html`<div
      class="meter"
      role="meter"
      aria-label=${this.text.devices.level}
      aria-valuemin="0"
      aria-valuemax="100"
      aria-valuenow="0"
    >
      <i></i>
    </div>`;
  }

  #picture(): TemplateResult | typeof nothing {
    const hasCamera = this.#devices.some(({ kind }) => kind === 'camera');
    if (this.#check === undefined || !hasCamera) return nothing;
    return html`<video
      aria-label=${this.text.call.preview}
      .muted=${true}
      autoplay
      playsinline
    ></video>`;
  }

  #tone(): TemplateResult {
    const { devices: words } = this.text;
    if (!('setSinkId' in HTMLMediaElement.prototype)) {
      return html`<p class="hint">${words.speakerBySystem}</p>`;
    }
    return html`<button class="button" type="button" @click=${() => void this.#playTone()}>
      ${words.testSpeaker}
    </button>`;
  }

  #trial(): TemplateResult {
    const { devices: words } = this.text;
    const isOn = this.#check !== undefined;
    return html`<button
      class="button"
      type="button"
      aria-pressed=${String(isOn)}
      @click=${() => (isOn ? this.#stopTrial() : void this.#startTrial())}
    >
      ${isOn ? words.stopTest : words.test}
    </button>`;
  }

  #ring(): TemplateResult {
    const { ring: label, ringHint: hint } = this.text.devices;
    const preferences = sharedPreferences();
    const isOn = preferences.isRingOn;
    return switchRow({ id: 'ring', label, hint, isOn, turn: (on) => preferences.ring(on) });
  }

  #waiting(): TemplateResult | typeof nothing {
    const { session } = this;
    if (session === undefined || this.callWaiting === 'off') return nothing;
    const { callWaiting: label, callWaitingHint: hint } = this.text.devices;
    const { isOn } = session.callWaiting;
    const turn = (on: boolean) => void this.#attempt(() => session.callWaiting.choose(on));
    return switchRow({ id: 'call-waiting', label, hint, isOn, turn });
  }

  get #chosen(): Chosen {
    return this.session?.devices.chosen ?? {};
  }

  #choose(kind: DeviceKind, event: Event): void {
    const { value } = event.target as HTMLSelectElement;
    void this.#attempt(async () => {
      await this.session?.devices.choose({ [kind]: value === '' ? null : value });
      if (kind === 'microphone' && this.#check !== undefined) await this.#startTrial();
    });
  }

  async #look(): Promise<void> {
    this.#devices = (await this.session?.client.devices.list()) ?? [];
  }

  async #startTrial(): Promise<void> {
    this.#stopTrial();
    await this.#attempt(async () => {
      this.#check = await startSoundCheck(this.#chosen.microphone);
      // The names of the devices may be told only now.
      await this.#look();
      this.#showLevel();
    });
  }

  /** Shows the chosen camera here, until the element is gone. */
  #preview(video: HTMLVideoElement | null): void {
    if (video === this.#previewed) return;
    this.#previewed = video;
    const { session } = this;
    if (session !== undefined) void this.#attempt(() => session.client.devices.preview(video));
  }

  #stopTrial(): void {
    cancelAnimationFrame(this.#frame);
    this.#check?.stop();
    this.#check = undefined;
    this.requestUpdate();
  }

  /** By hand, sixty times a second: nothing else changes. */
  #showLevel(): void {
    const check = this.#check;
    if (check === undefined) return;
    const meter = this.renderRoot.querySelector<HTMLElement>('.meter');
    const level = check.level();
    meter?.style.setProperty('--level', level.toFixed(3));
    meter?.setAttribute('aria-valuenow', String(Math.round(level * 100)));
    this.#frame = requestAnimationFrame(() => this.#showLevel());
  }

  #playTone(): Promise<void> {
    return this.#attempt(() => playTestTone(this.#chosen.speaker));
  }

  async #attempt(act: () => Promise<unknown>): Promise<void> {
    this.#error = undefined;
    try {
      await act();
    } catch (error) {
      this.#error = asMediaError(error);
    }
    this.requestUpdate();
  }
}

const CODES: Readonly<Record<string, string>> = {
  NotAllowedError: 'camera-denied',
  NotFoundError: 'no-device',
  NotReadableError: 'device-busy',
};

/** What a browser throws when it opens a device, with the code of the SDK that says the same. */
function asMediaError(error: unknown): unknown {
  if (!(error instanceof DOMException)) return error;
  const code = CODES[error.name];
  return code === undefined ? error : { code };
}
