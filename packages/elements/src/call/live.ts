import type { Call, DeviceReplaced, QualityLevel } from '@ringline/client';
import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { errorText } from '../model/error-text.ts';
import type { Texts } from '../text/en.ts';
import { avatar } from '../ui/avatar.ts';
import { formatDuration } from '../ui/format.ts';
import { icon } from '../ui/icons.ts';
import type { Person } from './caption.ts';
import { roundButton } from '../ui/round-button.ts';

/** What the area of an established call shows, and what it does. */
export interface Live {
  readonly call: Call;
  readonly person: Person;
  readonly text: Texts;
  readonly isConnected: boolean;
  readonly failure: unknown;
  /** The browser holds back the sound. */
  readonly isSilenced: boolean;
  /** The other picture moves. */
  readonly hasPicture: boolean;
  readonly isMinimised: boolean;
  readonly isFullScreen: boolean;
  readonly isChoosing: boolean;
  /** What became of a device just now. */
  readonly news: DeviceReplaced | undefined;
  attempt(act: () => Promise<unknown>): void;
  play(): void;
  minimise(isOn: boolean): void;
  fillScreen(isOn: boolean): void;
  choose(isOn: boolean): void;
}

/** How long both devices have been connected, as `0:07`. */
export function lengthOf({ connectedAt }: Pick<Call, 'connectedAt'>, now: number): string {
  if (connectedAt === undefined) return '';
  return formatDuration(Math.max(0, (now - connectedAt) / 1000));
}

/** The established call: both pictures, its length and quality, and what can be done with it. */
export function liveView(live: Live): TemplateResult {
  const { call, person, text } = live;
  const isVideo = call.media === 'video';
  return html`<div
    class="live"
    ?data-picture=${live.hasPicture}
    data-connection=${call.connection}
    data-media=${call.media}
  >
    <video
      class="remote"
      part="remote"
      aria-label=${text.call.remoteVideo(person.name)}
      data-testid="remote-video"
      autoplay
      playsinline
    ></video>
    ${middle(live)} ${top(live)}
    <video
      class="local"
      part="local"
      ?hidden=${!isVideo || !call.cameraOn || live.isMinimised}
      aria-label=${text.call.localVideo}
      data-testid="local-video"
      autoplay
      playsinline
      .muted=${true}
    ></video>
    <div class="foot">${troubles(live)} ${controls(live)}</div>
  </div>`;
}

function middle({ call, person, text }: Live): TemplateResult {
  const status = call.connection === 'connecting' ? text.call.connecting : text.call.inCall;
  return html`<div class="caption" part="caption">
    ${avatar(person.name, person.user)}
    <h2>${person.name}</h2>
    <p class="status" role="status" data-testid="call-status">${status}</p>
  </div>`;
}

function top(live: Live): TemplateResult {
  const { call, person, text } = live;
  const { peerMuted, peerCameraOn, quality } = call;
  const isCameraOff = call.media === 'video' && !peerCameraOn;
  const mark = (isOn: boolean, name: 'microphoneOff' | 'videoOff', words: string, id: string) =>
    isOn
      ? html`<span class="mark" role="status" data-testid=${id}>
          ${icon(name)}<span>${words}</span>
        </span>`
      : nothing;
  return html`<div class="top">
    <span class="chip" ?hidden=${!live.hasPicture && call.connectedAt === undefined}>
      <b class="peer" ?hidden=${!live.hasPicture} aria-hidden="true">${person.name}</b>
      ${timer(call, text)}
    </span>
    ${mark(peerMuted, 'microphoneOff', text.call.peerMuted(person.name), 'peer-muted')}
    ${mark(isCameraOff, 'videoOff', text.call.peerCameraOff(person.name), 'peer-camera-off')}
    <span class="grow"></span>
    ${qualityMark(quality?.level, text)}
  </div>`;
}

function timer(call: Call, text: Texts): TemplateResult {
  return html`<time role="timer" aria-label=${text.call.duration}
    >${lengthOf(call, Date.now())}</time
  >`;
}

function qualityMark(
  level: QualityLevel | undefined,
  text: Texts,
): TemplateResult | typeof nothing {
  if (level === undefined) return nothing;
  const words = text.call.quality[level];
  return html`<span
    class="quality"
    role="img"
    aria-label=${words}
    title=${words}
    data-level=${level}
    data-testid="quality"
  >
    <i></i><i></i><i></i>
  </span>`;
}

function troubles(live: Live): TemplateResult {
  const { text, failure } = live;
  const info = infoOf(live);
  return html`<div class="troubles">
    ${
      live.isSilenced
        ? html`<div class="notice warn" role="alert" data-testid="sound-blocked">
            <span class="grow">${text.call.soundBlocked}</span>
            <button class="button primary" type="button" @click=${() => live.play()}>
              ${icon('speaker')}${text.call.playSound}
            </button>
          </div>`
        : nothing
    }
    ${
      failure === undefined
        ? nothing
        : html`<p class="notice error" role="alert" data-testid="call-error">
            ${errorText(failure, text)}
          </p>`
    }
    ${
      info === undefined
        ? nothing
        : html`<p class="notice warn" role="status" data-testid="call-trouble">${info}</p>`
    }
  </div>`;
}

/** The one thing that matters most just now. */
function infoOf({ call, text, isConnected, news }: Live): string | undefined {
  if (call.connection === 'reconnecting') return text.call.reconnecting;
  if (!isConnected) return text.call.serverAway;
  if (news !== undefined) return newsText(news, text);
  if (call.media !== 'video' || !call.cameraOn) return undefined;
  if (call.videoLimit === 'off') return text.call.quality.pictureGivenUp;
  return call.quality?.level === 'poor' ? text.call.quality.poorHint : undefined;
}

function newsText({ to, kind }: DeviceReplaced, { call, devices }: Texts): string {
  if (to === undefined) return call.deviceGone[kind];
  return call.deviceReplaced(to.label === '' ? devices.unnamed[kind] : to.label);
}

function controls(live: Live): TemplateResult {
  const { call, text } = live;
  const { muted, cameraOn } = call;
  const isVideo = call.media === 'video';
  return html`<div class="controls" part="controls" role="group" aria-label=${text.call.region}>
    ${roundButton({
      icon: muted ? 'microphoneOff' : 'microphone',
      label: muted ? text.call.unmute : text.call.mute,
      short: muted ? text.call.unmuteShort : text.call.muteShort,
      ...(muted && { kind: 'off' }),
      act: () => call.mute(!muted),
    })}
    ${
      isVideo
        ? roundButton({
            icon: cameraOn ? 'video' : 'videoOff',
            label: cameraOn ? text.call.cameraOff : text.call.cameraOn,
            short: text.call.cameraShort,
            ...(!cameraOn && { kind: 'off' }),
            act: () => live.attempt(() => call.camera(!cameraOn)),
          })
        : nothing
    }
    ${live.isMinimised ? nothing : views(live)} ${live.isMinimised ? restoreButton(live) : nothing}
    ${roundButton({
      icon: 'hangUp',
      label: text.call.end,
      short: text.call.endShort,
      kind: 'refuse',
      act: () => live.attempt(() => call.end()),
    })}
  </div>`;
}

function restoreButton(live: Live): TemplateResult {
  const label = live.text.call.restore;
  return roundButton({ icon: 'expand', label, act: () => live.minimise(false) });
}

function views(live: Live): TemplateResult {
  const { text, isFullScreen, isChoosing } = live;
  const full = isFullScreen ? text.call.leaveFullScreen : text.call.fullScreen;
  return html`${roundButton({
    icon: 'settings',
    label: text.call.devices,
    short: text.call.devicesShort,
    isExpanded: isChoosing,
    act: () => live.choose(!isChoosing),
  })}
  ${roundButton({
    icon: 'minimise',
    label: text.call.minimise,
    short: text.call.minimiseShort,
    act: () => live.minimise(true),
  })}
  ${
    document.fullscreenEnabled
      ? roundButton({
          icon: isFullScreen ? 'shrink' : 'expand',
          label: full,
          short: text.call.fullScreenShort,
          act: () => live.fillScreen(!isFullScreen),
        })
      : nothing
  }`;
}
