import type { Encoding, PeerConnection, SendParameters, Sender } from '../media/media.ts';
import type { VideoLimit } from './video-limit.ts';
import { ENCODINGS } from './video-limit.ts';

/** Whether a picture is sent, or would be if it were not switched off for the sound's sake. */
export function sendsVideo(connection: PeerConnection): boolean {
  return Boolean(senderOf(connection, 'video')?.track);
}

/** Sound first, and the picture within its limit; browsers that cannot are left as they are. */
export async function tune(connection: PeerConnection, limit: VideoLimit): Promise<void> {
  await Promise.all([
    setEncoding(senderOf(connection, 'audio'), { priority: 'high', networkPriority: 'high' }),
    // Sharp or smooth, as the browser sees fit (webrtc-extensions, §RTCDegradationPreference).
    setEncoding(
      senderOf(connection, 'video'),
      { ...ENCODINGS[limit], priority: 'low', networkPriority: 'low' },
      { degradationPreference: 'balanced' },
    ),
  ]);
}

function senderOf(connection: PeerConnection, kind: string): Sender | undefined {
  return connection.getTransceivers().find(({ receiver }) => receiver.track.kind === kind)?.sender;
}

async function setEncoding(
  sender: Sender | undefined,
  change: Encoding,
  more: Partial<SendParameters> = {},
): Promise<void> {
  try {
    const parameters = sender?.getParameters?.();
    const [encoding] = parameters?.encodings ?? [];
    if (sender === undefined || parameters === undefined || encoding === undefined) return;
    Object.assign(encoding, change);
    await sender.setParameters?.(Object.assign(parameters, more));
  } catch {
    // Closed meanwhile, or a field that this browser refuses: it does what it did.
  }
}
