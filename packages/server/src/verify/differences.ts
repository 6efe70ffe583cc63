import { isDeepStrictEqual } from 'node:util';

/** What one has otherwise than the other, in sentences: the field, what is there, and what should be. */
export function differences(
  what: string,
  one: object,
  source: string,
  other: object,
): readonly string[] {
  const is = new Map<string, unknown>(Object.entries(one));
  const should = new Map<string, unknown>(Object.entries(other));
  return [...new Set([...is.keys(), ...should.keys()])].flatMap((name) => {
    const [there, due] = [is.get(name), should.get(name)];
    if (isDeepStrictEqual(there, due)) return [];
    return [`${what} has ${name} ${JSON.stringify(there)}, ${source} ${JSON.stringify(due)}`];
  });
}
