/** A final frame of text (RFC 6455 §5.2). */
const FINAL_TEXT = 0x81;
/** Lengths up to here stand in the second byte; then these values say that 2 or 8 bytes follow. */
const MAX_SHORT_LENGTH = 125;
const LENGTH_IN_2_BYTES = 126;
const LENGTH_IN_8_BYTES = 127;
const MAX_LENGTH_IN_2_BYTES = 0xffff;

/** Texts as a server puts them on the wire, one frame each, unmasked and uncompressed. */
export function textFrames(texts: readonly string[]): Buffer {
  let size = 0;
  for (const text of texts) size += sizeOfFrame(Buffer.byteLength(text));
  const frames = Buffer.allocUnsafe(size);
  let at = 0;
  for (const text of texts) {
    at = writeHead(frames, at, Buffer.byteLength(text));
    at += frames.write(text, at);
  }
  return frames;
}

function sizeOfFrame(length: number): number {
  if (length <= MAX_SHORT_LENGTH) return 2 + length;
  return (length <= MAX_LENGTH_IN_2_BYTES ? 4 : 10) + length;
}

/** Returns where the text begins. */
function writeHead(frames: Buffer, at: number, length: number): number {
  frames[at] = FINAL_TEXT;
  if (length <= MAX_SHORT_LENGTH) {
    frames[at + 1] = length;
    return at + 2;
  }
  if (length <= MAX_LENGTH_IN_2_BYTES) {
    frames[at + 1] = LENGTH_IN_2_BYTES;
    return frames.writeUInt16BE(length, at + 2);
  }
  frames[at + 1] = LENGTH_IN_8_BYTES;
  return frames.writeBigUInt64BE(BigInt(length), at + 2);
}
