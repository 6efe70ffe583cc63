import type { Answer } from '../../../src/prompts/engine/answer.ts';
import type { OpenPeer, Peer, PeerEvents } from '../../../src/prompts/engine/peer.ts';

/** A connection that notes what is sent, and tells what a test wants. */
export class RecordedPeer implements Peer {
  readonly ssrc: number;
  readonly events: PeerEvents;
  readonly answers: Answer[] = [];
  readonly packets: Buffer[] = [];
  /** What its native part says of an answer that passed our own look at it. */
  complains = false;
  isClosed = false;

  constructor(ssrc: number, events: PeerEvents) {
    this.ssrc = ssrc;
    this.events = events;
  }

  answer(answer: Answer): void {
    if (this.complains) throw new Error('libdatachannel error while adding remote description');
    this.answers.push(answer);
  }

  send(packet: Buffer): void {
    this.packets.push(packet);
  }

  close(): void {
    this.isClosed = true;
  }
}

/** Connections in the order in which they were opened. */
export class RecordedPeers {
  readonly all: RecordedPeer[] = [];
  /** Whether there is room for no more. */
  isFull = false;
  readonly open: OpenPeer = (ssrc, events) => {
    if (this.isFull) throw new Error('Too many open files');
    const peer = new RecordedPeer(ssrc, events);
    this.all.push(peer);
    return peer;
  };
}
