import { isOpenInvitationState } from '@ringline/call';
import type { InvitationId, InvitationVersion, InvitationView } from '@ringline/protocol';
import { MAX_NAMED_INVITATIONS } from '@ringline/protocol';

/**
 * So many that are over are remembered, the latest: an older view of one can come only of a heartbeat that
 * was answered while it ended, and one heartbeat tells no more; as many may have ended meanwhile.
 */
export const MAX_OVER_TOLD = 2 * MAX_NAMED_INVITATIONS;

/** Which version of which bare invitation one page was told. */
export class InvitationsTold {
  readonly #open = new Map<InvitationId, number>();
  /** The latest last. */
  readonly #over = new Map<InvitationId, number>();

  /** Whether the view is newer than what the page was told; from now on it has been. */
  note({ id, version, state }: InvitationView): boolean {
    if (version <= (this.#open.get(id) ?? this.#over.get(id) ?? 0)) return false;
    if (isOpenInvitationState(state)) this.#open.set(id, version);
    else this.#end(id, version);
    return true;
  }

  /** Those that are open, as far as the page was told, with the versions that it was told. */
  get versions(): readonly InvitationVersion[] {
    return [...this.#open].map(([id, version]) => ({ id, version }));
  }

  /** Nothing more will be told of these. */
  forget(ids: readonly InvitationId[]): void {
    for (const id of ids) {
      this.#open.delete(id);
      this.#over.delete(id);
    }
  }

  #end(id: InvitationId, version: number): void {
    this.#open.delete(id);
    this.#over.set(id, version);
    if (this.#over.size <= MAX_OVER_TOLD) return;
    const [oldest] = this.#over.keys();
    if (oldest !== undefined) this.#over.delete(oldest);
  }
}
