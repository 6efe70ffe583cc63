import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { roundButton } from '../ui/round-button.ts';
import type { Live } from './live.ts';

/** What decides whether a call may be held or resumed. */
export type Holdable = Pick<Live, 'call' | 'pending' | 'isConnected'>;

/** Holds the call or resumes it, by button or by key; undefined while neither makes sense. */
export function holdToggle(live: Holdable): (() => Promise<void>) | undefined {
  if (isBusy(live)) return undefined;
  const { call } = live;
  return () => (call.localHold ? call.resume() : call.hold());
}

/** The bar of buttons of an established call. */
export function controls(live: Live): TemplateResult {
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
    ${live.isMinimised ? nothing : videoButton(live)}
    ${live.isMinimised && !call.localHold ? nothing : holdButton(live)}
    ${live.isMinimised ? restoreButton(live) : views(live)}
    ${mayHangUp(live) ? hangUpButton(live) : nothing}
  </div>`;
}

/** Asks for video, takes that back, or ends the video of both. */
function videoButton(live: Live): TemplateResult | typeof nothing {
  const { call, text } = live;
  const words = text.call;
  const remove = () => live.endPicture();
  if (call.media === 'video') {
    const { endVideo: label, endVideoShort: short } = words;
    return roundButton({ icon: 'videoEnd', label, short, act: remove });
  }
  if (call.videoRequestedBy === 'self') {
    const { withdrawVideo: label, withdrawVideoShort: short } = words;
    return roundButton({ icon: 'videoEnd', label, short, kind: 'off', act: remove });
  }
  if (!live.hasVideo) return nothing;
  const { addVideo: label, addVideoShort: short } = words;
  return roundButton({
    icon: 'videoAdd',
    label,
    short,
    isDisabled: call.localHold || call.remoteHold || isBusy(live),
    act: () => live.change('picture', () => call.addVideo()),
  });
}

function holdButton(live: Live): TemplateResult {
  const { call, text } = live;
  const { hold, holdShort, resume, resumeShort } = text.call;
  const { localHold } = call;
  const toggle = holdToggle(live);
  return roundButton({
    icon: localHold ? 'resume' : 'hold',
    label: localHold ? resume : hold,
    short: localHold ? resumeShort : holdShort,
    ...(localHold && { kind: 'off' }),
    isDisabled: toggle === undefined,
    act: () => toggle && live.change('hold', toggle),
  });
}

/** Nothing can be changed just now: a change is under way, or the two devices or the server are away. */
function isBusy({ call, pending, isConnected }: Holdable): boolean {
  const { resuming, connection } = call;
  return pending !== undefined || resuming || connection !== 'connected' || !isConnected;
}

/** Whoever holds a call resumes it first, unless the page wants it otherwise or nobody can resume just now. */
function mayHangUp({ call, mayHangUpHolding, isConnected }: Live): boolean {
  return !call.localHold || mayHangUpHolding || !isConnected || call.connection !== 'connected';
}

/** Hanging up one of two calls brings the other one back: whoever wants both held holds this one first. */
function hangUpButton({ text, heldOther, hangUp }: Live): TemplateResult {
  const { end, endAndResume, endShort: short } = text.call;
  const label = heldOther === undefined ? end : endAndResume(heldOther);
  return roundButton({ icon: 'hangUp', label, short, kind: 'refuse', act: hangUp });
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
