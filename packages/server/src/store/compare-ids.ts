/** Orders ids as their UTF-8 bytes do (UTF-16 orders surrogate pairs before U+E000). */
export function compareIds(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
