import { buildForBrowsers } from './browser-build.ts';

/** A source that is published with all that it imports in one file: an ES module, or a script that leaves a global. */
interface Standalone {
  /** The package's folder. */
  readonly name: string;
  readonly source: string;
  readonly form: 'module' | 'script';
}

/** The UI kit and the SDK. */
export const KIT: Standalone = { name: 'elements', source: 'src/standalone.ts', form: 'module' };

/** The doors for RTM, each with the SDK. */
export const DOORS: readonly Standalone[] = [
  { name: 'compat', source: 'src/rtm/agora-standalone.ts', form: 'script' },
  { name: 'compat', source: 'src/rtm/anyrtc-standalone.ts', form: 'script' },
];

/** Everything that a page without a bundler loads by itself. */
export const STANDALONES: readonly Standalone[] = [KIT, ...DOORS];

/** Such a file's text. */
export async function standaloneCode({ name, source, form }: Standalone): Promise<string> {
  const format = form === 'module' ? 'es' : 'iife';
  const [chunk] = await buildForBrowsers(name, source, { codeSplitting: false, format });
  if (chunk === undefined) throw new Error(`Nothing was built of packages/${name}/${source}.`);
  return chunk.code;
}
