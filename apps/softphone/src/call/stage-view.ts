import type { Peer } from '@ringline/client';

/** One appearance of the call area. */
export interface StageView {
  readonly element: HTMLElement;
  /** Whether the user has answered and that is on its way: it need not ring any more. */
  isAnswering?(): boolean;
  /** The call changed. */
  update(): void;
  /** Another appearance takes its place. */
  close(): void;
}

/** What the call area knows beside the call itself. */
export interface Knowledge {
  nameOf(peer: Peer): string;
  isServerAway(): boolean;
}

/** Runs what the user asked for and says on the screen when it fails. */
export type Attempt = (act: () => Promise<unknown>) => void;
