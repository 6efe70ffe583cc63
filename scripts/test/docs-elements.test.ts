import { COLOURS, ELEMENTS, MEASURES, RinglineElement } from '@ringline/elements';
import { describe, expect, test } from 'vitest';
import { readComments } from '../src/docs/comments.ts';
import { codeSpansOf, documentAt, sectionOf, tablesOf } from '../src/docs/documents.ts';
import { cssPropertiesOf, keysListenedTo, readElement } from '../src/docs/elements.ts';

const page = documentAt('docs/elements.md').text;

/** The rows of the table of a section whose header begins so. */
function rowsOf(heading: string, header: string): string[][] {
  return tablesOf(sectionOf(page, heading)).get(header) ?? [];
}

/** All that stands in code in the first column of a table. */
function listed(heading: string, header: string): string[] {
  const names = rowsOf(heading, header).flatMap(([cell = '']) => codeSpansOf(cell));
  return names.map((name) => name.replace('()', '')).toSorted();
}

/** The rows of a table of properties with their attributes, where they have one. */
function listedProperties(heading: string) {
  return rowsOf(heading, 'Property').map((row) => row.slice(0, 2).map((cell) => plain(cell)));
}

const plain = (cell: string) => cell.replaceAll('`', '');

type ElementClass = Pick<typeof RinglineElement, 'elementProperties'>;

/** The properties of an element that not every element has, with their attributes. */
function propertiesOf({ elementProperties }: ElementClass): string[][] {
  return [...elementProperties].map(([name, { attribute }]) => {
    return [String(name), attribute === false ? '' : (attribute ?? name.toString().toLowerCase())];
  }) as string[][];
}

const SHARED = propertiesOf(RinglineElement);

describe.each(Object.entries(ELEMENTS))('docs/elements.md, <%s>', (tag, element) => {
  const heading = `\`<${tag}>\``;
  const source = readElement(tag);

  test('lists every property, with its attribute', () => {
    const own = propertiesOf(element).slice(SHARED.length);
    expect(listedProperties(heading)).toEqual(own);
  });

  test('lists every method', () => {
    expect(listed(heading, 'Method')).toEqual(source.methods);
  });

  test('lists every attribute that is there for its style only', () => {
    const explained = ['hidden', ...propertiesOf(element).map(([, attribute]) => attribute)];
    const marks = source.marks.filter((mark) => !explained.includes(mark));
    expect(listed(heading, 'Attribute')).toEqual(marks);
  });

  test('lists every part', () => {
    expect(listed(heading, 'Part')).toEqual(source.parts);
  });

  test('lists every slot', () => {
    expect(listed(heading, 'Slot')).toEqual(source.slots);
  });

  test('hands on parts that there are', () => {
    const missing = [...source.handsOn].flatMap(([inner, parts]) => {
      const there = readElement(inner).parts;
      return parts.filter(([part]) => !there.includes(part)).map(([part]) => `${part} of ${inner}`);
    });
    expect(missing).toEqual([]);
  });
});

test('docs/elements.md lists what every element has', () => {
  const { getters } = readElement('ringline-element');
  const shown = listedProperties('What every element has');
  const own = [...SHARED, ['lang', 'lang'], ...getters.map((name) => [name, ''])];
  expect(shown).toEqual(own);
});

test('docs/elements.md lists every event, with who tells it', () => {
  const types = readComments(['packages/elements/src/events.ts']);
  const names = [...(types.get('RinglineEvents')?.fields.keys() ?? [])];
  const told = names.map((name) => ({
    name,
    by: Object.keys(ELEMENTS).filter((tag) => readElement(tag).events.includes(name)),
  }));
  const shown = rowsOf('Events', 'Event').map(([name = '', , by = '']) => ({
    name: plain(name),
    by: codeSpansOf(by).map((tag) => tag.slice(1, -1)),
  }));
  expect(shown).toEqual(told);
});

test('docs/elements.md lists every key', () => {
  const keys = listed('Keyboard', 'Key').map((key) => key.replace('Alt+', ''));
  const own = keysListenedTo().map((key) => (key.length === 1 ? key.toUpperCase() : key));
  expect([...new Set(keys)].toSorted()).toEqual(own.toSorted());
});

test('docs/elements.md lists every custom property with its value', () => {
  const section = 'Custom properties';
  const colours = rowsOf(section, 'Colour').map((row) => row.slice(0, 3).map(plain));
  const measures = rowsOf(section, 'Measure').map((row) => row.slice(0, 2).map(plain));
  expect(colours).toEqual(Object.entries(COLOURS).map(([name, both]) => [`--rl-${name}`, ...both]));
  expect(measures).toEqual(Object.entries(MEASURES).map(([name, is]) => [`--rl-${name}`, is]));
  expect(listed(section, 'Other')).toEqual(cssPropertiesOf('--rl-'));
});

test('every custom property counts for something', () => {
  const used = cssPropertiesOf('--_');
  const names = Object.keys({ ...COLOURS, ...MEASURES });
  expect(names.filter((name) => !used.includes(`--_${name}`))).toEqual([]);
});
