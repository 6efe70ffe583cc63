import type { Answer } from './answer.ts';

/** A connection to one device that only sends sound. */
export interface Peer {
  /** Throws when the answer cannot be used after all. */
  answer(answer: Answer): void;
  /** Sends an RTP packet; one that cannot be sent is lost, as packets are. */
  send(packet: Buffer): void;
  close(): void;
}

/** What a connection tells, never while it is asked for something. */
export interface PeerEvents {
  offered(sdp: string): void;
  /** From now on packets arrive. */
  opened(): void;
  /** It will not come back. */
  lost(why: string): void;
}

/** Begins a connection whose packets carry this source. */
export type OpenPeer = (ssrc: number, events: PeerEvents) => Peer;
