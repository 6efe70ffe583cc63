import { isIPv6 } from 'node:net';

/** The highest preference of a host candidate for RTP (RFC 8445 §5.1.2.1); the first address is the best. */
const priorityOf = (index: number) => 126 * 2 ** 24 + (65_535 - index) * 2 ** 8 + 255;

/**
 * An offer that names these addresses and no other: behind NAT and in containers, those of the machine lead
 * nowhere, and tell strangers about the network behind. Without any it stays as it is.
 */
export function withAddresses(sdp: string, addresses: readonly string[]): string {
  const [, port = ''] = /^m=audio (\d+) /m.exec(sdp) ?? [];
  const [first] = addresses;
  if (first === undefined) return sdp;
  const lines = sdp.split('\r\n').filter((line) => !line.startsWith('a=candidate:'));
  const index = lines.findIndex((line) => line.startsWith('a=end-of-candidates'));
  lines.splice(index < 0 ? lines.length - 1 : index, 0, ...addresses.map(candidate));
  return lines.map((line) => (line.startsWith('c=') ? connectionLine(first) : line)).join('\r\n');

  function candidate(address: string, i: number): string {
    return `a=candidate:${i + 1} 1 UDP ${priorityOf(i)} ${address} ${port} typ host`;
  }
}

function connectionLine(address: string): string {
  return `c=IN ${isIPv6(address) ? 'IP6' : 'IP4'} ${address}`;
}
