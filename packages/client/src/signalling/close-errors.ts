import { CLOSE } from '@ringline/protocol';
import type { ErrorCode } from '../errors.ts';
import { RinglineError, clientError } from '../errors.ts';

const CODES: Readonly<Record<number, [code: ErrorCode, message: string]>> = {
  [CLOSE.malformed.code]: [
    'malformed',
    'The server did not understand this SDK. Bring both to the same version.',
  ],
  [CLOSE.unauthorized.code]: [
    'unauthorized',
    'The token is missing, forged or expired. Give a new one, or a tokenProvider.',
  ],
  [CLOSE.tooManyDevices.code]: [
    'too-many-devices',
    'This user has the most devices allowed at once. Close one of them.',
  ],
};

/** Why the server turned this device away for good, by the code it closed with. */
export function errorOfClose(code: number): RinglineError {
  if (code === CLOSE.replaced.code) return clientError('replaced');
  if (code === CLOSE.unsupportedVersion.code) return clientError('unsupported-version');
  const known = CODES[code];
  return known ? new RinglineError(...known) : clientError('not-connected');
}
