import { MAX_SECRET_FILE_BYTES } from './given.ts';
import { SETTINGS, SETTING_NAMES, fileVariableOf, flagOf, isSecret } from './settings.ts';
import type { Setting, SettingName, Variable } from './settings.ts';

const INTRODUCTION = `# Configuration

Every setting is an environment variable and a flag of \`ringline serve\` with the same name: \`DATA_DIR=/var/ringline\` and \`--data-dir /var/ringline\` say the same. A flag counts more than its variable; an empty variable counts as not set.

Secrets belong in files, or in variables: other users of a machine see the flags of its programs. Where a row names a second variable, as in \`TOKEN_SECRET_FILE=/run/secrets/token-secret\`, that is the path of a file which holds the value instead, in one line of at most ${MAX_SECRET_FILE_BYTES.toLocaleString('en-US')} bytes; the line end after it does not count. Set one of the two. Files are read at start, and nothing of what they hold is told when something is wrong with it.

Settings are checked at start. What is wrong is listed all at once, and the server does not start (exit code 2).

This page is made from \`packages/server/src/config/settings.ts\` by \`npm run docs\`.
`;

/** `docs/configuration.md`, formatted as the formatter wants it. */
export function configurationPage(): string {
  const header = ['Variable', 'Flag', 'Default', 'Meaning'];
  const rows = SETTING_NAMES.map((name) => [
    waysToSet(name, (variable) => `\`${variable}\``).join(', '),
    waysToSet(name, (variable) => `\`--${flagOf(variable)}\``).join(', '),
    defaultOf(name, (text) => `\`${text}\``),
    settingOf(name).meaning,
  ]);
  return `${INTRODUCTION}\n${markdownTable([header, ...rows])}\n`;
}

/** The settings as lines for \`--help\`. */
export function settingsHelp(): string {
  const lines = SETTING_NAMES.map((name) => {
    const text = `${settingOf(name).meaning} Default: ${defaultOf(name, (value) => value)}.`;
    const ways = waysToSet(name, (variable) => `--${flagOf(variable)} (${variable})`);
    return `  ${ways.join(', ')}\n${wrapped(text.replaceAll('`', ''), 72, '      ')}`;
  });
  return lines.join('\n');
}

/** A setting by its own name and, if it is a secret, by that of the file that holds it. */
function waysToSet(name: SettingName, show: (variable: Variable) => string): string[] {
  return isSecret(name) ? [show(name), show(fileVariableOf(name))] : [show(name)];
}

function settingOf(name: SettingName): Setting<unknown> {
  return SETTINGS[name];
}

function defaultOf(name: SettingName, show: (text: string) => string): string {
  const { development, production } = settingOf(name).default;
  if (development === production) return development === undefined ? 'none' : show(development);
  const inProduction = production === undefined ? 'none' : show(production);
  // The development secret is of no use to a reader but to copy.
  const inDevelopment = name === 'TOKEN_SECRET' ? 'a public one' : show(development ?? '');
  return `${inDevelopment} in development, ${inProduction} in production`;
}

function markdownTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  const line = (cells: readonly string[], fill: string) =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0, fill)).join(' | ')} |`;
  const [header = [], ...rest] = rows.map((row) => line(row, ' '));
  const rule = line(
    widths.map(() => ''),
    '-',
  );
  return [header, rule, ...rest].join('\n');
}

function wrapped(text: string, width: number, indent: string): string {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length >= width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines.map((line) => indent + line).join('\n');
}
