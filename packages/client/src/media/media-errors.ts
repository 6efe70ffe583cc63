import type { ClientErrorCode, RinglineError } from '../errors.ts';
import { clientError } from '../errors.ts';
import type { Wanted } from './media.ts';

/** A failure of getUserMedia (W3C Media Capture §10.2) as a typed error. */
export function mediaError(fault: unknown, wanted: Wanted): RinglineError {
  const name = fault instanceof Error ? fault.name : '';
  return clientError(codeOf(name, wanted), fault);
}

function codeOf(name: string, wanted: Wanted): ClientErrorCode {
  switch (name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return wanted.video ? 'camera-denied' : 'microphone-denied';
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
