import { expect, test } from 'vitest';
import { fitOf, formatBytes, isSendKey } from '../src/messages/composer.ts';
import { lineOf } from '../src/messages/message-text.ts';
import { entriesOf } from '../src/messages/thread.ts';
import { partsOf } from '../src/model/links.ts';
import { en } from '../src/text/en.ts';
import { zh } from '../src/text/zh.ts';
import { formatCount, formatDay, formatShort } from '../src/ui/format.ts';
import { recordAt, text } from './support/fake-lists.ts';

test.each([
  ['see https://a.test/x?y=1.', ['https://a.test/x?y=1']],
  ['看 https://a.test/文件，谢谢', ['https://a.test/%E6%96%87%E4%BB%B6']],
  ['(https://a.test/)', ['https://a.test/']],
  ['https://a.test/a_(b)', ['https://a.test/a_(b)']],
  ['http://a.test and https://b.test!', ['http://a.test/', 'https://b.test/']],
  ['javascript:alert(1) data:text/html,x ftp://a.test', []],
  ['https://', []],
  ['<a href="https://a.test">', ['https://a.test/']],
])('%s links to %j, and loses no letter', (words, links) => {
  const parts = partsOf(words);
  expect(parts.flatMap(({ href }) => href ?? [])).toEqual(links);
  expect(parts.map((part) => part.text).join('')).toBe(words);
});

test('Enter sends, but not while a word is composed, in no browser', () => {
  const key = { key: 'Enter', shiftKey: false, isComposing: false, keyCode: 13 };
  expect(isSendKey(key)).toBe(true);
  expect(isSendKey({ ...key, shiftKey: true })).toBe(false);
  expect(isSendKey({ ...key, isComposing: true })).toBe(false);
  expect(isSendKey({ ...key, keyCode: 229 })).toBe(false);
  expect(isSendKey({ ...key, key: 'a' })).toBe(false);
});

test('what is written is measured in bytes as the server counts them', () => {
  expect(fitOf('  \n ')).toEqual({ isEmpty: true, over: 0, left: undefined });
  expect(fitOf('hello')).toEqual({ isEmpty: false, over: 0, left: undefined });
  expect(fitOf('x'.repeat(32_768))).toEqual({ isEmpty: false, over: 0, left: 0 });
  expect(fitOf('中'.repeat(10_923))).toEqual({ isEmpty: false, over: 1, left: undefined });
  expect(formatBytes(1, 'en')).toBe('1 byte');
  expect(formatBytes(1234, 'en')).toBe('1.2 kB');
});

test('a day begins with its mark, the first new message with another, and a time closes what belongs together', () => {
  const day = 86_400_000;
  const at = (cursor: number, from: string, when: number) => ({
    ...text(cursor, from, '-'),
    at: when,
  });
  const noon = new Date(2026, 0, 5, 12).getTime();
  const messages = [
    at(1, 'bob', noon),
    at(2, 'bob', noon + 1000),
    at(3, 'alice', noon + 2000),
    at(4, 'bob', noon + day),
    at(5, 'bob', noon + day + 1000),
  ];
  const entries = entriesOf(messages, 5, () => undefined).map((entry) =>
    entry.kind === 'message' ? `${entry.message.cursor}${entry.isLast ? '.' : ''}` : entry.kind,
  );
  expect(entries).toEqual(['day', '1', '2.', '3.', 'day', '4.', 'new', '5.']);
});

test('of messages that belong together, what is said below stands where they have come less far', () => {
  const messages = [1, 2, 3, 4].map((cursor) => ({
    ...text(cursor, 'alice', '-', 'bob'),
    at: cursor,
  }));
  const entries = entriesOf(messages, undefined, ({ cursor }) => (cursor < 3 ? 'read' : 'sent'));
  const lasts = entries.flatMap((entry) => {
    return entry.kind === 'message' && entry.isLast ? [`${entry.key} ${entry.progress}`] : [];
  });
  expect(lasts).toEqual(['2 read', '4 sent']);
});

test('a badge tells up to 99, and of more that they are more', () => {
  expect([1, 99, 100].map(formatCount)).toEqual(['1', '99', '99+']);
  expect(en.phone.missed(100)).toBe('99+ missed calls');
  expect(zh.messages.unread(100)).toBe('99+ 条未读消息');
});

test('days are named as people name them', () => {
  const now = new Date(2026, 5, 15, 9).getTime();
  const before = (days: number) => new Date(2026, 5, 15 - days, 23, 59).getTime();
  const name = (days: number, words = en.time, language = 'en') =>
    formatDay(before(days), now, language, words);
  expect([0, 1, 2, 6].map((days) => name(days))).toEqual([
    'Today',
    'Yesterday',
    'Saturday',
    'Tuesday',
  ]);
  expect(name(7)).toBe('Mon, June 8');
  expect(name(400)).toBe('May 11, 2025');
  expect([0, 1, 2].map((days) => name(days, zh.time, 'zh-CN'))).toEqual(['今天', '昨天', '星期六']);
  expect(formatShort(before(1), now, 'en', en.time)).toBe('Yesterday');
  expect(formatShort(before(2), now, 'en', en.time)).toBe('Sat');
});

test('a conversation is told in one line: own words, data, calls', () => {
  const record = {
    kind: 'record',
    id: 'r',
    cursor: 1,
    from: 'bob',
    to: 'alice',
    at: 0,
    record: recordAt(1, { reason: 'cancelled' }),
  } as const;
  expect(lineOf(text(1, 'bob', 'two\nlines'), 'alice', en)).toBe('two lines');
  expect(lineOf(text(1, 'alice', 'mine', 'bob'), 'alice', en)).toBe('You: mine');
  expect(lineOf({ ...record, kind: 'data', data: { a: 1 } }, 'bob', en)).toBe(
    'You: Data from the app',
  );
  expect(lineOf(record, 'alice', zh)).toBe('对方已取消');
  expect(lineOf(record, 'bob', zh)).toBe('已取消');
});
