import { BlockList, isIP } from 'node:net';

/**
 * Addresses that are not of the public internet, by the IANA registries of special-purpose
 * addresses (RFC 6890): our own network must not be reached through an address that somebody
 * names. IPv6 forms that carry an IPv4 address within (6to4, Teredo, NAT64) lead there as well.
 */
const NOT_PUBLIC = [
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
  '224.0.0.0/3',
  '::/127',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  '3fff::/20',
  '5f00::/16',
  'fc00::/7',
  'fe80::/9',
  'ff00::/8',
] as const;

/** Whether an IP address may be connected to. */
export type PermitsAddress = (address: string) => boolean;

/** Public addresses, and those of these subnets. */
export function permittedAddresses(allowed: readonly string[]): PermitsAddress {
  const forbidden = listOf(NOT_PUBLIC);
  const permitted = listOf(allowed);
  return (address) => {
    const family = familyOf(address);
    return permitted.check(address, family) || !forbidden.check(address, family);
  };
}

/** Why this is no subnet as in `10.0.0.0/8`, or undefined when it is one. */
export function flawOfSubnet(text: string): string | undefined {
  const [address = '', length = '', ...rest] = text.split('/');
  const most = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  const isOne = /^\d{1,3}$/.test(length) && Number(length) <= most && rest.length === 0;
  return isOne ? undefined : `must be a subnet such as 10.0.0.0/8 or fd00::/8, has “${text}”`;
}

function listOf(subnets: readonly string[]): BlockList {
  const list = new BlockList();
  for (const subnet of subnets) {
    const [address = '', length] = subnet.split('/');
    list.addSubnet(address, Number(length), familyOf(address));
  }
  return list;
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 4 ? 'ipv4' : 'ipv6';
}
