import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';
import { readImports } from '../imports/read.ts';
import { ROOT, files } from '../paths.ts';
import { isNode, parseSource, walk } from '../syntax.ts';

const SOURCES = 'packages/elements/src';
const SHARED = `${SOURCES}/ui/ringline-element.ts`;

/** What the sources of an element say of it, for a comparison with its documentation. */
export interface ElementSource {
  readonly methods: readonly string[];
  readonly getters: readonly string[];
  readonly parts: readonly string[];
  readonly slots: readonly string[];
  readonly events: readonly string[];
  /** Attributes of its own that only its style reads. */
  readonly marks: readonly string[];
  /** What it hands on of the parts of elements in it, by their tag: `part: name` becomes `[part, name]`. */
  readonly handsOn: ReadonlyMap<string, readonly (readonly [part: string, name: string])[]>;
}

/** Reads the class of an element and whatever it draws with, which is not an element of its own. */
export function readElement(tag: string): ElementSource {
  const file = fileOf(tag);
  const text = textOf(drawnWith(file));
  const handsOn = handedOn(text);
  const own = attributes(text, /\spart="([^"]+)"/g).flatMap((names) => names.split(' '));
  const given = [...handsOn.values()].flat().map(([, name]) => name);
  return {
    methods: membersOf(file, 'method').filter((name) => !CALLBACKS.includes(name)),
    getters: membersOf(file, 'get'),
    parts: unique([...own.flatMap(plainParts), ...given]),
    slots: unique(attributes(text, /<slot name="([^"]+)"/g)),
    events: unique([
      ...attributes(text, /\.tell\('([^']+)'/g),
      ...(text.includes('this.startCall(') ? ['ringline-call'] : []),
    ]),
    marks: unique(attributes(text, /:host\(\[([\w-]+)/g)),
    handsOn,
  };
}

/** The custom properties that the styles of the kit read, by how their names begin. */
export function cssPropertiesOf(beginning: '--rl-' | '--_'): string[] {
  const read = attributes(allSources(), /var\((--[\w-]*[\w])[,)]/g);
  return unique(read.filter((name) => name.startsWith(beginning)));
}

/** The keys that the sources of the kit listen to, as browsers name them. */
export function keysListenedTo(): string[] {
  const text = allSources();
  const steps = /const STEPS[^]*?\n};/.exec(text)?.[0] ?? '';
  return unique([
    ...attributes(text, /\.key [!=]== '([^']+)'/g),
    ...attributes(steps, /^ {2}(\w+):/gm),
  ]);
}

function allSources(): string {
  return textOf(files(`${SOURCES}/**/*.ts`));
}

function textOf(sources: readonly string[]): string {
  return sources.map((file) => readFileSync(join(ROOT, file), 'utf8')).join('\n');
}

function fileOf(tag: string): string {
  const [file] = files(`${SOURCES}/*/${tag}.ts`);
  if (file === undefined) throw new Error(`there is no source of <${tag}>`);
  return file;
}

/** A file and all that it imports for more than types, up to other elements and what they have in common. */
function drawnWith(file: string): string[] {
  const reached = new Set([file]);
  for (const each of reached) {
    for (const { specifier, erased } of readImports(parseSource(ROOT, each))) {
      const target = join(dirname(each), specifier);
      const isElement = /\/ringline-[\w-]+\.ts$/.test(target);
      if (!erased && !isElement && existsSync(join(ROOT, target))) reached.add(target);
    }
  }
  return [...reached].filter((each) => each !== SHARED);
}

/** `button ${kind}` stands for `button` and every kind. */
function plainParts(name: string): string[] {
  if (name !== '${kind}') return [name];
  const type = textOf([`${SOURCES}/ui/round-button.ts`]);
  const kinds = /kind\?: ([^;]+);/.exec(type)?.[1] ?? '';
  return attributes(kinds, /'(\w+)'/g);
}

function handedOn(text: string): ElementSource['handsOn'] {
  const found = text.matchAll(/<(ringline-[\w-]+)[^<]*?exportparts="([^"]+)"/g);
  return new Map(
    [...found].map(([, tag = '', list = '']) => [
      tag,
      list.split(/,\s*/).map((one) => {
        const [part = '', name = part] = one.split(/:\s*/);
        return [part, name] as const;
      }),
    ]),
  );
}

/** What browsers and Lit call, and nobody else. */
const CALLBACKS = ['connectedCallback', 'disconnectedCallback', 'attributeChangedCallback'];

/** The public members of this kind that the class of a file has for its own. */
function membersOf(file: string, kind: 'method' | 'get'): string[] {
  const names: string[] = [];
  walk(parseSource(ROOT, file).program, (node, parent) => {
    if (parent?.type !== 'ClassBody') return true;
    const { key, accessibility } = node;
    const isPublic = typeof accessibility !== 'string' && node['static'] !== true;
    if (isPublic && node['kind'] === kind && isNode(key) && key.type === 'Identifier') {
      names.push(String(key['name']));
    }
    return false;
  });
  return unique(names);
}

function attributes(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, name = '']) => name);
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)].toSorted();
}
