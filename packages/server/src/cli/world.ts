import type { Config } from '../config/config.ts';
import type { Store } from '../store/store.ts';
import type { TransferProgress } from '../store/transfer.ts';

/** A server that runs. */
export interface Running {
  /** Where it listens, as in `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Stops gracefully: devices are told, what is under way is finished. */
  close(): Promise<void>;
}

/** Builds and starts a server. */
export type Compose = (config: Config) => Promise<Running>;

/** What a command may touch outside itself. */
export interface World {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly compose: Compose;
  /** Opens what the configuration names, and brings it to its newest shape; rejects with StoreFault when it cannot. */
  openStore(config: Config): Promise<Store>;
  /**
   * Copies everything from the file in DATA_DIR into the empty database of DATABASE_URL, and resolves
   * with the number of rows; rejects with StoreFault, and has copied nothing, when it cannot.
   */
  transferStore(config: Config, tell: (progress: TransferProgress) => void): Promise<number>;
  readFile(path: string): string;
  /** Prints what was asked for. */
  out(text: string): void;
  /** Prints what went wrong. */
  err(text: string): void;
  /** Epoch milliseconds. */
  now(): number;
  /** Resolves when the process is asked to stop. */
  stopAsked(): Promise<void>;
}

/** What a command's end means to the shell. */
export const EXIT = { done: 0, failed: 1, usage: 2 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
