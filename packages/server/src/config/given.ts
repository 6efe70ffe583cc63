import { SETTINGS, fileVariableOf, flagOf, isSecret } from './settings.ts';
import type { Mode, SecretName, Setting, SettingName, Variable } from './settings.ts';

/** Where settings come from: a flag counts more than its variable. */
export interface ConfigSources {
  readonly flags: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Reads a file as text; throws when it cannot. */
  readonly readFile: (path: string) => string;
}

/**
 * The most that a file of a secret may hold, without its last line end: more than a hundred keys, and
 * less than a log or an image that a wrong path leads to.
 */
export const MAX_SECRET_FILE_BYTES = 16_384;

/** What was given for one setting; neither text nor flaw where nothing was and there is no default. */
export interface Given {
  readonly text?: string;
  /** What is wrong with the file that should hold it. */
  readonly flaw?: string;
  /** What problems call it: by where it was read. */
  readonly called: string;
}

/** Finds what a setting is given: by flag or variable, in a file, or by default in this mode. */
export function givenFor(name: SettingName, sources: ConfigSources, mode: Mode): Given {
  const text = said(name, sources);
  const path = isSecret(name) ? said(fileVariableOf(name), sources) : undefined;
  if (isSecret(name) && path !== undefined) return fromFile(name, path, text, sources);
  const setting: Setting<unknown> = SETTINGS[name];
  const found = text ?? setting.default[mode];
  return { called: name, ...(found !== undefined && { text: found }) };
}

function said(variable: Variable, { flags, env }: ConfigSources): string | undefined {
  // An empty variable is how compose files and shells write “not set”.
  return flags[flagOf(variable)] ?? (env[variable] || undefined);
}

function fromFile(
  name: SecretName,
  path: string,
  beside: string | undefined,
  { readFile }: ConfigSources,
): Given {
  const variable = fileVariableOf(name);
  const flawed = (flaw: string): Given => ({ called: variable, flaw });
  if (beside !== undefined) return flawed(`and ${name} are both set; keep one`);
  let content: string;
  try {
    content = readFile(path);
  } catch {
    return flawed(`names “${path}”, which cannot be read`);
  }
  const text = content.replace(/\r?\n$/, '');
  const flaw = flawOfSecretText(text);
  return flaw === undefined
    ? { called: `${name} in “${path}”`, text }
    : flawed(`names “${path}”, which ${flaw}`);
}

/** Files that would be read as another secret than was meant; of what they hold nothing is told. */
function flawOfSecretText(text: string): string | undefined {
  if (text.trim() === '') return 'is empty';
  if (Buffer.byteLength(text) > MAX_SECRET_FILE_BYTES) {
    return `holds more than ${MAX_SECRET_FILE_BYTES} bytes; it must hold the secret alone`;
  }
  if (text.includes('\uFFFD')) return 'holds bytes that are no text; write the secret in base64';
  if (/[\r\n]/.test(text)) return 'holds more than one line; separate several values by commas';
  return undefined;
}
