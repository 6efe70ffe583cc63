import type { CallId, Refusal } from '@ringline/protocol';
import type { Call, Line } from './call.ts';
import type { ReachableDevice } from './command.ts';

/** What a decision sees: every open call of the users concerned, and the call named even when it is over. */
export interface World {
  readonly calls: readonly Call[];
  /** One for each user concerned and each party of those calls, of version 0 when the user has no row yet. */
  readonly lines: readonly Line[];
  readonly devices: readonly ReachableDevice[];
}

/** What the sender of the command is told; `call` is the surviving one when glare merged two. */
export type Outcome =
  | { readonly ok: true; readonly call?: CallId }
  | { readonly ok: false; readonly refusal: Refusal };

/**
 * Everything that changes, to be committed together or not at all. Calls and lines are whole
 * and one version on; a call of version 1 is new. A refusal may come with changes: deadlines
 * that had passed before the command came.
 */
export interface Decision {
  readonly outcome: Outcome;
  readonly calls: readonly Call[];
  readonly lines: readonly Line[];
}
