import { INBOX_WINDOW, INBOX_WINDOW_BYTES } from '@ringline/protocol';

interface Sent {
  readonly cursor: number;
  readonly bytes: number;
}

/** What was sent to a device and is not acknowledged: bounded in items and in bytes. */
export class SendWindow {
  readonly #sent: Sent[] = [];
  #bytes = 0;
  /** The last cursor sent. */
  last: number;

  constructor(from: number) {
    this.last = from;
  }

  /** Whether one more item may be sent; one always may when nothing is under way. */
  get isOpen(): boolean {
    return this.#sent.length < INBOX_WINDOW && this.#bytes < INBOX_WINDOW_BYTES;
  }

  send(cursor: number, bytes: number): void {
    this.#sent.push({ cursor, bytes });
    this.#bytes += bytes;
    this.last = cursor;
  }

  /** The device has everything up to here. */
  acknowledge(cursor: number): void {
    const left = this.#sent.findIndex((sent) => sent.cursor > cursor);
    const done = this.#sent.splice(0, left === -1 ? this.#sent.length : left);
    for (const { bytes } of done) this.#bytes -= bytes;
  }
}
