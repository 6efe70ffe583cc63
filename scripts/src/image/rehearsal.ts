import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ROOT } from '../paths.ts';
import { stagesOf, wordsOf } from './dockerfile.ts';
import type { Instruction, Stage } from './dockerfile.ts';
import { ignoredBy } from './ignored.ts';

/** What the last stage of a rehearsed Dockerfile is. */
export interface Rehearsed {
  /** The folder that stands for the root of its file system. */
  readonly root: string;
  readonly stage: Stage;
  /** Its `WORKDIR`, as in `/ringline`. */
  readonly workdir: string;
}

/**
 * Goes through the stages of our Dockerfile without Docker, in folders below the one given: `COPY`
 * and `WORKDIR` as they stand there, `RUN` by this machine's shell and Node in the stage's folder.
 * What the base image brings, and owners, are not there.
 */
export function rehearse(folder: string): Rehearsed {
  const stages = stagesOf(readFileSync(join(ROOT, 'Dockerfile'), 'utf8'));
  let done: Rehearsed | undefined;
  for (const [index, stage] of stages.entries()) {
    done = new StageRehearsal(folder, stage, String(index)).play();
  }
  if (!done) throw new Error('the Dockerfile has no stage');
  return done;
}

class StageRehearsal {
  readonly #folder: string;
  readonly #stage: Stage;
  readonly #root: string;
  #workdir = '/';

  constructor(folder: string, stage: Stage, number: string) {
    this.#folder = folder;
    this.#stage = stage;
    this.#root = join(folder, stage.name === '' ? number : stage.name);
  }

  play(): Rehearsed {
    mkdirSync(this.#root, { recursive: true });
    for (const instruction of this.#stage.instructions) this.#carryOut(instruction);
    return { root: this.#root, stage: this.#stage, workdir: this.#workdir };
  }

  /** The others say how the image is run, and change no file. */
  #carryOut({ name, text }: Instruction): void {
    if (name === 'WORKDIR') mkdirSync(this.#inside((this.#workdir = text)), { recursive: true });
    if (name === 'COPY') this.#copy(text);
    if (name === 'RUN') this.#run(text);
  }

  #inside(path: string): string {
    return path.startsWith('/') ? join(this.#root, path) : join(this.#root, this.#workdir, path);
  }

  #copy(text: string): void {
    const { flags, words } = wordsOf(text);
    const target = words.at(-1) ?? '.';
    const from = flags.get('from');
    if (from === undefined) return copyProject(this.#inside(target));
    for (const source of words.slice(0, -1)) {
      const place = target.endsWith('/') ? join(target, basename(source)) : target;
      const to = this.#inside(place);
      mkdirSync(dirname(to), { recursive: true });
      cpSync(join(this.#folder, from, source), to, { recursive: true, verbatimSymlinks: true });
    }
  }

  #run(text: string): void {
    const { words } = wordsOf(text);
    const node = dirname(process.execPath);
    // What npm tells its scripts of this project is not true of that one.
    const kept = Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_ENV)/i.test(name));
    const { status } = spawnSync('sh', ['-c', words.join(' ')], {
      cwd: this.#inside('.'),
      env: { ...Object.fromEntries(kept), PATH: `${node}:${process.env.PATH ?? ''}` },
      stdio: ['ignore', 2, 2],
    });
    if (status !== 0) throw new Error(`RUN failed with ${status}: ${words.join(' ')}`);
  }
}

/** Copies what git would check out, and what is new, except what `.dockerignore` keeps away. */
function copyProject(target: string): void {
  const isIgnored = ignoredBy(readFileSync(join(ROOT, '.dockerignore'), 'utf8'));
  const listed = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const all = execFileSync('git', listed, { cwd: ROOT, encoding: 'utf8', maxBuffer: 64 << 20 });
  for (const file of all.split('\0').filter((each) => each !== '' && !isIgnored(each))) {
    mkdirSync(dirname(join(target, file)), { recursive: true });
    cpSync(join(ROOT, file), join(target, file), { verbatimSymlinks: true });
  }
}
