import type { Media, UserId } from '@ringline/protocol';
import type { Person } from '../rest.ts';
import { text } from '../text/text.ts';
import { avatar } from '../ui/avatar.ts';
import { iconButton } from '../ui/button.ts';
import { h, setAttributes, setText, show } from '../ui/dom.ts';
import { KeyedList } from '../ui/keyed-list.ts';
import type { Row } from '../ui/keyed-list.ts';
import { dialForm } from './dial-form.ts';

/** What can be done with a person. */
export interface PersonActions {
  call(user: UserId, media: Media): void;
  write(user: UserId): void;
}

/** One person as the list shows it. */
export interface ListedPerson {
  readonly person: Person;
  readonly unread: number;
  /** Whether the conversation with this person is open. */
  readonly isChosen: boolean;
}

/** Who is there, each to be called or written to, and a field for those who are not listed. */
export class DirectoryView {
  readonly element: HTMLElement;
  readonly #empty = h('p', { class: 'empty' }, text.people.empty);
  readonly #rows: KeyedList<ListedPerson>;

  constructor(actions: PersonActions) {
    const list = h('ul', { class: 'rows', 'data-testid': 'people' });
    this.#rows = new KeyedList(
      list,
      ({ person }) => person.user,
      (listed) => personRow(listed.person, actions),
    );
    this.element = h(
      'section',
      { class: 'panel people', 'aria-labelledby': 'people-title' },
      h('h2', { id: 'people-title' }, text.people.title),
      dialForm((user, media) => actions.call(user, media)),
      this.#empty,
      list,
    );
    show(this.#empty, false);
  }

  update(people: readonly ListedPerson[], isLoaded: boolean): void {
    show(this.#empty, isLoaded && people.length === 0);
    this.#rows.show(people);
  }
}

function personRow({ user, name: given }: Person, actions: PersonActions): Row<ListedPerson> {
  const initial = given ?? user;
  const name = h('span', { class: 'name' });
  const presence = h('span', { class: 'detail' });
  const unread = h('span', { class: 'badge', 'data-testid': 'unread' });
  const dot = h('span', { class: 'dot', 'aria-hidden': 'true' });
  const picture = h('span', { class: 'picture' }, avatar(initial, user), dot);
  const who = h('button', { type: 'button', class: 'who' }, picture);
  who.append(h('span', { class: 'lines' }, name, presence), unread);
  who.addEventListener('click', () => actions.write(user));
  const { audioCall, videoCall } = text.people;
  const audio = iconButton('phone', audioCall(initial), () => actions.call(user, 'audio'));
  const video = iconButton('video', videoCall(initial), () => actions.call(user, 'video'));
  const element = h('li', { class: 'row', 'data-user': user }, who, audio, video);
  const update = ({ person, unread: count, isChosen }: ListedPerson) => {
    const { online } = person;
    const shown = person.name ?? user;
    setText(name, shown);
    const state = online ? text.people.online : text.people.offline;
    setText(presence, person.name === undefined ? state : `${user} · ${state}`);
    setText(unread, count === 0 ? '' : text.people.unread(count));
    show(unread, count > 0);
    setAttributes(element, { 'data-online': online });
    setAttributes(who, { title: text.people.message(shown), 'aria-current': isChosen && 'true' });
    setAttributes(audio, { 'aria-label': audioCall(shown), title: audioCall(shown) });
    setAttributes(video, { 'aria-label': videoCall(shown), title: videoCall(shown) });
  };
  return { element, update };
}
