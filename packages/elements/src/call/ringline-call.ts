import type { Call, Peer } from '@ringline/client';
import { html, nothing } from 'lit';
import type { PropertyValues, TemplateResult } from 'lit';
import type { Changing } from '../model/changing.ts';
import { errorText } from '../model/error-text.ts';
import type { Session } from '../model/session.ts';
import type { Stage } from '../model/stage.ts';
import { IDLE, isOpen, peerOf } from '../model/stage.ts';
import { overText } from '../model/wording.ts';
import { roundButtons } from '../style/round-buttons.ts';
import { RinglineElement } from '../ui/ringline-element.ts';
import { Ticking } from '../ui/ticking.ts';
import type { Appearance } from './appearance.ts';
import { appearanceOf } from './appearance.ts';
import { callStyle } from './call-style.ts';
import type { Caller } from './caller.ts';
import type { Person } from './caption.ts';
import { devicePanel } from './device-panel.ts';
import { Dragging } from './dragging.ts';
import { FloatingWindow } from './floating-window.ts';
import { CallFocus } from './focus.ts';
import { pressKey } from './keys.ts';
import { liveStyle } from './live-style.ts';
import { lengthOf, liveView } from './live.ts';
import type { Over } from './over.ts';
import { overView } from './over.ts';
import { PictureWatch } from './picture-watch.ts';
import { stripStyle } from './strip-style.ts';
import { stripView } from './strip.ts';
import { outgoingView, startingView } from './waiting.ts';
import type { Waiting } from './waiting.ts';

/** How often the length of a call is looked at: it is then never a second late. */
const TICK_MS = 250;

/**
 * The call that is being made, is on, or was on just now; above it the user's other one. Tells
 * `ringline-minimise` when it becomes small or large, and `ringline-message` when somebody wants to write instead.
 */
export class RinglineCall extends RinglineElement {
  static override properties = {
    ...RinglineElement.properties,
    minimised: { type: Boolean, reflect: true },
    hangUpWhileHolding: { type: Boolean, attribute: 'hang-up-while-holding' },
  };

  static override styles = [RinglineElement.styles, roundButtons, callStyle, liveStyle, stripStyle];

  /** Whether the call is shown small; in a window of its own where the browser has such windows. */
  declare minimised: boolean;
  /** Whether who holds a call is offered to hang up; a hold is to be resumed first unless this is set. */
  declare hangUpWhileHolding: boolean;
  #isChoosing = false;
  #isFullScreen = false;
  #hasPicture = false;
  #watch: PictureWatch | undefined;
  #attached:
    | {
        readonly call: Call;
        readonly remote: HTMLVideoElement;
        readonly local: HTMLVideoElement | null;
      }
    | undefined;
  #tick: ReturnType<typeof setInterval> | undefined;
  #length = '';
  #appearance: Appearance = 'idle';
  readonly #focus = new CallFocus(this);
  readonly #ticking = new Ticking(this);
  readonly #window = new FloatingWindow(() => this.minimise(false));
  readonly #dragging = new Dragging(this, () => this.minimised && this.#window.root === undefined);

  constructor() {
    super();
    this.minimised = false;
    this.hangUpWhileHolding = false;
    this.addEventListener('keydown', (event) => this.#pressed(event));
  }

  /** Shows the call small, or large again. From a click, so that the browser may open a window. */
  minimise(isOn: boolean): void {
    if (this.minimised === isOn) return;
    this.minimised = isOn;
    this.#isChoosing = false;
    this.#dragging.reset();
    if (isOn) void this.#window.open(this).then(() => this.requestUpdate());
    else this.#window.close();
    this.tell('ringline-minimise', { minimised: isOn });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('fullscreenchange', this.#screenChanged);
    this.#window.close();
    this.#ticking.follow(false);
    this.#release();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // Before anything has changed it is not there, and takes no clicks.
    this.dataset['state'] = this.#appearance;
    document.addEventListener('fullscreenchange', this.#screenChanged);
  }

  protected override modelsOf(session: Session): readonly Changing[] {
    return [...super.modelsOf(session), session.deviceNews, session.videoNews];
  }

  protected override sessionChanged(session: Session | undefined): void {
    if (session === undefined) this.#release();
  }

  protected override willUpdate(changed?: PropertyValues): void {
    super.willUpdate(changed);
    this.#focus.look();
    const appearance = appearanceOf(this.#stage);
    if (appearance === this.#appearance) return;
    this.#focus.appears(this.#appearance, appearance);
    this.#appearance = appearance;
    this.#isChoosing = false;
    this.dataset['state'] = appearance;
    if (appearance !== 'live') this.minimise(false);
  }

  protected override render() {
    const stage = this.#stage;
    const view = this.#view(stage);
    if (view === nothing) return nothing;
    return html`<section
      class="area"
      part="area"
      aria-label=${this.text.call.region}
      data-testid="call"
      data-state=${this.#appearance}
      tabindex="-1"
    >
      ${this.#strip()}
      <div class="stage">${view}</div>
    </section>`;
  }

  protected override updated(): void {
    this.#makeRoomForWaiting();
    const stage = this.#stage;
    this.#ticking.follow(isOpen(this.session?.phone.aside ?? IDLE));
    if (this.#appearance !== 'live' || stage.kind !== 'call') return this.#release();
    this.#window.show(this.#inWindow(stage.call));
    const root = this.#window.root ?? this.renderRoot;
    const remote = root.querySelector<HTMLVideoElement>('.remote');
    if (stage.call.media === 'audio') this.#watch?.forget();
    if (remote !== null) this.#attach(stage.call, remote, root.querySelector('.local'));
  }

  /** A call that waits beside this one is shown by another element, which a full screen would hide. */
  #makeRoomForWaiting(): void {
    const waiting = this.session?.phone.waiting.length ?? 0;
    if (waiting > 0 && this.#isFullScreen) void this.#fillScreen(false);
    this.#focus.follow(waiting);
  }

  get #stage(): Stage {
    return this.session?.phone.stage ?? IDLE;
  }

  #strip(): TemplateResult | typeof nothing {
    const { session, text } = this;
    const aside = session?.phone.aside ?? IDLE;
    if (session === undefined || aside.kind === 'idle') return nothing;
    return stripView({ session, aside, person: this.#person(peerOf(aside)), text });
  }

  #view(stage: Stage): TemplateResult | typeof nothing {
    switch (stage.kind) {
      case 'idle':
        return nothing;
      case 'starting':
        return startingView(this.#waiting(stage.peer, () => this.session?.phone.dismiss()));
      case 'failed':
        return this.#over(stage, this.text.ended.notBegun, errorText(stage.error, this.text));
      case 'call':
        return this.#callView(stage.call);
    }
  }

  #callView(call: Call): TemplateResult | typeof nothing {
    switch (call.state) {
      case 'established':
        return this.#live(call);
      case 'announcing':
      case 'ended':
        return this.#over(call, this.#overText(call));
      case 'inviting':
      case 'ringing':
        return outgoingView(
          this.#waiting(call.peer, () => this.#cancel(call), call),
          call,
        );
    }
  }

  #overText(call: Call): string {
    const wasAnnounced = this.session?.phone.wasAnnounced(call) === true;
    return overText(call, wasAnnounced, this.#person(call.peer).name, this.text);
  }

  /** Who the other call is with that comes back with the end of this one. */
  #heldOther(call: Call): string | undefined {
    const held = this.session?.phone.heldBeside(call);
    return held && this.#person(held.peer).name;
  }

  #person(peer: Peer): Person {
    const known = this.session?.names.of(peer.user) ?? peer.user;
    return { user: peer.user, name: known === peer.user ? (peer.name ?? known) : known };
  }

  #waiting(peer: Peer, cancel: () => void, call?: Call): Waiting {
    const isConnected = this.session?.isConnected === true;
    const heldOther = call && this.#heldOther(call);
    return { person: this.#person(peer), text: this.text, isConnected, heldOther, cancel };
  }

  #cancel(call: Call): void {
    const stage = this.#stage;
    void this.session?.phone.hangUp(call);
    this.session?.phone.dismiss(stage);
  }

  #over(
    call: Over['call'] & Partial<Pick<Call, 'direction' | 'state' | 'end'>>,
    status: string,
    trouble?: string,
  ): TemplateResult {
    const { session } = this;
    const stage = this.#stage;
    const leave = () => {
      if (call.state === 'announcing') void call.end?.();
      session?.phone.dismiss(stage);
    };
    const isVoice = session?.client.voice !== undefined;
    return overView({
      person: this.#person(call.peer),
      text: this.text,
      status,
      ...(trouble !== undefined && { trouble }),
      call,
      isIncoming: call.direction === 'incoming',
      ...(call.state === 'announcing' && { announcing: { isVoice, hangUp: leave } }),
      again: () => this.startCall(call.peer, call.media),
      write: () => {
        leave();
        this.tell('ringline-message', { user: call.peer.user });
      },
      dismiss: leave,
    });
  }

  #live(call: Call): TemplateResult {
    const { text, session } = this;
    if (this.#window.root !== undefined) {
      return html`<div class="card away">
        <p>${text.call.floating}</p>
        <button class="button" type="button" @click=${() => this.minimise(false)}>
          ${text.call.restore}
        </button>
      </div>`;
    }
    const panel = this.#isChoosing
      ? devicePanel(session?.client, text, () => this.#choose(false))
      : nothing;
    return html`${this.#liveView(call, this.minimised)} ${panel}`;
  }

  #liveView(call: Call, isMinimised: boolean): TemplateResult {
    const { session } = this;
    return liveView({
      call,
      person: this.#person(call.peer),
      text: this.text,
      isConnected: session?.isConnected === true,
      failure: session?.phone.failureOf(call),
      isSilenced: call.needsGesture,
      hasPicture: this.#hasPicture,
      hasOwnPicture: this.#hasOwnPicture,
      hasVideo: session?.client.hasVideo === true,
      isMinimised,
      isFullScreen: this.#isFullScreen,
      isChoosing: this.#isChoosing,
      news: session?.deviceNews.of(call),
      videoNews: session?.videoNews.of(call),
      mayHangUpHolding: this.hangUpWhileHolding,
      pending: session?.phone.pendingOf(call),
      heldOther: this.#heldOther(call),
      caller: this.#window.root && this.#caller,
      hangUp: () => void session?.phone.hangUp(call),
      attempt: (act) => void session?.phone.attempt(call, act),
      change: (what, act) => void session?.phone.change(call, what, act),
      endPicture: () => void session?.phone.endPicture(call),
      play: () => void session?.phone.attempt(call, () => call.play()),
      minimise: (isOn) => this.minimise(isOn),
      fillScreen: (isOn) => void this.#fillScreen(isOn),
      choose: (isOn) => this.#choose(isOn),
    });
  }

  /** The same as in the page, for nothing of the page need be in sight. */
  #inWindow(call: Call): TemplateResult {
    return html`<div class="area">
      ${this.#strip()}
      <div class="stage">${this.#liveView(call, true)}</div>
    </div>`;
  }

  get #caller(): Caller | undefined {
    const phone = this.session?.phone;
    const [call] = phone?.waiting ?? [];
    return phone && call && { call, phone, name: this.#person(call.peer).name };
  }

  #choose(isOn: boolean): void {
    this.#isChoosing = isOn;
    this.requestUpdate();
  }

  async #fillScreen(isOn: boolean): Promise<void> {
    const area = this.renderRoot.querySelector('.area');
    await (isOn ? area?.requestFullscreen() : document.exitFullscreen());
  }

  readonly #screenChanged = () => {
    this.#isFullScreen = Boolean(this.shadowRoot?.fullscreenElement);
    this.requestUpdate();
  };

  #attach(call: Call, remote: HTMLVideoElement, local: HTMLVideoElement | null): void {
    if (this.#attached?.call === call && this.#attached.remote === remote) return;
    this.#release();
    this.#attached = { call, remote, local };
    call.attach({ remote, local });
    this.#watch = new PictureWatch(remote, (moves) => {
      this.#hasPicture = moves;
      this.requestUpdate();
    });
    if (this.#hasOwnPicture) this.requestUpdate();
    this.#tick = setInterval(() => this.#lookAtTime(call), TICK_MS);
  }

  #release(): void {
    clearInterval(this.#tick);
    this.#watch?.stop();
    this.#watch = undefined;
    this.#hasPicture = false;
    this.#attached?.call.attach({ remote: null, local: null });
    this.#attached = undefined;
  }

  #lookAtTime(call: Call): void {
    const length = lengthOf(call, Date.now());
    if (length === this.#length) return;
    this.#length = length;
    this.requestUpdate();
  }

  get #hasOwnPicture(): boolean {
    const stream = this.#attached?.local?.srcObject;
    return stream instanceof MediaStream && stream.getVideoTracks().length > 0;
  }

  #pressed(event: KeyboardEvent): void {
    const stage = this.#stage;
    if (this.#appearance !== 'live' || stage.kind !== 'call') return;
    if (event.key !== 'Escape') return pressKey(event, stage.call, this.session);
    if (this.#isChoosing) this.#choose(false);
  }
}
