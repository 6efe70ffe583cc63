import type { Randomness } from '../../randomness.ts';
import type { Answer } from './answer.ts';

/** By what a device recognizes one connection of the engine, and proves that it was offered it. */
export interface Source {
  readonly ssrc: number;
  readonly ufrag: string;
  readonly password: string;
}

/** Who takes devices, by one UDP port. */
export interface Peers {
  /** The offer of a connection, complete with candidates; nothing is held for it. */
  offer(source: Source): string;
  /** Lets in the device that gave this answer. Throws when that cannot be done. */
  connect(source: Source, answer: Answer, events: PeerEvents): Peer;
}

/** A connection to one device that only sends sound. */
export interface Peer {
  /** Sends an RTP packet; one that cannot be sent is lost, as packets are. */
  send(packet: Buffer): void;
  close(): void;
}

/** What a connection tells, never while it is asked for something. */
export interface PeerEvents {
  /** From now on packets arrive. */
  opened(): void;
  /** It will not come back. */
  lost(why: string): void;
}

/** A source that nobody can guess: 48 bits of user fragment, 144 of password (RFC 8445 §5.3 asks for 24 and 128). */
export function makeSource(randomness: Randomness): Source {
  const random = Buffer.from(randomness.bytes(28));
  return {
    ssrc: random.readUInt32BE(0),
    ufrag: random.subarray(4, 10).toString('base64'),
    password: random.subarray(10).toString('base64'),
  };
}
