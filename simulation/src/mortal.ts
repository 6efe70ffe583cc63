import type { Store } from '@ringline/server';
import { StoreFault } from '@ringline/server';
import type { ProcessClock } from '@ringline/testkit';

/**
 * A store as one process meets it: it asks in vain once it is dead, and hears no answer to what
 * it asked before; while the store is away every request fails, done or not.
 */
export function mortalStore(store: Store, clock: ProcessClock, isAway: () => boolean): Store {
  return new Proxy(store, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return async (...given: unknown[]) => {
        if (clock.isDead) return never();
        if (isAway()) throw new StoreFault('the store is away', undefined);
        const answer: unknown = await Reflect.apply(member, target, given);
        if (hasDied(clock)) return never();
        // It may have gone away after it did what was asked.
        if (isAway()) throw new StoreFault('the store went away', undefined, true);
        return answer;
      };
    },
  });
}

function hasDied(clock: ProcessClock): boolean {
  return clock.isDead;
}

function never(): Promise<never> {
  return new Promise(() => undefined);
}
