import type { ClientErrorCode, RinglineError } from '../errors.ts';
import { clientError } from '../errors.ts';
import type { MediaPort, Wanted } from './media.ts';

/** A failure of getUserMedia (W3C Media Capture §10.2) as a typed error, told apart as far as the browser tells. */
export async function mediaError(
  fault: unknown,
  wanted: Wanted,
  media: MediaPort,
): Promise<RinglineError> {
  const { name, message } = fault instanceof Error ? fault : { name: '', message: '' };
  return clientError(await codeOf(name, message, wanted, media), fault);
}

async function codeOf(
  name: string,
  message: string,
  wanted: Wanted,
  media: MediaPort,
): Promise<ClientErrorCode> {
  switch (name) {
    case 'NotAllowedError':
      // Chromium's word for what the operating system forbids the browser itself.
      return /system/i.test(message) ? 'denied-by-system' : whoDenied(wanted, media);
    case 'SecurityError':
      return 'denied-by-policy';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'no-device';
    case 'NotReadableError':
    case 'AbortError':
      return 'device-busy';
    default:
      return 'media-unavailable';
  }
}

/** One failure stands for both: the permissions say which. */
async function whoDenied({ audio, video }: Wanted, media: MediaPort): Promise<ClientErrorCode> {
  const [microphone, camera] = await Promise.all([
    audio ? media.permission?.('microphone') : 'granted',
    video ? media.permission?.('camera') : 'granted',
  ]);
  if (microphone === 'forbidden' || camera === 'forbidden') return 'denied-by-policy';
  return video && microphone !== 'denied' ? 'camera-denied' : 'microphone-denied';
}
