import { readFileSync } from 'node:fs';

/** A body as the vendor's documentation prints it. */
export function sample(name: string): string {
  return readFileSync(new URL(`samples/${name}`, import.meta.url), 'utf8');
}
