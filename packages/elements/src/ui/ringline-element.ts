import type { Media, Peer, RinglineClient, UserId } from '@ringline/client';
import { LitElement } from 'lit';
import type { CSSResultGroup, PropertyDeclarations, PropertyValues } from 'lit';
import type { RinglineEvents } from '../events.ts';
import type { Changing } from '../model/changing.ts';
import { Session } from '../model/session.ts';
import { controls } from '../style/controls.ts';
import { tokens } from '../style/tokens.ts';
import type { Texts } from '../text/en.ts';
import { textsIn } from '../text/text.ts';
import type { Language } from '../text/text.ts';
import { askForClient } from './context.ts';
import { languageOf, watchLanguage } from './language.ts';

/** The themes an element can be given; `auto` is the system's. */
export type Theme = 'light' | 'dark' | 'auto';

/**
 * What every element of the kit has: a client, given as a property or by the `<ringline-phone>` it stands in;
 * a language, from the nearest `lang`, the document or the browser; a theme.
 */
export abstract class RinglineElement extends LitElement {
  static override properties: PropertyDeclarations = {
    client: { attribute: false },
    theme: { reflect: true },
  };

  static override styles: CSSResultGroup = [tokens, controls];

  /** The client of this part; where absent that of the `<ringline-phone>` around it. */
  declare client: RinglineClient | undefined;
  /** Light, dark, or as the system is; where absent that of what is around it. */
  declare theme: Theme | undefined;
  #given: RinglineClient | undefined;
  #watched: RinglineClient | undefined;
  #stops: (() => void)[] = [];
  #stopLanguage: (() => void) | undefined;

  static override get observedAttributes(): string[] {
    return [...super.observedAttributes, 'lang'];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stopLanguage = watchLanguage(() => this.requestUpdate());
    askForClient(this, (client) => {
      this.#given = client;
      this.requestUpdate();
    });
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stopLanguage?.();
    this.#unwatch();
  }

  override attributeChangedCallback(name: string, old: string | null, value: string | null): void {
    super.attributeChangedCallback(name, old, value);
    if (name === 'lang') this.requestUpdate();
  }

  /** What this part shares with the others of its client; undefined while it has none. */
  get session(): Session | undefined {
    const client = this.client ?? this.#given;
    return client && Session.of(client);
  }

  get language(): Language {
    return languageOf(this);
  }

  /** Every text, in the language of this element. */
  get text(): Texts {
    return textsIn(this.language);
  }

  /** The models whose changes this element shows; the session and its calls unless overridden. */
  protected modelsOf(session: Session): readonly Changing[] {
    return [session, session.phone, session.names];
  }

  /** The client is another one: let go of what hung on the old one. */
  protected sessionChanged(_session: Session | undefined): void {}

  /** Tells the page; a listener may prevent what the element would do by itself. */
  protected tell<Name extends keyof RinglineEvents>(
    name: Name,
    detail: RinglineEvents[Name],
  ): boolean {
    const init = { detail, bubbles: true, composed: true, cancelable: true };
    return this.dispatchEvent(new CustomEvent(name, init));
  }

  /** Why somebody cannot be called just now, in words. */
  protected obstacleTo(user: UserId): string | undefined {
    const obstacle = this.session?.phone.obstacleTo(user);
    return obstacle && this.text.errors[obstacle];
  }

  /** Calls somebody, unless a listener of `ringline-call` prevents it. */
  protected startCall(peer: Peer, media: Media): void {
    if (this.tell('ringline-call', { ...peer, media })) void this.session?.phone.place(peer, media);
  }

  protected override willUpdate(_changed?: PropertyValues): void {
    const { session } = this;
    if (!this.isConnected || session?.client === this.#watched) return;
    this.#unwatch();
    this.#watched = session?.client;
    const models = session === undefined ? [] : this.modelsOf(session);
    this.#stops = models.map((model) => model.watch(() => this.requestUpdate()));
    this.sessionChanged(session);
  }

  #unwatch(): void {
    for (const stop of this.#stops) stop();
    this.#stops = [];
    if (this.#watched !== undefined) this.sessionChanged(undefined);
    this.#watched = undefined;
  }
}
