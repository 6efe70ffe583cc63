import { lookup } from 'node:dns';
import type { LookupAddress, LookupAllOptions } from 'node:dns';

/** Gives all addresses of a name, as `dns.lookup` does. */
export type Resolve = (hostname: string, options: LookupAllOptions, done: Resolved) => void;

type Resolved = (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void;

/**
 * Asks for each name once at a time: whoever wants it meanwhile has the same answer. A look-up holds
 * one of two threads until its name server answers, for the whole process, so a name that is not
 * answered shall hold no more than one (docs/why/names-are-asked-once.md).
 */
export function onceAtATime(resolve: Resolve = lookup): Resolve {
  const underWay = new Map<string, Resolved[]>();
  return (hostname, options, done) => {
    const key = JSON.stringify([hostname, options]);
    const waiting = underWay.get(key);
    if (waiting) return void waiting.push(done);
    const all = [done];
    underWay.set(key, all);
    resolve(hostname, options, (error, addresses) => {
      underWay.delete(key);
      for (const each of all) each(error, addresses);
    });
  };
}
