import type { Randomness } from '../../randomness.ts';

/** The payload type of Opus in every offer: what browsers use for it themselves. */
export const OPUS_PAYLOAD_TYPE = 111;

const VERSION = 0x80;
const MARKER = 0x80;
const HEADER_BYTES = 12;

/** The packets of one source (RFC 3550 §5.1), with numbers that nobody can guess. */
export class RtpStream {
  readonly #ssrc: number;
  readonly #firstTimestamp: number;
  #sequence: number;

  constructor(ssrc: number, randomness: Randomness) {
    const random = Buffer.from(randomness.bytes(6));
    this.#ssrc = ssrc;
    this.#firstTimestamp = random.readUInt32BE(0);
    this.#sequence = random.readUInt16BE(4);
  }

  /** The next packet: its payload, at how many samples since the beginning it sounds, and whether it begins after silence. */
  next(payload: Uint8Array, at: number, isFirstOfSound: boolean): Buffer {
    const packet = Buffer.allocUnsafe(HEADER_BYTES + payload.length);
    packet[0] = VERSION;
    packet[1] = isFirstOfSound ? MARKER | OPUS_PAYLOAD_TYPE : OPUS_PAYLOAD_TYPE;
    packet.writeUInt16BE(this.#sequence, 2);
    packet.writeUInt32BE((this.#firstTimestamp + at) % 2 ** 32, 4);
    packet.writeUInt32BE(this.#ssrc, 8);
    packet.set(payload, HEADER_BYTES);
    this.#sequence = (this.#sequence + 1) % 2 ** 16;
    return packet;
  }
}
