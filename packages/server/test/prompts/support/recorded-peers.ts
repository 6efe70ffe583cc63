import type { Answer } from '../../../src/prompts/engine/answer.ts';
import type { Peer, PeerEvents, Peers, Source } from '../../../src/prompts/engine/peer.ts';

/** A connection that notes what is sent, and tells what a test wants. */
export class RecordedPeer implements Peer {
  readonly source: Source;
  readonly answer: Answer;
  readonly events: PeerEvents;
  readonly packets: Buffer[] = [];
  isClosed = false;

  constructor(source: Source, answer: Answer, events: PeerEvents) {
    this.source = source;
    this.answer = answer;
    this.events = events;
  }

  send(packet: Buffer): void {
    this.packets.push(packet);
  }

  close(): void {
    this.isClosed = true;
  }
}

/** Connections in the order in which devices were let in. */
export class RecordedPeers implements Peers {
  readonly all: RecordedPeer[] = [];
  /** Whether there is room for no more. */
  isFull = false;

  offer({ ssrc }: Source): string {
    return `offer of ${ssrc}`;
  }

  connect(source: Source, answer: Answer, events: PeerEvents): Peer {
    if (this.isFull) throw new Error('Too many open files');
    const peer = new RecordedPeer(source, answer, events);
    this.all.push(peer);
    return peer;
  }
}
