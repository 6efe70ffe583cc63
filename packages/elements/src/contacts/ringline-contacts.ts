import type { Media, Peer, UserId } from '@ringline/client';
import { css, html, nothing } from 'lit';
import type { PropertyValues, TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Changing } from '../model/changing.ts';
import type { People, Person } from '../model/people.ts';
import { found, sorted } from '../model/people.ts';
import type { Session } from '../model/session.ts';
import { blanks, lists } from '../style/lists.ts';
import { pictures } from '../style/pictures.ts';
import { blank, failed, ghosts, more } from '../ui/blank.ts';
import { callButton } from '../ui/call-button.ts';
import { formatCount } from '../ui/format.ts';
import { Growing } from '../ui/growing.ts';
import { icon } from '../ui/icons.ts';
import { picture, presenceText } from '../ui/person.ts';
import { RinglineElement } from '../ui/ringline-element.ts';
import { Roving } from '../ui/roving.ts';

/** Who came new to the server is not pushed: the directory is read again this often while somebody looks. */
const REFRESH_MS = 60_000;

/**
 * The people one can call and write to, those online first, with their presence as it changes.
 * Tells `ringline-call` and `ringline-message`.
 */
export class RinglineContacts extends RinglineElement {
  static override properties = {
    ...RinglineElement.properties,
    contacts: { attribute: false },
    chosen: {},
  };

  static override styles = [
    RinglineElement.styles,
    pictures,
    lists,
    blanks,
    css`
      .tools .icon {
        position: absolute;
        inset-block-start: 14px;
        inset-inline-start: 30px;
        width: 18px;
        height: 18px;
        color: var(--_soft);
        pointer-events: none;
      }

      .tools .field {
        padding-inline: 42px 46px;
      }

      .tools .field::-webkit-search-cancel-button {
        display: none;
      }

      .tools .icon-button {
        position: absolute;
        inset-block-start: 2px;
        inset-inline-end: 18px;
      }

      .tools .icon-button .icon {
        position: static;
      }

      .online {
        color: var(--_accent);
      }
    `,
  ];

  /** The app's own contacts, instead of the server's directory. */
  declare contacts: readonly Peer[] | undefined;
  /** With whom the open conversation is. */
  declare chosen: UserId | undefined;
  readonly #roving = new Roving(this);
  readonly #growing = new Growing(this);
  #sought = '';
  #timer: ReturnType<typeof setInterval> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#timer = setInterval(this.#refresh, REFRESH_MS);
    document.addEventListener('visibilitychange', this.#refresh);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
    document.removeEventListener('visibilitychange', this.#refresh);
  }

  protected override modelsOf(session: Session): readonly Changing[] {
    return [session, session.phone, session.names, session.people, session.conversations];
  }

  protected override willUpdate(changed?: PropertyValues): void {
    super.willUpdate(changed);
    const { session } = this;
    if (session === undefined) return;
    if (this.contacts !== undefined || changed?.has('contacts') === true) {
      session.people.use(this.contacts);
    }
    if (!session.isConnected) return;
    for (const list of [session.people, session.conversations]) {
      if (list.state.kind === 'unknown') void list.load();
    }
  }

  protected override render() {
    const { session } = this;
    if (session === undefined) return nothing;
    const { people } = session;
    const { all } = people;
    if (all.length === 0) return this.#blank(people);
    const listed = sorted(found(all, this.#sought), this.language);
    return html`${this.#search(listed.length)}
      <div
        class="scroll"
        data-testid="people"
        @scroll=${this.#growing.scrolled}
        @keydown=${this.#roving.pressed}
        @focusin=${this.#roving.focused}
      >
        ${
          listed.length === 0
            ? blank({ icon: 'search', title: this.text.people.notFound(this.#sought.trim()) })
            : this.#groups(listed)
        }
        ${people.hasMore ? this.#more(people) : nothing}
      </div>`;
  }

  #search(count: number): TemplateResult {
    const { people } = this.text;
    const isSought = this.#sought !== '';
    return html`<div class="tools">
      <input
        class="field"
        part="search"
        type="search"
        name="search"
        placeholder=${people.search}
        aria-label=${people.searchLabel}
        autocomplete="off"
        spellcheck="false"
        .value=${this.#sought}
        @input=${this.#typed}
        @keydown=${this.#searchKey}
      />
      ${icon('search')}
      ${
        isSought
          ? html`<button
              class="icon-button"
              type="button"
              aria-label=${people.clear}
              title=${people.clear}
              @click=${() => this.#seek('')}
            >
              ${icon('close')}
            </button>`
          : nothing
      }
      <p class="sr-only" role="status">${isSought ? people.found(count) : ''}</p>
    </div>`;
  }

  #groups(listed: readonly Person[]): unknown {
    const shown = this.#growing.of(listed);
    this.#roving.begin(shown.map(({ user }) => user));
    const isOnline = ({ online }: Person) => online === true;
    const count = listed.filter(isOnline).length;
    const { people } = this.text;
    const groups = [
      [people.onlineGroup(count), shown.filter(isOnline)],
      [people.othersGroup(listed.length - count), shown.filter((each) => !isOnline(each))],
    ] as const;
    return groups.map(([title, members]) =>
      members.length === 0 ? nothing : this.#group(title, members),
    );
  }

  #group(title: string, members: readonly Person[]): TemplateResult {
    return html`<h3 class="group">${title}</h3>
      <ul aria-label=${title}>
        ${repeat(
          members,
          ({ user }) => user,
          (person) => this.#row(person),
        )}
      </ul>`;
  }

  #row(person: Person): TemplateResult {
    const { user, name, online } = person;
    const { people } = this.text;
    const isChosen = user === this.chosen;
    const unread = this.session?.conversations.unreadOf(user) ?? 0;
    const tabindex = this.#roving.tabIndexOf(user);
    const stand = this.#stand(person);
    return html`<li
      class="row"
      part="row"
      data-key=${user}
      data-user=${user}
      ?data-online=${online === true}
      ?data-chosen=${isChosen}
    >
      <button
        class="main"
        type="button"
        title=${people.message(name)}
        aria-current=${isChosen ? 'true' : nothing}
        tabindex=${tabindex}
        @click=${() => this.tell('ringline-message', { user })}
      >
        ${picture(name, user, online)}
        <span class="lines">
          <span class="name cut">${name}</span>
          <span class="detail cut">${stand}</span>
        </span>
        ${
          unread === 0
            ? nothing
            : html`<span class="badge" aria-hidden="true">${formatCount(unread)}</span>
                <span class="sr-only" data-testid="unread">${people.unread(unread)}</span>`
        }
      </button>
      ${this.#callButton(person, 'audio')} ${this.#callButton(person, 'video')}
    </li>`;
  }

  #stand({ user, name, online, since }: Person): unknown {
    const { text } = this;
    const isOn = this.session?.phone.isInCallWith(user) === true;
    if (isOn) return html`<span class="online">${text.people.inCall}</span>`;
    const words = presenceText(
      { online, ...(since !== undefined && { since }) },
      text,
      this.language,
    );
    return [words, name === user ? '' : user].filter(Boolean).join(' · ');
  }

  #callButton({ user, name }: Person, media: Media): TemplateResult {
    const { people } = this.text;
    const label = media === 'audio' ? people.audioCall(name) : people.videoCall(name);
    return callButton({
      media,
      label,
      obstacle: this.obstacleTo(user),
      tabIndex: this.#roving.tabIndexOf(user),
      act: () => this.startCall({ user, ...(name !== user && { name }) }, media),
    });
  }

  #more(people: People): TemplateResult {
    const { people: words, time } = this.text;
    const says = { more: words.more, failed: words.failed, loading: words.loading };
    return more(people.state, says, time.retry, () => void people.loadMore());
  }

  #blank({ state }: People): TemplateResult {
    const { people } = this.text;
    const content =
      state.kind === 'failed'
        ? failed(state, people.failed, this.text, () => void this.session?.people.load())
        : state.kind === 'ready'
          ? blank({ icon: 'people', title: people.empty, hint: people.emptyHint })
          : ghosts(people.loading);
    return html`<div class="scroll" tabindex="0" data-testid="people">${content}</div>`;
  }

  readonly #typed = (event: Event) => this.#seek((event.currentTarget as HTMLInputElement).value);

  readonly #searchKey = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && this.#sought !== '') {
      // What is around must not take it for its own: it clears the field only.
      event.stopPropagation();
      event.preventDefault();
      return this.#seek('');
    }
    if (event.key !== 'ArrowDown') return;
    event.preventDefault();
    this.renderRoot.querySelector<HTMLElement>('.main')?.focus();
  };

  readonly #refresh = () => {
    const { session } = this;
    if (document.hidden || session?.isConnected !== true) return;
    void session.people.load();
  };

  #seek(sought: string): void {
    this.#sought = sought;
    this.#growing.reset();
    this.requestUpdate();
  }
}
