import type { FromEngine, ToEngine } from './engine-messages.ts';

/** A process that plays, as its supervisor sees it. */
export interface EngineProcess {
  /** Undefined where it could not be started. */
  readonly pid: number | undefined;
  send(message: ToEngine): void;
  /** Lets go of it: it ends by itself. */
  release(): void;
  /** Ends it now. */
  kill(): void;
}

/** What a process tells; all of it later than the call that caused it. */
export interface EngineProcessEvents {
  told(message: FromEngine): void;
  /** It is gone, and why. */
  exited(why: string): void;
}

export type StartEngine = (events: EngineProcessEvents) => EngineProcess;
