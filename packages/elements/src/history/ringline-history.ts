import type { CallRecord } from '@ringline/client';
import { css, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Changing } from '../model/changing.ts';
import { outcomeOf } from '../model/outcome.ts';
import type { Records } from '../model/records.ts';
import type { Session } from '../model/session.ts';
import { blanks, lists } from '../style/lists.ts';
import { avatar } from '../ui/avatar.ts';
import { blank, failed, ghosts, more } from '../ui/blank.ts';
import { daysBefore, formatDay, formatTime } from '../ui/format.ts';
import { Growing } from '../ui/growing.ts';
import { icon } from '../ui/icons.ts';
import { RinglineElement } from '../ui/ringline-element.ts';
import { Roving } from '../ui/roving.ts';
import { Seen } from '../ui/seen.ts';

/** Past calls by day, worded from one's own side; missed ones stand out, a click calls back. Tells `ringline-call`. */
export class RinglineHistory extends RinglineElement {
  static override properties = { ...RinglineElement.properties, filter: { reflect: true } };

  static override styles = [
    RinglineElement.styles,
    lists,
    blanks,
    css`
      .filter {
        display: grid;
        grid-auto-flow: column;
        grid-auto-columns: 1fr;
        padding: 3px;
        border-radius: 999px;
        background: var(--_sunken);
      }

      .filter button {
        min-height: 38px;
        border: 0;
        border-radius: 999px;
        background: none;
        color: var(--_soft);
        font-size: var(--_text-size-small);
        font-weight: 600;
      }

      .filter button[aria-pressed='true'] {
        background: var(--_surface);
        color: var(--_text);
        box-shadow: 0 1px 3px rgb(0 0 0 / 14%);
      }

      .detail {
        display: flex;
        align-items: center;
        gap: 5px;
      }

      .detail .icon {
        width: 15px;
        height: 15px;
      }

      .kind {
        display: inline-flex;
        color: var(--_accent);
      }

      .missed .name,
      .missed .detail {
        color: var(--_danger-text);
      }

      .missed .detail {
        font-weight: 600;
      }

      .new .main {
        position: relative;
      }

      .new .main::before {
        content: '';
        position: absolute;
        inset-inline-start: 1px;
        width: 7px;
        height: 7px;
        border-radius: 50%;
        background: var(--_danger);
      }
    `,
  ];

  /** Which calls are listed; all of them where absent. */
  declare filter: 'all' | 'missed' | undefined;
  readonly #roving = new Roving(this);
  readonly #growing = new Growing(this, () => this.#loadOlderUnasked());
  /** What was new when this list came to the screen keeps its mark while one looks. */
  #fresh: ReadonlySet<string> = new Set();
  readonly #seen = new Seen(this, () => this.#look());

  protected override modelsOf(session: Session): readonly Changing[] {
    return [session, session.phone, session.records, session.names];
  }

  protected override sessionChanged(session: Session | undefined): void {
    this.#fresh = new Set();
    if (session !== undefined) this.#loadOnce(session);
  }

  protected override willUpdate(): void {
    super.willUpdate();
    if (this.session !== undefined) this.#loadOnce(this.session);
    if (this.#seen.isSeen) this.#look();
  }

  protected override render() {
    const { session, text } = this;
    if (session === undefined) return nothing;
    const { records } = session;
    if (records.items.length === 0) return this.#blank(records);
    const items = this.#listed(records);
    return html`${this.#filterBar()}
      <div
        class="scroll"
        data-testid="history"
        @scroll=${this.#growing.scrolled}
        @keydown=${this.#roving.pressed}
        @focusin=${this.#roving.focused}
      >
        ${
          items.length === 0
            ? blank({ icon: 'missed', title: text.history.noneMissed })
            : this.#days(this.#growing.of(items))
        }
        ${records.hasOlder ? this.#older(records) : nothing}
      </div>`;
  }

  #listed({ items }: Records): readonly CallRecord[] {
    const me = this.session?.client.user ?? '';
    if (this.filter !== 'missed') return items;
    return items.filter((record) => outcomeOf(record, me, this.text).isMissed);
  }

  #blank({ state }: Records): TemplateResult {
    const { history } = this.text;
    const content =
      state.kind === 'failed'
        ? failed(state, history.failed, this.text, () => void this.session?.records.load())
        : state.kind === 'ready'
          ? blank({ icon: 'clock', title: history.empty, hint: history.emptyHint })
          : ghosts(history.loading);
    return html`<div class="scroll" tabindex="0" data-testid="history">${content}</div>`;
  }

  #filterBar(): TemplateResult {
    const { history } = this.text;
    const choices = [
      ['all', history.all],
      ['missed', history.missedOnly],
    ] as const;
    return html`<div class="tools">
      <div class="filter" role="group" aria-label=${history.filter}>
        ${choices.map(
          ([filter, label]) =>
            html`<button
              type="button"
              aria-pressed=${(this.filter ?? 'all') === filter}
              @click=${() => this.#choose(filter)}
            >
              ${label}
            </button>`,
        )}
      </div>
    </div>`;
  }

  #days(records: readonly CallRecord[]): unknown {
    this.#roving.begin(records.map(({ call }) => call));
    const now = Date.now();
    const days = Map.groupBy(records, ({ endedAt }) => daysBefore(endedAt, now));
    return repeat(
      days,
      ([day]) => day,
      ([, ofDay]) => this.#day(ofDay, now),
    );
  }

  #day(records: readonly CallRecord[], now: number): TemplateResult {
    const day = formatDay(records[0]?.endedAt ?? now, now, this.language, this.text.time);
    return html`<h3 class="group">${day}</h3>
      <ul aria-label=${day}>
        ${repeat(
          records,
          ({ call }) => call,
          (record) => this.#row(record, day),
        )}
      </ul>`;
  }

  #row(record: CallRecord, day: string): TemplateResult {
    const { text, session, language } = this;
    const outcome = outcomeOf(record, session?.client.user ?? '', text);
    const { peer, direction, isMissed } = outcome;
    const name = session?.names.of(peer) ?? peer;
    const time = formatTime(record.endedAt, language);
    const { history } = text;
    const obstacle = this.obstacleTo(peer);
    const isNew = isMissed && this.#fresh.has(record.call);
    const told = [
      isNew && history.isNew,
      isMissed && history.missed,
      history[direction],
      history[record.type],
    ];
    return html`<li
      class="row ${isMissed ? 'missed' : ''} ${isNew ? 'new' : ''}"
      part="row"
      data-key=${record.call}
      data-call=${record.call}
      data-outcome=${outcome.text}
    >
      <button
        class="main"
        type="button"
        title=${obstacle ?? history.callBack(name)}
        aria-description=${obstacle ?? nothing}
        tabindex=${this.#roving.tabIndexOf(record.call)}
        @click=${() => this.startCall({ user: peer }, record.type)}
      >
        ${avatar(name, peer)}
        <span class="lines">
          <span class="line">
            <span class="name cut">${name}</span>
            <time class="time" datetime=${new Date(record.endedAt).toISOString()}
              ><span class="sr-only">${day}</span> ${time}</time
            >
          </span>
          <span class="detail">
            ${icon(isMissed ? 'missed' : direction)}
            <span class="sr-only">${told.filter(Boolean).join(', ')}</span>
            <span class="cut">${outcome.text}</span>
          </span>
        </span>
        <span class="kind">${icon(record.type === 'video' ? 'video' : 'phone')}</span>
      </button>
    </li>`;
  }

  #older(records: Records): TemplateResult {
    const { history, time } = this.text;
    const words = { more: history.older, failed: history.failed, loading: history.loading };
    return more(records.olderState, words, time.retry, () => void records.loadOlder());
  }

  #choose(filter: 'all' | 'missed'): void {
    this.filter = filter;
    this.#growing.reset();
  }

  #look(): void {
    const records = this.session?.records;
    if (records === undefined) return;
    if (!this.#seen.isSeen) {
      this.#fresh = new Set();
      return;
    }
    const fresh = records.items.filter((record) => records.isNew(record));
    const known = this.#fresh.size;
    this.#fresh = new Set([...this.#fresh, ...fresh.map(({ call }) => call)]);
    if (this.#fresh.size > known) this.requestUpdate();
    records.see();
  }

  /** Near the end older ones come by themselves, unless that failed: then a click asks again. */
  #loadOlderUnasked(): void {
    const records = this.session?.records;
    if (records?.hasOlder === true && records.olderState.kind !== 'failed')
      void records.loadOlder();
  }

  #loadOnce(session: Session): void {
    if (session.isConnected && session.records.state.kind === 'unknown')
      void session.records.load();
  }
}
