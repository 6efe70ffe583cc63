import type { Call, Media, Peer } from '@ringline/client';
import { html, nothing } from 'lit';
import type { PropertyValues, TemplateResult } from 'lit';
import type { Changing } from '../model/changing.ts';
import { errorText } from '../model/error-text.ts';
import type { Stage } from '../model/phone.ts';
import type { Session } from '../model/session.ts';
import { endedText } from '../model/wording.ts';
import { roundButtons } from '../style/round-buttons.ts';
import { focusedIn, takeFocus } from '../ui/focus.ts';
import { icon } from '../ui/icons.ts';
import { RinglineElement } from '../ui/ringline-element.ts';
import { callStyle } from './call-style.ts';
import type { Person } from './caption.ts';
import { holdToggle } from './controls.ts';
import { Dragging } from './dragging.ts';
import { FloatingWindow } from './floating-window.ts';
import { liveStyle } from './live-style.ts';
import { lengthOf, liveView } from './live.ts';
import { overView } from './over.ts';
import { PictureWatch } from './picture-watch.ts';
import { QuestionFocus } from './question-focus.ts';
import { outgoingView, startingView } from './waiting.ts';
import type { Waiting } from './waiting.ts';

/** Which appearance suits; a call goes through several. */
export type Appearance = 'idle' | 'starting' | 'failed' | 'outgoing' | 'live' | 'ended';

/** What a call area about this should look like; a call that rings here is shown elsewhere. */
export function appearanceOf(stage: Stage): Appearance {
  if (stage.kind !== 'call') return stage.kind;
  switch (stage.call.state) {
    case 'inviting':
    case 'ringing':
      return 'outgoing';
    case 'established':
      return 'live';
    case 'ended':
      return 'ended';
  }
}

/** How often the length of a call is looked at: it is then never a second late. */
const TICK_MS = 250;

/**
 * The call that is being made, is on, or was on just now. Tells `ringline-minimise` when it becomes
 * small or large, and `ringline-message` when somebody wants to write instead.
 */
export class RinglineCall extends RinglineElement {
  static override properties = {
    ...RinglineElement.properties,
    minimised: { type: Boolean, reflect: true },
    hangUpWhileHolding: { type: Boolean, attribute: 'hang-up-while-holding' },
  };

  static override styles = [RinglineElement.styles, roundButtons, callStyle, liveStyle];

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
  /** Where the focus was before the call took it. */
  #focusBefore: Element | null = null;
  #shouldFocus = false;
  #appearance: Appearance = 'idle';
  readonly #questionFocus = new QuestionFocus();
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
    const appearance = appearanceOf(this.#stage);
    if (appearance === this.#appearance) return;
    this.#followFocus(this.#appearance, appearance);
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
      ${view}
    </section>`;
  }

  protected override updated(): void {
    this.#moveFocus();
    this.#followQuestion();
    const stage = this.#stage;
    if (this.#appearance !== 'live' || stage.kind !== 'call') return this.#release();
    if (this.#window.root !== undefined) this.#window.show(this.#liveView(stage.call, true));
    const root = this.#window.root ?? this.renderRoot;
    const remote = root.querySelector<HTMLVideoElement>('.remote');
    if (stage.call.media === 'audio') this.#watch?.forget();
    if (remote !== null) this.#attach(stage.call, remote, root.querySelector('.local'));
  }

  /** The call takes the focus when its user began it, or when what had the focus is gone. */
  #followFocus(before: Appearance, now: Appearance): void {
    const focused = focusedIn(document);
    if (before === 'idle') this.#focusBefore = focused;
    const isLost = focused === null || focused === document.body || isWithin(focused, this);
    this.#shouldFocus = now === 'starting' || isLost || isAbout(focused);
  }

  #moveFocus(): void {
    if (!this.#shouldFocus) return;
    this.#shouldFocus = false;
    const area = this.renderRoot.querySelector<HTMLElement>('.area');
    if (area !== null) return takeFocus(area);
    const before = this.#focusBefore;
    if (before instanceof HTMLElement && before.isConnected) takeFocus(before);
  }

  #followQuestion(): void {
    const [question, area] = ['.request', '.area'].map((each) =>
      this.renderRoot.querySelector<HTMLElement>(each),
    );
    this.#questionFocus.follow(question ?? null, area ?? null);
  }

  get #stage(): Stage {
    return this.session?.phone.stage ?? { kind: 'idle' };
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
    if (call.state === 'established') return this.#live(call);
    const { name } = this.#person(call.peer);
    if (call.state === 'ended') return this.#over(call, endedText(call, name, this.text));
    const phone = this.session?.phone;
    const cancel = () => {
      void phone?.attempt(call, () => call.cancel());
      phone?.dismiss();
    };
    return outgoingView(this.#waiting(call.peer, cancel), call);
  }

  #person(peer: Peer): Person {
    const known = this.session?.names.of(peer.user) ?? peer.user;
    return { user: peer.user, name: known === peer.user ? (peer.name ?? known) : known };
  }

  #waiting(peer: Peer, cancel: () => void): Waiting {
    const isConnected = this.session?.isConnected === true;
    return { person: this.#person(peer), text: this.text, isConnected, cancel };
  }

  #over(
    call: { readonly peer: Peer; readonly media: Media; readonly direction?: Call['direction'] },
    status: string,
    trouble?: string,
  ): TemplateResult {
    const phone = this.session?.phone;
    return overView({
      person: this.#person(call.peer),
      text: this.text,
      status,
      ...(trouble !== undefined && { trouble }),
      call,
      isIncoming: call.direction === 'incoming',
      again: () => this.startCall(call.peer, call.media),
      write: () => {
        phone?.dismiss();
        this.tell('ringline-message', { user: call.peer.user });
      },
      dismiss: () => phone?.dismiss(),
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
      ? html`<div class="panel" part="panel">
          <button
            class="icon-button close"
            type="button"
            aria-label=${text.call.close}
            title=${text.call.close}
            @click=${() => this.#choose(false)}
          >
            ${icon('close')}
          </button>
          <ringline-devices .client=${session?.client} in-call></ringline-devices>
        </div>`
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
      attempt: (act) => void session?.phone.attempt(call, act),
      change: (what, act) => void session?.phone.change(call, what, act),
      endPicture: () => void session?.phone.endPicture(call),
      play: () => void session?.phone.attempt(call, () => call.play()),
      minimise: (isOn) => this.minimise(isOn),
      fillScreen: (isOn) => void this.#fillScreen(isOn),
      choose: (isOn) => this.#choose(isOn),
    });
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

  #toggleHold(call: Call): void {
    const { session } = this;
    const pending = session?.phone.pendingOf(call);
    const act = holdToggle({ call, pending, isConnected: session?.isConnected === true });
    if (act !== undefined) void session?.phone.change(call, 'hold', act);
  }

  #pressed(event: KeyboardEvent): void {
    const stage = this.#stage;
    if (this.#appearance !== 'live' || stage.kind !== 'call') return;
    if (event.key === 'Escape' && this.#isChoosing) {
      this.#choose(false);
      return;
    }
    // A key that is kept down is meant once.
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    const [target] = event.composedPath();
    if (target instanceof HTMLInputElement || target instanceof HTMLSelectElement) return;
    const { call } = stage;
    if (event.key === 'm') call.mute(!call.muted);
    else if (event.key === 'h') this.#toggleHold(call);
    else if (event.key === 'v' && call.media === 'video') {
      void this.session?.phone.attempt(call, () => call.camera(!call.cameraOn));
    }
  }
}

/** Whether an element is inside another one, through shadow roots. */
function isWithin(element: Element, host: Element): boolean {
  const root = element.getRootNode();
  return root instanceof ShadowRoot && (root.host === host || isWithin(root.host, host));
}

/** Whether the focus is on a call that rang and is about to go. */
function isAbout(focused: Element | null): boolean {
  const root = focused?.getRootNode();
  return root instanceof ShadowRoot && root.host.localName === 'ringline-incoming';
}
