import type { FakePeerConnection } from './peer-connection.ts';
import type { FakeTrack } from './track.ts';

/** The offer of a connection that sends this sound and receives none, with every candidate in it that was found until `gathered`. */
export async function offerSound(
  connection: FakePeerConnection,
  track: FakeTrack | null,
  gathered: () => Promise<void>,
): Promise<string> {
  const lines: string[] = [];
  connection.onicecandidate = ({ candidate }) => {
    if (candidate) lines.push(`a=${candidate.candidate}\r\n`);
  };
  const { sender } = connection.addTransceiver('audio', { direction: 'sendonly' });
  await sender.replaceTrack(track);
  const { type, sdp } = await connection.createOffer();
  await connection.setLocalDescription({ type, sdp });
  await gathered();
  return sdp.replace(/^m=/m, `${lines.join('')}m=`);
}
