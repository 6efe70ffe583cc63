import type { Notes } from '@ringline/client';
import type { InvitationId } from '@ringline/protocol';
import { flawOfCallId } from '@ringline/protocol';
import { MAX_ACCEPTED_KEPT } from '../timing.ts';

/** Ids of invitations that were accepted and may still become a call, the oldest first; noted so that a page loaded anew knows them. */
export class Accepted {
  readonly #notes: Notes | null;
  #ids: readonly InvitationId[];

  constructor(notes: Notes | null) {
    this.#notes = notes;
    this.#ids = idsIn(notes?.read() ?? '[]');
  }

  get ids(): readonly InvitationId[] {
    return this.#ids;
  }

  has(id: InvitationId): boolean {
    return this.#ids.includes(id);
  }

  add(id: InvitationId): void {
    this.#keep([...this.#ids.filter((each) => each !== id), id].slice(-MAX_ACCEPTED_KEPT));
  }

  remove(id: InvitationId): void {
    if (this.has(id)) this.#keep(this.#ids.filter((each) => each !== id));
  }

  clear(): void {
    this.#keep([]);
  }

  #keep(ids: readonly InvitationId[]): void {
    this.#ids = ids;
    this.#notes?.write(JSON.stringify(ids));
  }
}

/** A note is what any script of the page has left there. */
function idsIn(text: string): readonly InvitationId[] {
  try {
    const noted: unknown = JSON.parse(text);
    if (!Array.isArray(noted)) return [];
    return noted.filter(isInvitationId).slice(-MAX_ACCEPTED_KEPT);
  } catch {
    return [];
  }
}

function isInvitationId(id: unknown): id is InvitationId {
  return typeof id === 'string' && flawOfCallId(id) === undefined;
}
