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

/** Keeps a word about each call across reloads, so that none comes back with an open microphone. */
export class Traces {
  readonly #notes: Notes | null;
  readonly #calls: Map<CallId, Trace>;

  constructor(notes: Notes | null) {
    this.#notes = notes;
    this.#calls = tracesIn(notes?.read() ?? '[]');
  }

  of(call: CallId): Trace {
    return this.#calls.get(call) ?? {};
  }

  note(call: CallId, trace: Trace): void {
    this.#calls.set(call, { ...this.of(call), ...trace });
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

/** What an earlier page wrote; what cannot be read counts as nothing. */
function tracesIn(text: string): Map<CallId, Trace> {
  try {
    return new Map(JSON.parse(text) as [CallId, Trace][]);
  } catch {
    return new Map();
  }
}
