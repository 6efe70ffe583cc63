import { matchesGlob } from 'node:path';

/**
 * Whether a `.dockerignore` keeps a file from the builder. The last pattern that matches the file
 * or a folder above it decides; `!` takes it in again. Paths are relative, with forward slashes.
 */
export function ignoredBy(dockerignore: string): (file: string) => boolean {
  const lines = dockerignore.split(/\r?\n/).map((line) => line.trim());
  const patterns = lines.filter((line) => line !== '' && !line.startsWith('#'));
  const rules = patterns.map((line) => ({
    keeps: line.startsWith('!'),
    pattern: line.replace(/^!/, ''),
  }));
  return (file) => {
    const names = file.split('/');
    const paths = names.map((_, index) => names.slice(0, index + 1).join('/'));
    const last = rules.findLast(({ pattern }) => paths.some((path) => matches(path, pattern)));
    return last !== undefined && !last.keeps;
  };
}

/** A name that begins with a dot is matched like any other there; by Node's globs it is not. */
function matches(path: string, pattern: string): boolean {
  const plain = (text: string) => text.replaceAll(/(^|\/)\./g, '$1dot-');
  return matchesGlob(plain(path), plain(pattern));
}
