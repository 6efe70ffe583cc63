import assert from 'node:assert/strict';
import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net';

/** A part of the address space, as in `10.0.0.0/8`. */
export interface Subnet {
  readonly address: string;
  readonly prefix: number;
}

/** What may be reached besides public addresses. */
export type AllowedAddresses = 'all' | readonly Subnet[];

/** Tells whether the server may connect to an IP address. */
export type AddressGuard = (address: string) => boolean;

/** What is not public of IPv4: IANA's registry of special-purpose addresses (RFC 6890), and multicast. */
const SPECIAL_IPV4: readonly Subnet[] = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
].map(subnetOf);

/** What may be public of IPv6: what is given out (RFC 4291 §2.4), and IPv4 mapped or behind NAT64 (RFC 6052 §2.1). */
const GIVEN_OUT_IPV6: readonly Subnet[] = ['2000::/3', '::ffff:0.0.0.0/96', '64:ff9b::/96'].map(
  subnetOf,
);

/** What is not public of that: protocols with Teredo, examples, and 6to4, whatever it embeds (RFC 7526). */
const SPECIAL_IPV6: readonly Subnet[] = [
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  '3fff::/20',
].map(subnetOf);

const GIVEN_OUT = blockListOf(GIVEN_OUT_IPV6);
const SPECIAL = blockListOf([
  ...SPECIAL_IPV4,
  ...SPECIAL_IPV4.map(({ address, prefix }) => ({
    address: `64:ff9b::${address}`,
    prefix: 96 + prefix,
  })),
  ...SPECIAL_IPV6,
]);

/** Reads `10.0.0.0/8`, or one address; undefined when it is neither. */
export function parsedSubnet(text: string): Subnet | undefined {
  const [, address = '', digits] = /^([^/%]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const bits = isIPv6(address) ? 128 : 32;
  const prefix = digits === undefined ? bits : Number(digits);
  return isIP(address) > 0 && prefix <= bits ? { address, prefix } : undefined;
}

/** Public addresses, and those that are allowed. A BlockList matches mapped IPv4 addresses with rules of IPv4. */
export function addressGuard(allowed: AllowedAddresses): AddressGuard {
  if (allowed === 'all') return () => true;
  const list = blockListOf(allowed);
  return (address) => holds(list, address) || isPublic(address);
}

function isPublic(address: string): boolean {
  const isGivenOut = isIPv4(address) || holds(GIVEN_OUT, address);
  return isGivenOut && !holds(SPECIAL, address);
}

function holds(list: BlockList, address: string): boolean {
  return list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

function blockListOf(subnets: readonly Subnet[]): BlockList {
  const list = new BlockList();
  for (const { address, prefix } of subnets) {
    list.addSubnet(address, prefix, isIPv6(address) ? 'ipv6' : 'ipv4');
  }
  return list;
}

function subnetOf(text: string): Subnet {
  const found = parsedSubnet(text);
  assert(found);
  return found;
}
