import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { ROOT, tool } from '../paths.ts';
import { run } from '../run.ts';
import { STANDALONES, standaloneCode } from '../standalone.ts';
import type { Manifest } from './manifest.ts';
import { ASSETS, built, builtTypes, publishedManifest } from './manifest.ts';

/** What is published, each after what it imports. */
export const PACKAGES = [
  'protocol',
  'call',
  'client',
  'elements',
  'server',
  'server-kit',
  'compat',
  'testkit',
] as const;
export type PackageName = (typeof PACKAGES)[number];

/** Builds packages into the folder, each with JavaScript and types, and packs them; gives the archives' paths. */
export async function pack(names: readonly PackageName[], folder: string): Promise<string[]> {
  rmSync(folder, { recursive: true, force: true });
  const archives: string[] = [];
  for (const name of names) {
    const stage = join(folder, name);
    await compile(name, folder);
    finish(name, stage);
    for (const standalone of STANDALONES.filter((each) => each.name === name)) {
      const file = built(`./${standalone.source}`);
      writeFileSync(join(stage, file), await standaloneCode(standalone));
    }
    archives.push(await archive(stage, folder));
  }
  return archives;
}

function manifestOf(name: PackageName): Manifest {
  const text = readFileSync(join(ROOT, 'packages', name, 'package.json'), 'utf8');
  return JSON.parse(text) as Manifest;
}

async function compile(name: PackageName, folder: string): Promise<void> {
  const stage = join(folder, name);
  const source = join(ROOT, 'packages', name);
  const compilerOptions = {
    noEmit: false,
    declaration: true,
    rewriteRelativeImportExtensions: true,
    rootDir: join(source, 'src'),
    outDir: join(stage, 'dist'),
    typeRoots: [join(ROOT, 'node_modules/@types')],
    // Against the declarations of what is packed already: sources of another package are not ours to build.
    paths: Object.assign({}, ...PACKAGES.map((each) => declarationsOf(each, folder))) as object,
  };
  const project = join(stage, 'tsconfig.json');
  const config = {
    extends: join(source, 'tsconfig.json'),
    compilerOptions,
    include: [join(source, 'src')],
  };
  mkdirSync(stage, { recursive: true });
  writeFileSync(project, JSON.stringify(config, null, 2));
  await must(tool('tsc'), ['-p', project]);
  rmSync(project);
}

function declarationsOf(name: PackageName, folder: string): Record<string, string[]> {
  const { name: published, exports } = manifestOf(name);
  const entries = Object.entries(exports).map(([entry, file]) => [
    join(published, entry).replaceAll('\\', '/'),
    [join(folder, name, builtTypes(file))],
  ]);
  return Object.fromEntries(entries) as Record<string, string[]>;
}

function finish(name: PackageName, stage: string): void {
  // The compiler rewrites extensions in JavaScript only.
  for (const file of globSync('dist/**/*.d.ts', { cwd: stage })) {
    const path = join(stage, file);
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.replaceAll(/(["'])(\.\.?\/[^"']+)\.ts\1/g, '$1$2.js$1'));
  }
  // What the store sends to PostgreSQL is read from beside the code that sends it.
  for (const file of globSync('**/*.sql', { cwd: join(ROOT, 'packages', name, 'src') })) {
    cpSync(join(ROOT, 'packages', name, 'src', file), join(stage, 'dist', file));
  }
  const source = manifestOf(name);
  const manifest = publishedManifest(source);
  writeFileSync(join(stage, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  for (const folder of ASSETS[source.name] ?? []) {
    cpSync(join(ROOT, 'packages', name, folder), join(stage, folder), { recursive: true });
  }
  cpSync(join(ROOT, 'LICENSE'), join(stage, 'LICENSE'));
  const readme = join(ROOT, 'packages', name, 'README.md');
  if (existsSync(readme)) cpSync(readme, join(stage, 'README.md'));
}

async function archive(stage: string, folder: string): Promise<string> {
  const output = await must('npm', ['pack', stage, '--pack-destination', folder, '--json']);
  const listed: unknown = JSON.parse(output.slice(output.search(/^[[{]/m)));
  const [packed] = Object.values(listed as Record<string, { readonly filename: string }>);
  if (packed === undefined) throw new Error(`npm packed nothing:\n${output}`);
  return join(folder, packed.filename);
}

async function must(program: string, args: readonly string[]): Promise<string> {
  const { code, output } = await run(program, args);
  if (code === 0) return output;
  throw new Error(`${[program, ...args].join(' ')} failed:\n${output}`);
}
