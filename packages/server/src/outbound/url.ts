import { MAX_URL_BYTES } from './limits.ts';

const SCHEMES: ReadonlySet<string> = new Set(['http:', 'https:']);

/** What is wrong with the address of somebody's server, in words that follow its name; undefined when nothing is. */
export function flawOfUrl(text: string): string | undefined {
  if (Buffer.byteLength(text) > MAX_URL_BYTES) return `is longer than ${MAX_URL_BYTES} bytes`;
  const url = URL.parse(text);
  if (!url || !SCHEMES.has(url.protocol)) {
    return 'must be an address of http or https, as in https://app.example.com/calls';
  }
  if (url.username !== '' || url.password !== '') {
    return 'holds a user name or a password, which logs and redirects would show; sign instead';
  }
  return undefined;
}

/** The host of an address as a socket takes it: an IPv6 address without its brackets. */
export function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}
