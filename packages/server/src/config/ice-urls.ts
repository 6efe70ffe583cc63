import type { Reader } from './readers.ts';

/** A name, an IPv4 address, or an IPv6 address in brackets; then, perhaps, a port. */
const HOST = /^(?:\[[\da-f:.]+\]|[\da-z_.-]+)(?::(?<port>\d{1,5}))?$/i;
const MAX_PORT = 65_535;

/** A `stun:` or `stuns:` address (RFC 7064). */
export const stunUrl: Reader<string> = (text) => {
  const [, rest] = /^stuns?:(.*)$/.exec(text) ?? [];
  if (rest !== undefined && isHost(rest)) return { value: text };
  return {
    flaw: `must be addresses such as stun:turn.example.com or stun:192.0.2.7:3478, has “${text}”`,
  };
};

/** A `turn:` or `turns:` address (RFC 7065). */
export const turnUrl: Reader<string> = (text) => {
  const [, rest] = /^turns?:(.*?)(?:\?transport=(?:udp|tcp))?$/.exec(text) ?? [];
  if (rest !== undefined && isHost(rest)) return { value: text };
  return {
    flaw: `must be addresses such as turn:turn.example.com or turns:turn.example.com:443?transport=tcp, has “${text}”`,
  };
};

function isHost(text: string): boolean {
  const match = HOST.exec(text);
  if (match === null) return false;
  const port = match.groups?.['port'];
  return port === undefined || (Number(port) > 0 && Number(port) <= MAX_PORT);
}
