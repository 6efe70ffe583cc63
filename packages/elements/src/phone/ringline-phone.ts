import type { Media, Peer, RinglineClient, UserId } from '@ringline/client';
import { html, nothing } from 'lit';
import type { PropertyValues, TemplateResult } from 'lit';
import { AlertingShare } from '../browser/alerting.ts';
import { PageBadge } from '../browser/page-badge.ts';
import { appearanceOf } from '../call/appearance.ts';
import { errorText } from '../model/error-text.ts';
import type { Changing } from '../model/changing.ts';
import type { Session } from '../model/session.ts';
import { avatar } from '../ui/avatar.ts';
import { guardDoubleClicks } from '../ui/click-guard.ts';
import { ClientGiver } from '../ui/context.ts';
import { formatCount } from '../ui/format.ts';
import { icon } from '../ui/icons.ts';
import type { IconName } from '../ui/icons.ts';
import { RinglineElement } from '../ui/ringline-element.ts';
import { frameStyle } from './frame-style.ts';
import { phoneStyle } from './phone-style.ts';

/** The sections of a phone. */
export type Section = 'contacts' | 'calls' | 'messages' | 'settings';

const ICONS = {
  contacts: 'people',
  calls: 'clock',
  messages: 'message',
  settings: 'settings',
} as const satisfies Record<Section, IconName>;

/**
 * The whole phone, drop-in: contacts, calls, messages, and whatever rings or is on. Missed and
 * incoming calls are put into the page's title and icon, unless `badge="off"`.
 */
export class RinglinePhone extends RinglineElement {
  static override properties = {
    ...RinglineElement.properties,
    section: { reflect: true },
    peer: { reflect: true },
    name: {},
    badge: {},
    hangUpWhileHolding: { type: Boolean, attribute: 'hang-up-while-holding' },
    callWaiting: { attribute: 'call-waiting' },
  };

  static override styles = [RinglineElement.styles, frameStyle, phoneStyle];

  /** Which list is shown. */
  declare section: Section;
  /** With whom the open conversation is. */
  declare peer: UserId | undefined;
  /** What to call the user of this phone; the user id where absent. */
  declare name: string | undefined;
  /** `off` leaves the page's title and icon alone. */
  declare badge: 'off' | undefined;
  /** As that of the call. */
  declare hangUpWhileHolding: boolean;
  /** As that of the choice of devices. */
  declare callWaiting: 'off' | undefined;
  readonly #giver = new ClientGiver(this);
  readonly #page = new PageBadge();
  readonly #alerting = new AlertingShare(this, ({ notifier }) => notifier);
  #isMinimised = false;
  #isAskedLater = false;

  constructor() {
    super();
    this.section = 'contacts';
    this.hangUpWhileHolding = false;
    guardDoubleClicks(this);
    this.addEventListener('ringline-message', (event) => {
      if (!event.defaultPrevented) this.#write(event.detail.user);
    });
    this.addEventListener('ringline-close', (event) => {
      if (!event.defaultPrevented) this.peer = undefined;
    });
    this.addEventListener('ringline-minimise', (event) => {
      this.#isMinimised = event.detail.minimised;
      this.requestUpdate();
    });
  }

  /** Calls somebody as the lists do, and tells `ringline-call` first: for buttons of the page's own. */
  call(peer: Peer | UserId, media: Media = 'audio'): void {
    this.startCall(typeof peer === 'string' ? { user: peer } : peer, media);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('keydown', this.#pressed);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('keydown', this.#pressed);
    this.#page.show({ title: undefined, isMarked: false });
  }

  protected override modelsOf(session: Session): readonly Changing[] {
    return [...super.modelsOf(session), session.records, session.conversations];
  }

  protected override sessionChanged(session: Session | undefined): void {
    this.#alerting.follow(session);
  }

  protected override willUpdate(changed?: PropertyValues): void {
    super.willUpdate(changed);
    this.#giver.give(this.session?.client);
  }

  protected override updated(): void {
    this.#showBadge();
  }

  protected override render() {
    const { session } = this;
    if (session === undefined) return html`<p class="notice">${this.text.phone.noClient}</p>`;
    const appearance = appearanceOf(session.phone.stage);
    const isCall = appearance !== 'idle' && !this.#isMinimised;
    return html`<div
      class="shell"
      part="shell"
      ?data-detail=${this.peer !== undefined}
      ?data-call=${isCall}
      ?data-minimised=${this.#isMinimised}
      ?data-ringing=${session.phone.ringing.length > 0}
      ?data-waiting=${session.phone.waiting.length > 0}
    >
      <ringline-incoming
        overlay
        exportparts="call: incoming, avatar, button, plain, accept, refuse, off"
      ></ringline-incoming>
      ${this.#nav(session)} ${this.#list(session.client)} ${this.#detail()}
      <ringline-call
        ?hang-up-while-holding=${this.hangUpWhileHolding}
        exportparts="area: call, aside, caption, avatar, remote, local, controls, panel, request, button, plain, accept, refuse, off"
      ></ringline-call>
    </div>`;
  }

  #nav({ records, conversations }: Session): TemplateResult {
    return html`<nav part="nav" aria-label=${this.text.phone.sections}>
      ${this.#tab('contacts')} ${this.#tab('calls', records.missed)}
      ${this.#tab('messages', conversations.unread)} ${this.#tab('settings')}
    </nav>`;
  }

  #tab(section: Section, count = 0): TemplateResult {
    const isCurrent = section === this.section;
    const { phone } = this.text;
    const told = section === 'calls' ? phone.missed(count) : phone.unread(count);
    return html`<button
      class=${section === 'settings' ? 'tab end' : 'tab'}
      type="button"
      data-section=${section}
      aria-current=${isCurrent ? 'page' : nothing}
      @click=${() => this.#choose(section)}
    >
      ${icon(ICONS[section])}<span class="word">${phone[section]}</span>
      ${
        count === 0
          ? nothing
          : html`<span class=${section === 'calls' ? 'badge danger' : 'badge'} aria-hidden="true"
                >${formatCount(count)}</span
              ><span class="sr-only">${told}</span>`
      }
    </button>`;
  }

  #list(client: RinglineClient): TemplateResult {
    const { text, section } = this;
    return html`<section class="list" part="list" aria-label=${text.phone[section]}>
      <header>
        <h2>${text.phone[section]}</h2>
        ${this.#who(client)}
      </header>
      <div class="notices">
        ${this.#trouble(client)} ${section === 'contacts' ? this.#askToNotify() : nothing}
      </div>
      ${
        section === 'contacts'
          ? html`<div class="dial"><ringline-dial exportparts="field"></ringline-dial></div>`
          : nothing
      }
      <div class="content">
        <slot name="contacts" ?hidden=${section !== 'contacts'}>
          <ringline-contacts
            exportparts="search, row: contact, avatar, empty, error"
            .chosen=${this.peer}
          ></ringline-contacts>
        </slot>
        <slot name="calls" ?hidden=${section !== 'calls'}>
          <ringline-history exportparts="row: past-call, avatar, empty, error"></ringline-history>
        </slot>
        <slot name="messages" ?hidden=${section !== 'messages'}>
          <ringline-messages
            exportparts="row: thread, avatar, empty, error"
            .chosen=${this.peer}
          ></ringline-messages>
        </slot>
        ${
          section === 'settings'
            ? html`<slot name="settings"
                ><ringline-devices .callWaiting=${this.callWaiting}></ringline-devices
              ></slot>`
            : nothing
        }
      </div>
    </section>`;
  }

  #who(client: RinglineClient): TemplateResult {
    const { phone } = this.text;
    const user = client.user ?? '';
    const name = this.name ?? user;
    const state = client.connectionState;
    return html`<div class="who">
      <div class="lines">
        <p class="me" data-testid="me" title=${phone.you(name)}>${name}</p>
        <p class="connection" role="status" data-testid="connection" data-state=${state}>
          ${phone[state]}
        </p>
      </div>
      ${name === '' ? nothing : avatar(name, user)}
      <slot name="account"></slot>
    </div>`;
  }

  #trouble(client: RinglineClient): TemplateResult | typeof nothing {
    if (client.connectionState !== 'disconnected') return nothing;
    const error = this.session?.connectionError;
    const { text } = this;
    return html`<div class="notice error" role="alert" data-testid="notice">
      <span class="grow">
        ${error === undefined ? text.errors['not-connected'] : errorText(error, text)}
      </span>
      <button class="button" type="button" @click=${() => this.#connect(client)}>
        ${text.phone.reconnect}
      </button>
    </div>`;
  }

  #askToNotify(): TemplateResult | typeof nothing {
    const notifier = this.#alerting.part;
    if (notifier?.canAsk !== true || this.#isAskedLater) return nothing;
    const { notify, notifyAllow, notifyLater } = this.text.phone;
    return html`<div class="notice" data-testid="ask-to-notify">
      ${icon('bell')}
      <div class="grow">
        <p>${notify}</p>
        <p class="choices">
          <button class="button primary" type="button" @click=${() => void notifier.ask()}>
            ${notifyAllow}
          </button>
          <button class="button link" type="button" @click=${() => this.#askLater()}>
            ${notifyLater}
          </button>
        </p>
      </div>
    </div>`;
  }

  #detail(): TemplateResult {
    const { phone } = this.text;
    const content =
      this.peer === undefined
        ? html`<div class="welcome">
            <span class="mark">${icon('phone')}</span>
            <h3>${phone.welcome}</h3>
            <p class="soft">${phone.welcomeHint}</p>
          </div>`
        : html`<slot name="conversation">
            <ringline-conversation
              exportparts="header: conversation, bubble, form: composer, avatar"
              .peer=${this.peer}
            ></ringline-conversation>
          </slot>`;
    return html`<div class="detail" part="detail">${content}</div>`;
  }

  #choose(section: Section): void {
    this.section = section;
  }

  #askLater(): void {
    this.#isAskedLater = true;
    this.requestUpdate();
  }

  /** Opens a conversation; a call that is on becomes small beside it. */
  #write(user: UserId): void {
    this.peer = user;
    const call = this.renderRoot.querySelector('ringline-call');
    if (call?.dataset['state'] === 'live') call.minimise(true);
  }

  #connect(client: RinglineClient): void {
    // Why it failed is told by connectionChanged, which is shown above the button.
    client.connect().catch(() => this.requestUpdate());
  }

  #showBadge(): void {
    const { session, text } = this;
    if (session === undefined || this.badge === 'off') return;
    const { ringing } = session.phone;
    const { missed } = session.records;
    const [call] = ringing;
    const told = missed === 0 ? undefined : text.phone.missed(missed);
    const title = call && text.phone.titleIncoming(session.names.of(call.peer.user));
    this.#page.show({ title: title ?? told, isMarked: (title ?? told) !== undefined });
  }

  readonly #pressed = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !event.altKey || this.session?.phone.ringing.length === 0) return;
    event.preventDefault();
    this.renderRoot.querySelector('ringline-incoming')?.focus();
  };
}
