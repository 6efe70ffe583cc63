import type { CallId, CallVersion, CallView } from '@ringline/protocol';

/** Ended calls whose last version is remembered: more than are under way to one device at any moment. */
const REMEMBERED_ENDS = 64;

/** What was told last of a call, and when that was invited: the id of one that is over may come to name another. */
interface Told {
  readonly version: number;
  readonly invitedAt: number;
}

/** Which views a device has been told on its connection. */
export class CallsTold {
  // Most connections are in no call at any moment, and an empty map is not small.
  #open: Map<CallId, Told> | undefined;
  #ended: Map<CallId, Told> | undefined;

  /** Whether a loss of the device would be felt by somebody. */
  get anyOpen(): boolean {
    return this.#open !== undefined && this.#open.size > 0;
  }

  /** The calls that are open, as far as the device was told. */
  get open(): readonly CallId[] {
    return [...(this.#open?.keys() ?? [])];
  }

  /** Those, with the versions that it was told. */
  get versions(): readonly CallVersion[] {
    return [...(this.#open ?? [])].map(([id, { version }]) => ({ id, version }));
  }

  isOpen(call: CallId): boolean {
    return this.#open?.has(call) ?? false;
  }

  /** Notes the view; false when a newer one was told: read earlier and told later, it would bring an ended call back. */
  note({ id, version, state }: CallView, invitedAt: number): boolean {
    const told = { version, invitedAt };
    const before = this.#open?.get(id) ?? this.#ended?.get(id);
    if (before && isOlder(told, before)) return false;
    if (state === 'ended') this.#end(id, told);
    else (this.#open ??= new Map()).set(id, told);
    return true;
  }

  /** The call is over, and the device does not ask how. */
  close(id: CallId): void {
    const told = this.#open?.get(id);
    if (told) this.#end(id, told);
  }

  #end(id: CallId, told: Told): void {
    this.#open?.delete(id);
    const ended = (this.#ended ??= new Map<CallId, Told>());
    ended.set(id, told);
    const [oldest] = ended.keys();
    if (ended.size > REMEMBERED_ENDS && oldest !== undefined) ended.delete(oldest);
  }
}

/** Of an earlier call of the id, or of an earlier version of the same. */
function isOlder(one: Told, other: Told): boolean {
  return one.invitedAt === other.invitedAt
    ? one.version < other.version
    : one.invitedAt < other.invitedAt;
}
