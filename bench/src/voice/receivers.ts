import { PeerConnection } from 'node-datachannel';
import type { Track } from 'node-datachannel';
import { instant } from './messages.ts';
import type { FromReceivers, ToReceivers } from './messages.ts';

/** A process with devices that take every offer and count what they hear. */
const OPUS_PAYLOAD_TYPE = 111;
const connections: PeerConnection[] = [];
/** Kept, as the library lets go of what nobody holds. */
const tracks: Track[] = [];
let packets = 0;
let missing = 0;

process.on('message', (message: ToReceivers) => {
  if (message.type === 'offer') takeOffer(message.id, message.sdp);
  else tell({ type: 'counted', packets, missing });
});
process.on('disconnect', () => process.exit(0));

function takeOffer(id: number, sdp: string): void {
  const connection = new PeerConnection('', { iceServers: [], disableAutoNegotiation: true });
  connections.push(connection);
  connection.onGatheringStateChange((state) => {
    const answer = state === 'complete' ? connection.localDescription()?.sdp : undefined;
    if (answer !== undefined) tell({ type: 'answer', id, sdp: answer });
  });
  connection.onTrack((track) => {
    tracks.push(track);
    const count = counterOf(id);
    track.onMessage(count);
  });
  // Else this library begins too early, and tries again only after a second; browsers do after 50 ms.
  connection.setRemoteDescription(sdp.replace('a=setup:actpass', 'a=setup:active'), 'offer');
  connection.setLocalDescription('answer');
}

function counterOf(id: number): (packet: Buffer) => void {
  let last: number | undefined;
  return (packet) => {
    if (((packet[1] ?? 0) & 127) !== OPUS_PAYLOAD_TYPE) return;
    const sequence = packet.readUInt16BE(2);
    if (last === undefined) tell({ type: 'first-packet', id, at: instant() });
    else missing += (sequence - last + 65_535) % 65_536;
    last = sequence;
    packets++;
  };
}

function tell(message: FromReceivers): void {
  process.send?.(message);
}
