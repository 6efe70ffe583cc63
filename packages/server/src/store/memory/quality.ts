import type { CallId, UserId } from '@ringline/protocol';
import type { CallQuality } from '../store.ts';
import { compareIds } from '../compare-ids.ts';
import { freeze } from './freeze.ts';

/** What users reported of the quality of their calls: the last word of each. */
export class MemoryQuality {
  readonly #calls = new Map<CallId, Map<UserId, CallQuality>>();

  of(calls: readonly CallId[]): readonly CallQuality[] {
    return calls.flatMap((call) =>
      [...(this.#calls.get(call)?.values() ?? [])].toSorted((a, b) => compareIds(a.user, b.user)),
    );
  }

  write(quality: CallQuality): void {
    const users = this.#calls.get(quality.call) ?? new Map<UserId, CallQuality>();
    this.#calls.set(quality.call, users.set(quality.user, freeze(quality)));
  }

  remove(call: CallId): void {
    this.#calls.delete(call);
  }
}
