import type { ClientErrorCode, RinglineError } from '../errors.ts';
import { clientError } from '../errors.ts';
import type { MediaPort, Wanted } from './media.ts';

const CODES: Readonly<Record<string, ClientErrorCode>> = {
  SecurityError: 'denied-by-policy',
  NotFoundError: 'no-device',
  OverconstrainedError: 'no-device',
  NotReadableError: 'device-busy',
  AbortError: 'device-busy',
};

/** A failure of getUserMedia (W3C Media Capture §10.2) as a typed error, told apart as far as the browser tells. */
export async function mediaError(
  fault: unknown,
  wanted: Wanted,
  media: MediaPort,
): Promise<RinglineError> {
  const { name = '', message = '' } = Object(fault) as Partial<Error>;
  const isDenied = name === 'NotAllowedError';
  const code = isDenied ? await whoDenied(message, wanted, media) : CODES[name];
  return clientError(code ?? 'media-unavailable', fault);
}

/** One failure stands for all: the permissions say which. */
async function whoDenied(
  message: string,
  { audio, video }: Wanted,
  media: MediaPort,
): Promise<ClientErrorCode> {
  // Chromium's word for what the operating system forbids the browser itself.
  if (/system/i.test(message)) return 'denied-by-system';
  const [microphone, camera] = await Promise.all([
    audio ? media.permission?.('microphone') : 'granted',
    video ? media.permission?.('camera') : 'granted',
  ]);
  if (microphone === 'forbidden' || camera === 'forbidden') return 'denied-by-policy';
  return video && microphone !== 'denied' ? 'camera-denied' : 'microphone-denied';
}
