import { expect, test } from 'vitest';
import { addressGuard, parsedSubnet } from '../../src/outbound/addresses.ts';

const PUBLIC = ['1.1.1.1', '100.63.255.255', '100.128.0.0', '172.32.0.0', '223.255.255.255'];
const PUBLIC6 = ['2606:4700::1111', '2a00:1450:4001::1', '::ffff:8.8.8.8', '64:ff9b::8.8.8.8'];

const PRIVATE = [
  '0.0.0.0',
  '10.0.0.1',
  '100.64.0.1',
  '127.0.0.1',
  '127.255.255.255',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.1',
  '192.0.2.1',
  '192.88.99.1',
  '192.168.1.1',
  '198.18.0.1',
  '198.51.100.1',
  '203.0.113.1',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
];
const PRIVATE6 = [
  '::',
  '::1',
  'fe80::1',
  'fe80::1%eth0',
  'fc00::1',
  'fd12:3456::1',
  'fec0::1',
  'ff02::1',
  '::ffff:10.0.0.1',
  '::ffff:7f00:1',
  '0:0:0:0:0:ffff:169.254.169.254',
  '::127.0.0.1',
  '64:ff9b::10.0.0.1',
  '64:ff9b::7f00:1',
  '64:ff9b:1::8.8.8.8',
  '2002:0a00:0001::1',
  '2002:808:808::1',
  '2001::1',
  '2001:20::1',
  '2001:db8::1',
  '3fff::1',
  '100::1',
  '5f00::1',
];

test('[OUT1] an address that is not public is refused, in whatever it is embedded', () => {
  const mayReach = addressGuard([]);
  expect([...PUBLIC, ...PUBLIC6].filter((address) => !mayReach(address))).toEqual([]);
  expect([...PRIVATE, ...PRIVATE6].filter((address) => mayReach(address))).toEqual([]);
});

test('[OUT1] what is allowed may be reached, and nothing beside it', () => {
  const mayReach = addressGuard([
    { address: '10.1.0.0', prefix: 16 },
    { address: 'fd00::', prefix: 64 },
  ]);
  expect(['10.1.2.3', '::ffff:10.1.2.3', 'fd00::9', '1.1.1.1'].every(mayReach)).toBe(true);
  expect(['10.2.0.1', 'fd00:0:0:1::9', '127.0.0.1', '::1'].some(mayReach)).toBe(false);
  expect([...PRIVATE, ...PRIVATE6].every(addressGuard('all'))).toBe(true);
});

test('a part of the address space is an address, with a prefix that fits it or without', () => {
  expect(parsedSubnet('10.0.0.0/8')).toEqual({ address: '10.0.0.0', prefix: 8 });
  expect(parsedSubnet('10.0.0.7')).toEqual({ address: '10.0.0.7', prefix: 32 });
  expect(parsedSubnet('fd00::/128')).toEqual({ address: 'fd00::', prefix: 128 });
  const bad = ['10.0.0.0/33', 'fd00::/129', '10.0.0/8', 'private', '10.0.0.0/', 'fe80::1%eth0/64'];
  expect(bad.map(parsedSubnet)).toEqual(bad.map(() => undefined));
});
