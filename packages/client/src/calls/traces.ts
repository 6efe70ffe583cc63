import type { CallId } from '@ringline/protocol';

/** Where a device keeps a note that outlives its page: one text. */
export interface Notes {
  read(): string | null;
  write(text: string): void;
}

/** What a device must still know of a call when its page is loaded anew. */
export interface Trace {
  /** The user has left it at this time, epoch milliseconds; the server may not know. */
  readonly leftAt?: number;
  readonly muted?: boolean;
  readonly cameraOff?: boolean;
}

/** Calls of which something is kept: the open ones, and those whose end the server has not heard. */
const KEPT_CALLS = 8;

/** Keeps a word about each call across reloads, so that none comes back with an open microphone. */
export class Traces {
  readonly #notes: Notes | null;
  readonly #calls: Map<CallId, Trace>;

  constructor(notes: Notes | null) {
    this.#notes = notes;
    this.#calls = new Map(entriesOf(notes?.read() ?? null));
  }

  of(call: CallId): Trace {
    return this.#calls.get(call) ?? {};
  }

  note(call: CallId, trace: Trace): void {
    this.#calls.set(call, { ...this.of(call), ...trace });
    const [oldest] = this.#calls.keys();
    if (this.#calls.size > KEPT_CALLS && oldest !== undefined) this.#calls.delete(oldest);
    this.#write();
  }

  /** The server knows that it is over: there is nothing left to know. */
  forget(call: CallId): void {
    if (this.#calls.delete(call)) this.#write();
  }

  #write(): void {
    this.#notes?.write(JSON.stringify([...this.#calls]));
  }
}

/** What an earlier page wrote; anything else counts as nothing. */
function entriesOf(text: string | null): [CallId, Trace][] {
  try {
    const entries: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(entries) ? entries.filter(isEntry) : [];
  } catch {
    return [];
  }
}

function isEntry(value: unknown): value is [CallId, Trace] {
  return Array.isArray(value) && typeof value[0] === 'string' && typeof value[1] === 'object';
}
