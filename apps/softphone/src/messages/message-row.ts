import type { CallRecord, Message } from '@ringline/client';
import type { UserId } from '@ringline/protocol';
import { outcomeOf } from '../history/outcome.ts';
import { language, text } from '../text/text.ts';
import { h } from '../ui/dom.ts';
import { formatInstant } from '../ui/format.ts';
import { icon } from '../ui/icons.ts';
import type { Row } from '../ui/keyed-list.ts';

/** One message of a conversation; it never changes. */
export function messageRow(message: Message, me: UserId): Row<Message> {
  return { element: elementOf(message, me), update: () => undefined };
}

function elementOf(message: Message, me: UserId): HTMLElement {
  const instant = formatInstant(message.at, Date.now(), language);
  const time = h('time', { datetime: new Date(message.at).toISOString() }, instant);
  switch (message.kind) {
    case 'text':
      return bubble(message.from === me, h('p', {}, message.text), time);
    case 'data':
      return bubble(
        message.from === me,
        h('pre', { 'aria-label': text.messages.data }, JSON.stringify(message.data, null, 2)),
        time,
      );
    case 'record':
      return recordLine(message.record, me, time);
  }
}

function bubble(isMine: boolean, ...children: readonly Node[]): HTMLElement {
  return h('li', { class: isMine ? 'bubble mine' : 'bubble' }, ...children);
}

function recordLine(record: CallRecord, me: UserId, time: Node): HTMLElement {
  const { text: outcome, direction, isMissed } = outcomeOf(record, me, text);
  const kind = icon(record.type === 'video' ? 'video' : 'phone');
  const words = `${text.history[direction]}: ${outcome}`;
  return h('li', { class: isMissed ? 'event missed' : 'event' }, kind, h('span', {}, words), time);
}
