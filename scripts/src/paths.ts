import { globSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the whole project. */
export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Every workspace folder, relative to the root: packages, apps and the three whole-system ones. */
export function workspaces(root = ROOT): string[] {
  const manifests = globSync('{packages/*,apps/*,examples/*,simulation,bench,e2e}/package.json', {
    cwd: root,
  });
  return manifests.map((file) => dirname(file).replaceAll('\\', '/')).sort();
}

/** Files below the root that match, with forward slashes, in a stable order. */
export function files(patterns: string | readonly string[], root = ROOT): string[] {
  return globSync([patterns].flat(), {
    cwd: root,
    exclude: (path) => /(^|[\\/])(node_modules|dist)$/.test(path),
  })
    .map((file) => file.replaceAll('\\', '/'))
    .sort();
}

/** The path of a tool that npm put into `node_modules/.bin`. */
export function tool(name: string): string {
  return join(ROOT, 'node_modules', '.bin', name);
}
