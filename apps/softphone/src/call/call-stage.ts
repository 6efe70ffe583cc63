import type { Call } from '@ringline/client';
import { errorText } from '../error-text.ts';
import type { Ringtone } from '../ringtone.ts';
import { text } from '../text/text.ts';
import { h, setAttributes, show } from '../ui/dom.ts';
import { Notice } from '../ui/notice.ts';
import { LiveView } from './live-view.ts';
import type { Phone, Stage } from './phone.ts';
import type { Knowledge, StageView } from './stage-view.ts';
import {
  endedView,
  failedView,
  incomingView,
  outgoingView,
  startingView,
} from './waiting-views.ts';
import type { AfterActions } from './waiting-views.ts';

/** Which appearance suits; a call goes through several. */
type Appearance = 'idle' | 'starting' | 'failed' | 'outgoing' | 'incoming' | 'live' | 'ended';

function appearanceOf(stage: Stage): Appearance {
  if (stage.kind !== 'call') return stage.kind;
  switch (stage.call.state) {
    case 'inviting':
    case 'ringing':
      return stage.call.direction;
    case 'established':
      return 'live';
    case 'ended':
      return 'ended';
  }
}

/** The call area: it follows the phone's stage, rings, and says what went wrong. */
export class CallStage {
  readonly element: HTMLElement;
  readonly #phone: Phone;
  readonly #ringtone: Ringtone;
  readonly #knowledge: Knowledge;
  readonly #body = h('div', { class: 'body' });
  readonly #notice = new Notice('error', 'call-error');
  #stage: Stage = { kind: 'idle' };
  #appearance: Appearance = 'idle';
  #view: StageView | undefined;
  #stopFollowing: (() => void)[] = [];

  constructor(phone: Phone, ringtone: Ringtone, knowledge: Knowledge) {
    this.#knowledge = knowledge;
    this.#phone = phone;
    this.#ringtone = ringtone;
    const attributes = { class: 'stage', 'aria-label': text.call.region, 'data-testid': 'call' };
    this.element = h('section', attributes, this.#notice.element, this.#body);
    show(this.element, false);
  }

  /** The phone's stage is another one, or the server has come or gone. */
  update(): void {
    const { stage } = this.#phone;
    if (stage === this.#stage) return this.#refresh();
    this.#stage = stage;
    this.#unfollow();
    this.#notice.clear();
    if (stage.kind === 'call') this.#follow(stage.call);
    this.#replace();
  }

  /** Stops what sounds and counts. */
  close(): void {
    this.#unfollow();
    this.#view?.close();
    this.#ringtone.stop();
  }

  #follow(call: Call): void {
    this.#stopFollowing = [
      call.on('stateChanged', () => this.#refresh()),
      call.on('problem', (error) => this.#notice.say(errorText(error, text))),
    ];
  }

  #unfollow(): void {
    for (const stop of this.#stopFollowing) stop();
    this.#stopFollowing = [];
  }

  #refresh(): void {
    if (appearanceOf(this.#stage) !== this.#appearance) return this.#replace();
    this.#view?.update();
    this.#sound();
  }

  #replace(): void {
    this.#view?.close();
    this.#appearance = appearanceOf(this.#stage);
    this.#view = this.#viewOf(this.#stage);
    this.#body.replaceChildren(...(this.#view ? [this.#view.element] : []));
    this.#view?.update();
    show(this.element, this.#view !== undefined);
    setAttributes(this.element, { 'data-state': this.#appearance });
    if (this.#appearance !== 'incoming' && this.#appearance !== 'live') this.#notice.clear();
    this.#sound();
    document.title = this.#title();
  }

  #viewOf(stage: Stage): StageView | undefined {
    const dismiss = () => this.#phone.dismiss();
    const after = { again: this.#phone.place.bind(this.#phone), dismiss };
    switch (stage.kind) {
      case 'idle':
        return undefined;
      case 'starting':
        return startingView(stage.peer, this.#knowledge, dismiss);
      case 'failed':
        return failedView(stage, this.#knowledge.nameOf(stage.peer), after);
      case 'call':
        return this.#callView(stage.call, after);
    }
  }

  #callView(call: Call, after: AfterActions): StageView {
    const attempt = (act: () => Promise<unknown>) => void this.#attempt(act);
    const name = this.#knowledge.nameOf(call.peer);
    if (call.state === 'ended') return endedView(call, name, after);
    if (call.state === 'established') return new LiveView(call, this.#knowledge, attempt);
    const waiting = call.direction === 'incoming' ? incomingView : outgoingView;
    return waiting(call, this.#knowledge, { attempt, dismiss: () => after.dismiss() });
  }

  #sound(): void {
    const isRinging = this.#stage.kind === 'call' && this.#stage.call.state === 'ringing';
    const isAnswering = this.#view?.isAnswering?.() ?? false;
    if (this.#appearance === 'incoming') this.#ringtone.play(isAnswering ? undefined : 'ring');
    else this.#ringtone.play(isRinging ? 'ringback' : undefined);
  }

  #title(): string {
    if (this.#stage.kind !== 'call') return 'Ringline';
    return `${this.#knowledge.nameOf(this.#stage.call.peer)} – Ringline`;
  }

  async #attempt(act: () => Promise<unknown>): Promise<void> {
    const stage = this.#stage;
    this.#notice.clear();
    try {
      const done = act();
      this.#sound();
      await done;
    } catch (error) {
      // A call that has gone meanwhile says itself what became of it.
      if (this.#stage === stage && this.#appearance !== 'ended') {
        this.#notice.say(errorText(error, text));
      }
    } finally {
      this.#sound();
    }
  }
}
