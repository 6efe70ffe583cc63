import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { Audio, IceUdpMuxListener, PeerConnection, cleanup } from 'node-datachannel';
import type { Track } from 'node-datachannel';
import { networkInterfaces } from 'node:os';
import { reachable } from './addresses.ts';
import { MID, writeDevice } from './answer.ts';
import type { Answer } from './answer.ts';
import { makeCertificate } from './certificate.ts';
import { writeOffer } from './offer.ts';
import type { Peer, PeerEvents, Peers, Source } from './peer.ts';
import { OPUS_PAYLOAD_TYPE } from './rtp-stream.ts';

/** States of a connection that lead to no other (W3C WebRTC §4.4.3), and one that leads nowhere in a connection without ICE restarts. */
const OVER = ['disconnected', 'failed', 'closed'];

/** The one UDP port of all connections. */
export interface UdpPort extends Peers {
  readonly number: number;
  close(): void;
}

/** Takes the port, or gives undefined when somebody else has it; 0 is any free one. */
export async function takePort(
  wanted: number,
  publicIps: readonly string[],
): Promise<UdpPort | undefined> {
  const number = wanted === 0 ? await freePort() : wanted;
  try {
    return new DatachannelPort(number, publicIps);
  } catch {
    return undefined;
  }
}

class DatachannelPort implements UdpPort {
  readonly number: number;
  readonly #certificate = makeCertificate();
  /** Holds the port: connections come and go, and nobody takes it in between. */
  readonly #held: IceUdpMuxListener;
  readonly #publicIps: readonly string[];

  /** Throws when the port cannot be had. */
  constructor(number: number, publicIps: readonly string[]) {
    this.number = number;
    this.#publicIps = publicIps;
    this.#held = new IceUdpMuxListener(number);
  }

  offer(source: Source): string {
    const { fingerprint } = this.#certificate;
    // A machine gets other addresses while it runs.
    const addresses = this.#publicIps.length > 0 ? this.#publicIps : reachable(networkInterfaces());
    return writeOffer(source, { port: this.number, addresses, fingerprint });
  }

  connect(source: Source, answer: Answer, events: PeerEvents): Peer {
    const { pem, keyPem } = this.#certificate;
    const connection = new PeerConnection('', {
      iceServers: [],
      disableAutoNegotiation: true,
      enableIceUdpMux: true,
      portRangeBegin: this.number,
      portRangeEnd: this.number,
      certificatePemFile: pem,
      keyPemFile: keyPem,
    });
    return new DatachannelPeer(connection, source, answer, events);
  }

  close(): void {
    this.#held.stop();
    cleanup();
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

class DatachannelPeer implements Peer {
  readonly #connection: PeerConnection;
  readonly #track: Track;

  constructor(
    connection: PeerConnection,
    { ssrc, ufrag, password }: Source,
    answer: Answer,
    events: PeerEvents,
  ) {
    this.#connection = connection;
    connection.onStateChange((state) => {
      if (OVER.includes(state)) events.lost(state);
    });
    this.#track = connection.addTrack(soundOf(ssrc));
    this.#track.onOpen(() => events.opened());
    // In this order: were the device found in the network before it is known, it would be turned away.
    connection.setRemoteDescription(writeDevice(answer), 'offer');
    connection.setLocalDescription('answer', { iceUfrag: ufrag, icePwd: password });
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
