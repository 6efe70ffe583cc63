/** RFC 6455 §5.2, as much of it as a client meets that sends and receives whole text messages. */
export const OPCODE = { text: 1, close: 8, ping: 9, pong: 10 } as const;

const FINAL = 0x80;
const MASKED = 0x80;
const LENGTH_IN_16_BITS = 126;
const LENGTH_IN_64_BITS = 127;
const MASK_BYTES = 4;

/** A client's frame. Its mask is all zeros, so that the payload is written as it is. */
export function clientFrame(payload: string | Buffer, opcode: number = OPCODE.text): Buffer {
  const bytes = Buffer.byteLength(payload);
  const isShort = bytes < LENGTH_IN_16_BITS;
  const start = (isShort ? 2 : 4) + MASK_BYTES;
  const frame = Buffer.alloc(start + bytes);
  frame[0] = FINAL | opcode;
  frame[1] = MASKED | (isShort ? bytes : LENGTH_IN_16_BITS);
  if (!isShort) frame.writeUInt16BE(bytes, 2);
  if (typeof payload === 'string') frame.write(payload, start);
  else payload.copy(frame, start);
  return frame;
}

/** Cuts a server's bytes into frames, whatever pieces they come in. */
export class FrameReader {
  readonly #hear: (opcode: number, payload: Buffer) => void;
  #rest: Buffer = Buffer.alloc(0);

  constructor(hear: (opcode: number, payload: Buffer) => void) {
    this.#hear = hear;
  }

  read(chunk: Buffer): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    for (let end = endOfFrame(bytes, at); end !== undefined; end = endOfFrame(bytes, at)) {
      this.#hear((bytes[at] ?? 0) & 0x0f, bytes.subarray(payloadStart(bytes, at), end));
      at = end;
    }
    this.#rest = bytes.subarray(at);
  }
}

function payloadStart(bytes: Buffer, at: number): number {
  const short = bytes[at + 1] ?? 0;
  if (short < LENGTH_IN_16_BITS) return at + 2;
  return at + (short === LENGTH_IN_16_BITS ? 4 : 10);
}

/** Where the frame that starts here ends, or undefined while it is not whole. */
function endOfFrame(bytes: Buffer, at: number): number | undefined {
  if (bytes.length < at + 2) return undefined;
  const start = payloadStart(bytes, at);
  if (bytes.length < start) return undefined;
  const end = start + payloadLength(bytes, at);
  return end <= bytes.length ? end : undefined;
}

function payloadLength(bytes: Buffer, at: number): number {
  const short = bytes[at + 1] ?? 0;
  if (short === LENGTH_IN_16_BITS) return bytes.readUInt16BE(at + 2);
  if (short === LENGTH_IN_64_BITS) return Number(bytes.readBigUInt64BE(at + 2));
  return short;
}
