import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as protocol from '@ringline/protocol';
import {
  DEVICE_EXAMPLES,
  SERVER_EXAMPLES,
  describeDeviceMessages,
  describeParts,
  describeServerMessages,
} from '@ringline/protocol/schema';
import type { Description, FieldDescription } from '@ringline/protocol/schema';
import { ROOT } from '../paths.ts';
import { readComments } from './comments.ts';
import type { TypeComments } from './comments.ts';
import { prettyJson } from './json.ts';
import { anchor, table } from './markdown.ts';

const SPEC = 'packages/protocol/SPEC.md';
const TYPES = ['packages/protocol/src/messages/**/*.ts', 'packages/protocol/src/refusals.ts'];
const MADE = `This page is made from \`${SPEC}\` and the types and schemas of \`packages/protocol/src\` by \`npm run docs\`.`;

/** `docs/protocol.md`: the rules, then every message with its fields and an example. */
export function protocolPage(): string {
  const rules = readFileSync(join(ROOT, SPEC), 'utf8').trimEnd();
  const comments = readComments(TYPES);
  const byMessage = new Map([...comments.values()].map((one) => [one.message ?? '', one]));
  // Two messages are named `signal`; the server's stands last among the types.
  byMessage.set('signal', comments.get('SendSignal') ?? none);
  const fromServer = new Map(byMessage);
  fromServer.set('signal', comments.get('SignalReceived') ?? none);
  const sections = [
    rules.replace('\n\n', `\n\n${MADE} `),
    '## What devices say',
    ...messages(describeDeviceMessages(), byMessage, DEVICE_EXAMPLES),
    '## What servers say',
    ...messages(describeServerMessages(), fromServer, SERVER_EXAMPLES),
    '## Types',
    ...[...describeParts()].map(([name, part]) =>
      section(`Type ${name}`, part, comments.get(name)),
    ),
  ];
  return `${sections.join('\n\n')}\n`;
}

const none: TypeComments = { comment: '', fields: new Map(), message: undefined };

function messages(
  described: ReadonlyMap<string, Description>,
  comments: ReadonlyMap<string, TypeComments>,
  examples: Readonly<Record<string, object>>,
): string[] {
  return [...described].map(([type, message]) => {
    const example = `\`\`\`json\n${prettyJson(examples[type])}\n\`\`\``;
    return `${section(`\`${type}\``, message, comments.get(type))}\n\n${example}`;
  });
}

function section(heading: string, description: Description, comments = none): string {
  const text = comments.comment === '' ? [] : [withNumbers(comments.comment)];
  return [`### ${heading}`, ...text, body(description, comments)].join('\n\n');
}

function body(description: Description, comments: TypeComments): string {
  if (description.kind === 'one-of') return `One of: ${linked(description.type)}.`;
  const rows = description.fields.map((field) => row(field, comments.fields.get(field.name)));
  return table(['Field', 'What it is', 'What it means'], rows);
}

function row({ name, type, isOptional }: FieldDescription, meaning = ''): string[] {
  return [`\`${name}\``, `${isOptional ? 'optional: ' : ''}${linked(type)}`, withNumbers(meaning)];
}

function linked(type: string): string {
  return type.replaceAll(
    /#([A-Z]\w+)/g,
    (_, name: string) => `[${name}](#${anchor(`Type ${name}`)})`,
  );
}

/** Names of limits, which comments in the sources use, as the numbers that they stand for. */
function withNumbers(comment: string): string {
  const constants = new Map<string, unknown>(Object.entries(protocol));
  return comment.replaceAll(/[A-Z]+(?:_[A-Z]+)+/g, (name) => {
    const value = constants.get(name);
    return typeof value === 'number' ? String(value) : name;
  });
}
