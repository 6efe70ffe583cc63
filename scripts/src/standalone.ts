import { buildForBrowsers } from './browser-build.ts';

const SOURCE = 'src/standalone.ts';

/** The UI kit and the SDK, with all that they import, as one ES module that a page loads by itself. */
export async function standaloneModule(): Promise<string> {
  const [chunk] = await buildForBrowsers('elements', SOURCE, { codeSplitting: false });
  if (chunk === undefined) throw new Error(`Nothing was built of ${SOURCE} of the UI kit.`);
  return chunk.code;
}
