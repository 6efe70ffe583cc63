import type { CallRecord, Media, UserId } from '@ringline/protocol';
import { language, text } from '../text/text.ts';
import { avatar } from '../ui/avatar.ts';
import { textButton } from '../ui/button.ts';
import { h, setAttributes, setText, show } from '../ui/dom.ts';
import { formatInstant } from '../ui/format.ts';
import { icon } from '../ui/icons.ts';
import { KeyedList } from '../ui/keyed-list.ts';
import type { Row } from '../ui/keyed-list.ts';
import { outcomeOf } from './outcome.ts';

/** What the list of calls needs of the page. */
export interface HistoryActions {
  me(): UserId;
  nameOf(user: UserId): string;
  call(user: UserId, media: Media): void;
  loadOlder(): void;
}

/** Past calls with their outcomes; a click calls back in the same way. */
export class HistoryView {
  readonly element: HTMLElement;
  readonly #empty = h('p', { class: 'empty' }, text.history.empty);
  readonly #older: HTMLButtonElement;
  readonly #rows: KeyedList<CallRecord>;

  constructor(actions: HistoryActions) {
    const list = h('ul', { class: 'rows', 'data-testid': 'history' });
    this.#rows = new KeyedList(
      list,
      ({ call }) => call,
      (record) => recordRow(record, actions),
    );
    this.#older = textButton(text.history.older, () => actions.loadOlder(), {
      class: 'button link',
    });
    this.element = h(
      'section',
      { class: 'panel calls', 'aria-labelledby': 'calls-title' },
      h('h2', { id: 'calls-title' }, text.history.title),
      this.#empty,
      list,
      this.#older,
    );
    show(this.#empty, false);
    show(this.#older, false);
  }

  update(records: readonly CallRecord[], isLoaded: boolean, hasOlder: boolean): void {
    show(this.#empty, isLoaded && records.length === 0);
    show(this.#older, hasOlder);
    this.#rows.show(records);
  }
}

function recordRow(record: CallRecord, actions: HistoryActions): Row<CallRecord> {
  const outcome = outcomeOf(record, actions.me(), text);
  const { peer, direction, isMissed } = outcome;
  const name = h('span', { class: 'name' });
  const at = new Date(record.endedAt);
  const time = h('time', { class: 'time', datetime: at.toISOString() });
  const arrow = h('span', { class: 'arrow' }, icon(isMissed ? 'missed' : direction));
  const detail = h('span', { class: 'detail' }, arrow, outcome.text);
  const lines = h('span', { class: 'lines' }, h('span', { class: 'first' }, name, time), detail);
  const who = h('button', { type: 'button', class: 'who' }, avatar(actions.nameOf(peer), peer));
  const kind = h('span', { class: 'kind' }, icon(record.type === 'video' ? 'video' : 'phone'));
  who.append(lines, kind);
  who.addEventListener('click', () => actions.call(peer, record.type));
  const element = h(
    'li',
    { class: isMissed ? 'row missed' : 'row', 'data-call': record.call },
    who,
  );
  element.dataset['outcome'] = outcome.text;
  const update = () => {
    const shown = actions.nameOf(peer);
    const instant = formatInstant(record.endedAt, Date.now(), language);
    setText(name, shown);
    setText(time, instant);
    const told = [text.history[direction], text.history[record.type], outcome.text, instant];
    const label = text.history.callBack(shown, told.join(', '));
    setAttributes(who, { 'aria-label': label, title: text.people.audioCall(shown) });
  };
  return { element, update };
}
