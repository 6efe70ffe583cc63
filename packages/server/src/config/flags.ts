/** What was written on a command line. */
export interface CommandLine {
  /** By flag name without dashes. */
  readonly flags: Readonly<Record<string, string>>;
  readonly words: readonly string[];
  readonly problems: readonly string[];
}

/** Reads `--flag value`, `--flag=value` and plain words; all of `known` take a value. */
export function readCommandLine(args: readonly string[], known: readonly string[]): CommandLine {
  const flags: Record<string, string> = {};
  const words: string[] = [];
  const problems: string[] = [];
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (!arg.startsWith('--')) {
      words.push(arg);
      continue;
    }
    const [, flag = '', inline] = /^--([^=]*)(?:=(.*))?$/s.exec(arg) ?? [];
    // The next word belongs to an unknown flag as well, unless it is plainly another flag.
    const value = inline ?? (rest[0]?.startsWith('--') ? undefined : rest.shift());
    if (!known.includes(flag)) problems.push(unknownFlag(flag, known));
    else if (value === undefined) problems.push(`--${flag} needs a value, as in --${flag}=…`);
    else if (flag in flags) problems.push(`--${flag} is given twice`);
    else flags[flag] = value;
  }
  return { flags, words, problems };
}

function unknownFlag(flag: string, known: readonly string[]): string {
  const near = nearest(flag, known);
  return `--${flag} is no flag of this command${near ? `; did you mean --${near}?` : ''}`;
}

/** The name that is so near that it was probably meant. */
export function nearest(word: string, names: readonly string[]): string | undefined {
  const [best] = names
    .map((name) => ({ name, distance: editDistance(word.toLowerCase(), name) }))
    .sort((a, b) => a.distance - b.distance);
  return best && best.distance <= Math.max(2, best.name.length / 4) ? best.name : undefined;
}

/** Characters to insert, delete or replace (Levenshtein). */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (const [i, charA] of a.split('').entries()) {
    const next = [i + 1];
    for (const [j, charB] of b.split('').entries()) {
      const replaced = (row[j] ?? 0) + (charA === charB ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
