import type { RinglineClient, UserId } from '@ringline/client';
import { RinglineError } from '@ringline/client';
import type {
  Answer,
  AnswerTo,
  ExtensionLine,
  InsistOptions,
  RequestBody,
  RequestOptions,
} from '@ringline/client/extension';
import type { RtmGot } from '@ringline/protocol';
import type { CodeName, Dialect } from './dialect.ts';
import type { Failures } from './rtm-error.ts';
import { RtmError, vendorError } from './rtm-error.ts';

/** A login that stands, or comes back by itself. */
export interface Standing {
  readonly uid: UserId;
  readonly client: RinglineClient;
  readonly line: ExtensionLine;
  /** Its token has expired: until there is another, the server forbids most of what is said. */
  readonly isTokenOver: boolean;
}

/** How it is asked what only reads: it holds nothing up. */
export const READING: RequestOptions = { isKept: false };

/** What parts of a door say to the server, and the vendor's errors of it. */
export class Line {
  readonly dialect: Dialect;
  /** A random id, of a message or an invitation. */
  readonly freshId: () => string;
  readonly #standing: () => Standing | undefined;
  /** Resolve what waits for a token that is good. */
  #waiting: readonly (() => void)[] = [];

  constructor(dialect: Dialect, freshId: () => string, standing: () => Standing | undefined) {
    this.dialect = dialect;
    this.freshId = freshId;
    this.#standing = standing;
  }

  get isLoggedIn(): boolean {
    return this.#standing() !== undefined;
  }

  get isConnected(): boolean {
    return this.#standing()?.client.connectionState === 'connected';
  }

  /** Who is logged in; empty when nobody is. */
  get uid(): UserId {
    return this.#standing()?.uid ?? '';
  }

  /** The login; throws when there is none. */
  require({ notLoggedIn }: Failures): Standing {
    const standing = this.#standing();
    if (standing === undefined) throw this.error(notLoggedIn, 'Log in first.');
    return standing;
  }

  /** Asks the server once; rejects with the vendor's error. */
  async ask<Body extends RequestBody>(
    failures: Failures,
    build: () => Body,
    options?: RequestOptions,
  ): Promise<AnswerTo<Body>> {
    const { line } = this.require(failures);
    try {
      return await line.requests.request(build, options);
    } catch (error) {
      throw this.failed(failures, error);
    }
  }

  /** Says what must be done, until the server does it or refuses it for good. */
  insist(build: () => RequestBody, isWanted = () => true, options?: InsistOptions): void {
    this.insistOn(build, isWanted, options).catch(() => undefined);
  }

  /** As `insist`, while it is wanted; resolves with the answer, false when it was not done, rejects with what refuses it for good. */
  async insistOn(
    build: () => RequestBody,
    isWanted = () => true,
    options?: InsistOptions,
  ): Promise<Answer | false> {
    const standing = this.#standing();
    if (standing === undefined) return false;
    try {
      return await standing.line.requests.insist(build, isWanted, options);
    } catch (error) {
      if (!isForbidden(error) || !standing.isTokenOver) throw error;
    }
    await new Promise<void>((resolve) => (this.#waiting = [...this.#waiting, resolve]));
    // Another login has nothing to do with it.
    return standing === this.#standing() && this.insistOn(build, isWanted, options);
  }

  /** A token was taken, or the login is over: what an expired one forbade is said again, or never. */
  renewed(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  /** Said if there is a connection, and not answered. */
  say(message: RtmGot): void {
    this.#standing()?.line.say(message);
  }

  error(name: CodeName, words: string): RtmError {
    return new RtmError(this.dialect.codes, name, words);
  }

  failed(failures: Failures, error: unknown): RtmError {
    return vendorError(this.dialect.codes, failures, error);
  }
}

function isForbidden(error: unknown): boolean {
  return error instanceof RinglineError && error.code === 'forbidden';
}
