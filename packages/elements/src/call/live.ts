import type { Call, DeviceReplaced, QualityLevel, VideoEndView } from '@ringline/client';
import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { errorText } from '../model/error-text.ts';
import { standingText, videoEndText } from '../model/wording.ts';
import type { Pending } from '../model/phone.ts';
import type { Texts } from '../text/en.ts';
import { avatar } from '../ui/avatar.ts';
import { formatDuration } from '../ui/format.ts';
import { icon } from '../ui/icons.ts';
import type { Caller } from './caller.ts';
import { callerView } from './caller.ts';
import type { Person } from './caption.ts';
import { controls } from './controls.ts';
import { requestView } from './request.ts';

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
  /** The own camera is open for the call. */
  readonly hasOwnPicture: boolean;
  /** Calls may be with pictures here. */
  readonly hasVideo: boolean;
  readonly isMinimised: boolean;
  readonly isFullScreen: boolean;
  readonly isChoosing: boolean;
  /** What became of a device just now. */
  readonly news: DeviceReplaced | undefined;
  /** How the picture, or a request for one, came to its end just now. */
  readonly videoNews: VideoEndView | undefined;
  /** Who holds the call may hang up. */
  readonly mayHangUpHolding: boolean;
  /** A hold, a resume or a change of the picture is under way. */
  readonly pending: Pending | undefined;
  /** Who the user's other call is with that this side holds. */
  readonly heldOther: string | undefined;
  /** What rings meanwhile, where the window of the call shows nothing else of that. */
  readonly caller: Caller | undefined;
  /** Ends it, and resumes the other call. */
  readonly hangUp: () => void;
  attempt(act: () => Promise<unknown>): void;
  /** Holds, resumes or changes the picture: one at a time. */
  change(what: Pending, act: () => Promise<unknown>): void;
  /** Ends the picture, or takes back a request for one. */
  endPicture(): void;
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
  return html`<div
    class="live"
    ?data-picture=${isSeen(live)}
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
      ?hidden=${!isOwnShown(live) || live.isMinimised}
      aria-label=${text.call.localVideo}
      data-testid="local-video"
      autoplay
      playsinline
      .muted=${true}
    ></video>
    <div class="foot">${troubles(live)} ${controls(live)}</div>
  </div>`;
}

/** The other picture is on: the last frame of one that was taken away does not count. */
function isSeen({ call, hasPicture }: Live): boolean {
  return hasPicture && call.media === 'video';
}

/** Whoever asks for video sees already what would be shown; after a long hold it is asked for before a camera is open. */
function isOwnShown({ call, hasOwnPicture }: Live): boolean {
  if (call.media === 'video') return call.cameraOn;
  return call.videoRequestedBy === 'self' && hasOwnPicture;
}

function middle({ call, person, text }: Live): TemplateResult {
  const usual = call.connection === 'connecting' ? text.call.connecting : text.call.inCall;
  const status = standingText(call, person.name, text) ?? usual;
  return html`<div class="caption" part="caption">
    ${avatar(person.name, person.user)}
    <h2>${person.name}</h2>
    <p class="status" role="status" data-testid="call-status">${status}</p>
  </div>`;
}

function top(live: Live): TemplateResult {
  const { call, person, text, isMinimised } = live;
  const { peerMuted, peerCameraOn, quality } = call;
  const isCameraOff = call.media === 'video' && !peerCameraOn;
  const standing = isMinimised ? standingText(call, person.name, text) : undefined;
  const mark = (
    isOn: boolean,
    name: 'microphoneOff' | 'videoOff' | 'hold',
    words: string,
    id: string,
  ) =>
    isOn
      ? html`<span class="mark" role="status" data-testid=${id}>
          ${icon(name)}<span>${words}</span>
        </span>`
      : nothing;
  return html`<div class="top">
    <span class="chip" ?hidden=${!isSeen(live) && call.connectedAt === undefined}>
      <b class="peer" ?hidden=${!isSeen(live)} aria-hidden="true">${person.name}</b>
      ${timer(call, text)}
    </span>
    ${mark(standing !== undefined, 'hold', standing ?? '', 'standing')}
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
    ${live.caller === undefined ? nothing : callerView(live.caller, text)}
    ${live.call.videoRequestedBy === 'peer' ? requestView(live) : nothing}
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
function infoOf(live: Live): string | undefined {
  const { call, person, text, isConnected, news, videoNews } = live;
  if (call.connection === 'reconnecting') return text.call.reconnecting;
  if (!isConnected) return text.call.serverAway;
  if (news !== undefined) return newsText(news, text);
  const over = videoNews && videoEndText(videoNews, person.name, text);
  if (over !== undefined) return over;
  if (call.media !== 'video' || !call.cameraOn) return undefined;
  if (call.videoLimit === 'off') return text.call.quality.pictureGivenUp;
  return call.quality?.level === 'poor' ? text.call.quality.poorHint : undefined;
}

function newsText({ to, kind }: DeviceReplaced, { call, devices }: Texts): string {
  if (to === undefined) return call.deviceGone[kind];
  return call.deviceReplaced(to.label === '' ? devices.unnamed[kind] : to.label);
}
