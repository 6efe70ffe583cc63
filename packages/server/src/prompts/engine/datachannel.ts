import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { Audio, IceUdpMuxListener, PeerConnection, cleanup } from 'node-datachannel';
import type { Track } from 'node-datachannel';
import { MID, writeAnswer } from './answer.ts';
import { withAddresses } from './offer.ts';
import type { OpenPeer, Peer, PeerEvents } from './peer.ts';
import { OPUS_PAYLOAD_TYPE } from './rtp-stream.ts';

/** States of a connection that lead to no other (W3C WebRTC §4.4.3), and one that leads nowhere in a connection without ICE restarts. */
const OVER = ['disconnected', 'failed', 'closed'];

/** The one UDP port of all connections. */
export interface UdpPort {
  readonly number: number;
  readonly openPeer: OpenPeer;
  close(): void;
}

/** Takes the port, or gives undefined when somebody else has it; 0 is any free one. */
export async function takePort(
  wanted: number,
  addresses: readonly string[],
): Promise<UdpPort | undefined> {
  const number = wanted === 0 ? await freePort() : wanted;
  try {
    // Held from now on: connections come and go, and nobody takes it in between.
    const held = new IceUdpMuxListener(number);
    const close = () => {
      held.stop();
      cleanup();
    };
    const openPeer: OpenPeer = (ssrc, events) =>
      new DatachannelPeer({ port: number, addresses, ssrc }, events);
    return { number, openPeer, close };
  } catch {
    return undefined;
  }
}

async function freePort(): Promise<number> {
  const socket = createSocket('udp4').bind(0);
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  await once(socket, 'close');
  return port;
}

interface Place {
  readonly port: number;
  readonly addresses: readonly string[];
  readonly ssrc: number;
}

class DatachannelPeer implements Peer {
  readonly #connection: PeerConnection;
  readonly #track: Track;

  constructor({ port, addresses, ssrc }: Place, events: PeerEvents) {
    const ports = { enableIceUdpMux: true, portRangeBegin: port, portRangeEnd: port };
    const plain = { iceServers: [], disableAutoNegotiation: true };
    this.#connection = new PeerConnection('', { ...plain, ...ports });
    this.#connection.onGatheringStateChange((state) => {
      const sdp = state === 'complete' ? this.#connection.localDescription()?.sdp : undefined;
      if (sdp !== undefined) events.offered(withAddresses(sdp, addresses));
    });
    this.#connection.onStateChange((state) => {
      if (OVER.includes(state)) events.lost(state);
    });
    this.#track = this.#connection.addTrack(soundOf(ssrc));
    this.#track.onOpen(() => events.opened());
    this.#connection.setLocalDescription('offer');
  }

  answer(answer: Parameters<Peer['answer']>[0]): void {
    this.#connection.setRemoteDescription(writeAnswer(answer), 'answer');
  }

  send(packet: Buffer): void {
    if (!this.#track.isOpen()) return;
    try {
      this.#track.sendMessageBinary(packet);
    } catch {
      // The device left between the question and the packet.
    }
  }

  close(): void {
    this.#connection.close();
  }
}

function soundOf(ssrc: number) {
  const sound = new Audio(MID, 'SendOnly');
  sound.addOpusCodec(OPUS_PAYLOAD_TYPE);
  sound.addSSRC(ssrc, 'ringline', 'ringline', 'prompt');
  return sound;
}
