/** One appearance of the call area. */
export interface StageView {
  readonly element: HTMLElement;
  /** The call changed. */
  update(): void;
  /** Another appearance takes its place. */
  close(): void;
}

/** Runs what the user asked for and says on the screen when it fails. */
export type Attempt = (act: () => Promise<unknown>) => void;
