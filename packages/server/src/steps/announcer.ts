import type { Call } from '@ringline/call';
import { isMissed } from '@ringline/protocol';
import type { UserId } from '@ringline/protocol';
import type { Bus } from '../cluster/bus.ts';
import type { Step, StoredInboxItem } from '../store/store.ts';

/** Tells whom it concerns what has been committed. */
export class Announcer {
  readonly #bus: Bus;
  #watch: (call: Call) => void = () => {};

  constructor(bus: Bus) {
    this.#bus = bus;
  }

  /** Who on this node looks at every call that it has committed. */
  onCall(watch: (call: Call) => void): void {
    this.#watch = watch;
  }

  /** Whole calls to both their users, items to the owner of the inbox. */
  announce(calls: readonly Call[], inbox: readonly StoredInboxItem[]): void {
    for (const call of calls) {
      this.#watch(call);
      this.#bus.publish({ kind: 'call', to: call.caller.user, call });
      this.#bus.publish({ kind: 'call', to: call.callee.user, call });
    }
    for (const { owner, item } of inbox) this.#bus.publish({ kind: 'inbox', to: owner, item });
  }

  /** That these users have missed more calls than before, or fewer that they have not seen. */
  announceMissed({ records, seen }: Pick<Step, 'records' | 'seen'>): void {
    for (const { callee } of records.filter(isMissed)) this.#tellMissed(callee);
    for (const { user } of seen) this.#tellMissed(user);
  }

  #tellMissed(to: UserId): void {
    this.#bus.publish({ kind: 'missed', to });
  }

  /** That conversations of these users changed. */
  announceRevised(users: readonly UserId[]): void {
    for (const user of users) this.#bus.publish({ kind: 'conversations', to: user });
  }
}
