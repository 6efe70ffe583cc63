import type { RinglineClient, UserId } from '@ringline/client';
import { html, nothing } from 'lit';
import type { PropertyValues, TemplateResult } from 'lit';
import { errorText } from '../model/error-text.ts';
import { avatar } from '../ui/avatar.ts';
import { ClientGiver } from '../ui/context.ts';
import { icon } from '../ui/icons.ts';
import type { IconName } from '../ui/icons.ts';
import { RinglineElement } from '../ui/ringline-element.ts';
import { phoneStyle } from './phone-style.ts';

/** The sections of a phone. */
export type Section = 'contacts' | 'calls' | 'messages';

const ICONS = { contacts: 'people', calls: 'clock', messages: 'message' } as const satisfies Record<
  Section,
  IconName
>;

/** The whole phone, drop-in: contacts, calls, messages, and whatever rings or is on. */
export class RinglinePhone extends RinglineElement {
  static override properties = {
    ...RinglineElement.properties,
    section: { reflect: true },
    peer: { reflect: true },
    name: {},
  };

  static override styles = [RinglineElement.styles, phoneStyle];

  /** Which list is shown. */
  declare section: Section;
  /** With whom the open conversation is. */
  declare peer: UserId | undefined;
  /** What to call the user of this phone; the user id where absent. */
  declare name: string | undefined;
  readonly #giver = new ClientGiver(this);

  constructor() {
    super();
    this.section = 'contacts';
    this.addEventListener('ringline-message', (event) => {
      if (event.defaultPrevented) return;
      this.peer = (event as CustomEvent<{ user: UserId }>).detail.user;
    });
    this.addEventListener('ringline-close', (event) => {
      if (!event.defaultPrevented) this.peer = undefined;
    });
  }

  protected override willUpdate(changed?: PropertyValues): void {
    super.willUpdate(changed);
    this.#giver.give(this.session?.client);
  }

  protected override render() {
    const { session } = this;
    if (session === undefined) return html`<p class="notice">${this.text.phone.noClient}</p>`;
    const isDetail = this.peer !== undefined;
    return html`<div class="shell" part="shell" ?data-detail=${isDetail}>
      ${this.#list(session.client)} ${this.#detail()} ${this.#nav()}
    </div>`;
  }

  #nav(): TemplateResult {
    const { phone } = this.text;
    const sections = ['contacts', 'calls', 'messages'] as const;
    return html`<nav part="nav" aria-label=${phone.sections}>
      ${sections.map((section) => this.#tab(section))}
    </nav>`;
  }

  #tab(section: Section): TemplateResult {
    const isCurrent = section === this.section;
    return html`<button
      class="tab"
      type="button"
      aria-current=${isCurrent ? 'page' : nothing}
      @click=${() => this.#choose(section)}
    >
      ${icon(ICONS[section])}<span>${this.text.phone[section]}</span>
    </button>`;
  }

  #list(client: RinglineClient): TemplateResult {
    const { text, section } = this;
    return html`<section class="list" part="list" aria-label=${text.phone[section]}>
      <header>
        <h2>${text.phone[section]}</h2>
        ${this.#who(client)}
      </header>
      <div class="notices">${this.#trouble(client)}</div>
      ${
        section === 'contacts'
          ? html`<div class="dial"><ringline-dial exportparts="field"></ringline-dial></div>`
          : nothing
      }
      <div class="content">
        <slot name="contacts" ?hidden=${section !== 'contacts'}>
          <ringline-contacts .chosen=${this.peer}></ringline-contacts>
        </slot>
        <slot name="calls" ?hidden=${section !== 'calls'}>
          <ringline-history></ringline-history>
        </slot>
        <slot name="messages" ?hidden=${section !== 'messages'}>
          <ringline-messages .chosen=${this.peer}></ringline-messages>
        </slot>
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
      <slot name="account">${name === '' ? nothing : avatar(name, user)}</slot>
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
            <ringline-conversation .peer=${this.peer}></ringline-conversation>
          </slot>`;
    return html`<div class="detail" part="detail">${content}</div>`;
  }

  #choose(section: Section): void {
    this.section = section;
  }

  #connect(client: RinglineClient): void {
    // Why it failed is told by connectionChanged, which is shown above the button.
    client.connect().catch(() => this.requestUpdate());
  }
}
