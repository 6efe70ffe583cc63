import type { Call } from '@ringline/client';
import { text } from '../text/text.ts';
import { iconButton, renameIconButton } from '../ui/button.ts';
import { h, setAttributes, setText, show } from '../ui/dom.ts';
import { formatDuration } from '../ui/format.ts';
import { Notice } from '../ui/notice.ts';
import { Caption } from './caption.ts';
import { PictureWatch } from './picture-watch.ts';
import type { Attempt, Knowledge, StageView } from './stage-view.ts';

/** The established call: both pictures, its length, and what can be done with it. */
export class LiveView implements StageView {
  readonly element: HTMLElement;
  readonly #call: Call;
  readonly #knowledge: Knowledge;
  readonly #attempt: Attempt;
  readonly #caption: Caption;
  readonly #timer = h('time', { role: 'timer', 'aria-label': text.call.duration });
  readonly #trouble = new Notice('info', 'call-trouble');
  readonly #remote: HTMLVideoElement;
  readonly #local: HTMLVideoElement;
  readonly #mute: HTMLButtonElement;
  readonly #camera: HTMLButtonElement;
  readonly #watch: PictureWatch;
  readonly #tick = setInterval(() => this.#showLength(), 250);

  constructor(call: Call, knowledge: Knowledge, attempt: Attempt) {
    this.#call = call;
    this.#knowledge = knowledge;
    this.#attempt = attempt;
    const name = knowledge.nameOf(call.peer);
    this.#caption = new Caption(name, call.peer);
    const { remoteVideo, localVideo, mute, cameraOff, end } = text.call;
    const picture = { autoplay: true, playsinline: true };
    const remote = { ...picture, class: 'remote', 'aria-label': remoteVideo(name) };
    this.#remote = h('video', { ...remote, 'data-testid': 'remote-video' });
    const local = { ...picture, class: 'local', 'aria-label': localVideo };
    this.#local = h('video', { ...local, 'data-testid': 'local-video' });
    this.#local.muted = true;
    this.#mute = iconButton('microphone', mute, () => this.#toggleMute());
    this.#camera = iconButton('video', cameraOff, () => this.#toggleCamera());
    const hangUp = iconButton('hangUp', end, () => attempt(() => call.end()));
    hangUp.classList.add('danger');
    const controls = h('div', { class: 'controls' }, this.#mute, this.#camera, hangUp);
    this.element = h('div', { class: 'live' }, this.#remote, this.#caption.element, this.#local);
    this.element.append(
      h('div', { class: 'length' }, this.#timer),
      this.#trouble.element,
      controls,
    );
    call.attach({ remote: this.#remote, local: this.#local });
    this.#watch = new PictureWatch(this.#remote, (moves) => {
      setAttributes(this.element, { 'data-picture': moves });
    });
  }

  update(): void {
    const { connection, media, muted, cameraOn } = this.#call;
    const isVideo = media === 'video';
    const isConnecting = connection === 'connecting';
    this.#caption.say(isConnecting ? text.call.connecting : text.call.inCall);
    this.#showTrouble();
    show(this.#camera, isVideo);
    show(this.#local, isVideo && cameraOn);
    const { mute, unmute, cameraOff, cameraOn: turnOn } = text.call;
    renameIconButton(this.#mute, muted ? 'microphoneOff' : 'microphone', muted ? unmute : mute);
    renameIconButton(this.#camera, cameraOn ? 'video' : 'videoOff', cameraOn ? cameraOff : turnOn);
    this.#mute.classList.toggle('is-off', muted);
    this.#camera.classList.toggle('is-off', !cameraOn);
    setAttributes(this.element, { 'data-connection': connection });
    this.#showLength();
  }

  close(): void {
    clearInterval(this.#tick);
    this.#watch.stop();
    this.#call.attach({ remote: null, local: null });
  }

  #showTrouble(): void {
    if (this.#call.needsGesture) this.#trouble.say(text.errors['autoplay-blocked']);
    else if (this.#call.connection === 'reconnecting') this.#trouble.say(text.call.reconnecting);
    else if (this.#knowledge.isServerAway()) this.#trouble.say(text.call.serverAway);
    else this.#trouble.clear();
  }

  #showLength(): void {
    const { connectedAt } = this.#call;
    const seconds = connectedAt === undefined ? undefined : (Date.now() - connectedAt) / 1000;
    setText(this.#timer, seconds === undefined ? '' : formatDuration(Math.max(0, seconds)));
  }

  #toggleMute(): void {
    this.#call.mute(!this.#call.muted);
  }

  #toggleCamera(): void {
    this.#attempt(() => this.#call.camera(!this.#call.cameraOn));
  }
}
