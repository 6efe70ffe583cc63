import { FINAL_CLOSE } from '@ringline/protocol';
import { CLIENT_ERRORS, RinglineError } from '../errors.ts';

type FinalError = keyof typeof FINAL_CLOSE;

const MESSAGES = {
  malformed: 'The server did not understand this SDK. Update the older one.',
  unauthorized: 'The token is missing, forged or expired. Give a new one.',
  'not-permitted': 'This user has no RTM.',
  'too-many-devices': 'This user has too many devices. Close one of them.',
};

/** Why the server turned this device away for good; undefined after a close from which it comes back. */
export function errorOfClose(code: number): RinglineError | undefined {
  const names = Object.keys(FINAL_CLOSE) as FinalError[];
  const name = names.find((each) => FINAL_CLOSE[each] === code);
  return name && new RinglineError(name, { ...CLIENT_ERRORS, ...MESSAGES }[name]);
}
