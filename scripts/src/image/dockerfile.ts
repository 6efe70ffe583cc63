/** One instruction of a Dockerfile, its lines joined. */
export interface Instruction {
  /** In capitals, as in `COPY`. */
  readonly name: string;
  /** All behind the name, as it stands there. */
  readonly text: string;
}

/** One `FROM` and what follows it. */
export interface Stage {
  /** The image that it begins with. */
  readonly base: string;
  /** Behind `AS`; empty in a stage that has none. */
  readonly name: string;
  readonly instructions: readonly Instruction[];
}

/** The instructions of a Dockerfile in their order; comments are left out, continued lines joined by a blank. */
export function instructionsOf(dockerfile: string): Instruction[] {
  const lines = dockerfile.split(/\r?\n/).filter((line) => !/^\s*(#|$)/.test(line));
  const joined = lines.join('\n').replaceAll(/\s*\\\n\s*/g, ' ');
  return joined.split('\n').map((line) => {
    const [name = '', ...rest] = line.trim().split(/\s+/);
    return { name: name.toUpperCase(), text: rest.join(' ') };
  });
}

/** The stages of a Dockerfile in their order; throws where something stands before the first `FROM`. */
export function stagesOf(dockerfile: string): Stage[] {
  const stages: { base: string; name: string; instructions: Instruction[] }[] = [];
  for (const instruction of instructionsOf(dockerfile)) {
    if (instruction.name === 'FROM') {
      const [base = '', , name = ''] = instruction.text.split(' ');
      stages.push({ base, name, instructions: [] });
      continue;
    }
    const stage = stages.at(-1);
    if (!stage) throw new Error(`${instruction.name} stands before the first FROM`);
    stage.instructions.push(instruction);
  }
  return stages;
}

/** Flags before the words of an instruction, as in `--from=build`, and the words. */
export function wordsOf(text: string): { flags: Map<string, string>; words: string[] } {
  const parts = text.split(' ');
  const first = parts.findIndex((part) => !part.startsWith('--'));
  const flags = parts.slice(0, first).map((flag): [string, string] => {
    const [name = '', value = ''] = flag.slice(2).split(/=(.*)/s);
    return [name, value];
  });
  return { flags: new Map(flags), words: parts.slice(first) };
}

/** The words of an exec form, as in `["node", "a.ts"]`; throws for a shell form, which would not hear signals. */
export function execForm({ name, text }: Instruction): string[] {
  const form = text.replace(/^.*?(?=\[)/s, '');
  if (!form.startsWith('[')) throw new Error(`${name} ${text}: write it as a list of words`);
  return JSON.parse(form) as string[];
}

/** What `ENV` sets in a stage. */
export function environmentOf(stage: Stage): Record<string, string> {
  const settings = stage.instructions.filter(({ name }) => name === 'ENV');
  const pairs = settings.flatMap(({ text }) => text.split(' '));
  return Object.fromEntries(
    pairs.map((pair): [string, string] => {
      const [name = '', value = ''] = pair.split(/=(.*)/s);
      return [name, value];
    }),
  );
}
