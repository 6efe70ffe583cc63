import type { CallId, CallVersion, CallView } from '@ringline/protocol';

/** Ended calls whose last version is remembered: more than are under way to one device at any moment. */
const REMEMBERED_ENDS = 64;

/** Which views a device has been told on its connection. */
export class CallsTold {
  // Most connections are in no call at any moment, and an empty map is not small.
  #open: Map<CallId, number> | undefined;
  #ended: Map<CallId, number> | undefined;

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
    return [...(this.#open ?? [])].map(([id, version]) => ({ id, version }));
  }

  isOpen(call: CallId): boolean {
    return this.#open?.has(call) ?? false;
  }

  /** Notes the view; false when a newer one was told: read earlier and told later, it would bring an ended call back. */
  note({ id, version, state }: CallView): boolean {
    if (version < (this.#open?.get(id) ?? this.#ended?.get(id) ?? 0)) return false;
    if (state === 'ended') this.#end(id, version);
    else (this.#open ??= new Map()).set(id, version);
    return true;
  }

  /** The call is over, and the device does not ask how. */
  close(id: CallId): void {
    const version = this.#open?.get(id);
    if (version !== undefined) this.#end(id, version);
  }

  #end(id: CallId, version: number): void {
    this.#open?.delete(id);
    const ended = (this.#ended ??= new Map());
    ended.set(id, version);
    const [oldest] = ended.keys();
    if (ended.size > REMEMBERED_ENDS && oldest !== undefined) ended.delete(oldest);
  }
}
