import type { NetworkInterfaceInfo } from 'node:os';
import { SeededRandomness } from '@ringline/testkit';
import { expect, test } from 'vitest';
import { reachable } from '../../src/prompts/engine/addresses.ts';
import { writeOffer } from '../../src/prompts/engine/offer.ts';
import { makeSource } from '../../src/prompts/engine/peer.ts';

const FINGERPRINT = `sha-256 ${Array(32).fill('AB').join(':')}`;

function offerAt(...addresses: string[]): string {
  const source = { ssrc: 7, ufrag: 'abcdefgh', password: 'p'.repeat(24) };
  return writeOffer(source, { port: 30_000, addresses, fingerprint: FINGERPRINT });
}

const linesOf = (sdp: string, start: string) =>
  sdp.split('\r\n').filter((line) => line.startsWith(start));

test('an offer is of one sound, from the server, with all that a device must know', () => {
  const offer = offerAt('203.0.113.7');
  expect(linesOf(offer, 'm=')).toEqual(['m=audio 30000 UDP/TLS/RTP/SAVPF 111']);
  for (const line of [
    'a=sendonly',
    'a=rtcp-mux',
    'a=rtpmap:111 opus/48000/2',
    'a=ssrc:7 cname:ringline',
    'a=ice-ufrag:abcdefgh',
    `a=ice-pwd:${'p'.repeat(24)}`,
    `a=fingerprint:${FINGERPRINT}`,
    'a=setup:actpass',
    'a=end-of-candidates',
  ]) {
    expect(linesOf(offer, line)).toEqual([line]);
  }
  expect(offer.endsWith('\r\n')).toBe(true);
});

test('each address is a candidate on the one port, the first of them preferred', () => {
  const offer = offerAt('2001:db8::7', '203.0.113.7');
  expect(linesOf(offer, 'a=candidate')).toEqual([
    'a=candidate:1 1 UDP 2130706431 2001:db8::7 30000 typ host',
    'a=candidate:2 1 UDP 2130706175 203.0.113.7 30000 typ host',
  ]);
  expect(linesOf(offer, 'c=')).toEqual(['c=IN IP6 2001:db8::7']);
  expect(linesOf(offerAt('203.0.113.7'), 'c=')).toEqual(['c=IN IP4 203.0.113.7']);
});

test('a machine without any network is offered without candidates', () => {
  expect(linesOf(offerAt(), 'a=candidate')).toEqual([]);
  expect(linesOf(offerAt(), 'c=')).toEqual(['c=IN IP4 0.0.0.0']);
});

test('a source is of the form that ICE wants, and nobody’s but its own', () => {
  const randomness = new SeededRandomness(1);
  const sources = Array.from({ length: 50 }, () => makeSource(randomness));
  for (const { ufrag, password } of sources) {
    expect(ufrag).toMatch(/^[A-Za-z0-9+/]{8}$/);
    expect(password).toMatch(/^[A-Za-z0-9+/]{24}$/);
  }
  for (const part of ['ssrc', 'ufrag', 'password'] as const) {
    expect(new Set(sources.map((source) => source[part])).size).toBe(50);
  }
});

const FACE = { netmask: '', mac: '', cidr: null, internal: false };
const v4 = (address: string, internal = false): NetworkInterfaceInfo => ({
  ...FACE,
  address,
  internal,
  family: 'IPv4',
});
const v6 = (address: string, scopeid = 0, internal = false): NetworkInterfaceInfo => ({
  ...FACE,
  address,
  internal,
  family: 'IPv6',
  scopeid,
});

test('devices are told where a machine may be reached from elsewhere', () => {
  const interfaces = {
    lo: [v4('127.0.0.1', true), v6('::1', 0, true)],
    eth0: [v4('192.168.1.9'), v6('2001:db8::9'), v6('fe80::9', 2)],
    gone: undefined,
    docker0: [v4('172.17.0.1')],
  };
  expect(reachable(interfaces)).toEqual(['192.168.1.9', '172.17.0.1', '2001:db8::9']);
});
