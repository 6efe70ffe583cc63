import { expect, test } from 'vitest';
import { withAddresses } from '../../src/prompts/engine/offer.ts';

const OFFER = [
  'v=0',
  'm=audio 30000 UDP/TLS/RTP/SAVPF 111',
  'c=IN IP4 192.168.1.9',
  'a=mid:0',
  'a=ice-ufrag:vUJq',
  'a=candidate:2 1 UDP 2116026111 fd00::2 30000 typ host',
  'a=candidate:1 1 UDP 2114977791 192.168.1.9 30000 typ host',
  'a=end-of-candidates',
  '',
].join('\r\n');

const candidatesOf = (sdp: string) =>
  sdp.split('\r\n').filter((line) => line.startsWith('a=candidate'));

test('without a public address a device is offered every address of the machine', () => {
  expect(withAddresses(OFFER, [])).toBe(OFFER);
});

test('with a public address it is offered that one, on the same port, and learns of no other', () => {
  const offer = withAddresses(OFFER, ['203.0.113.7']);
  expect(candidatesOf(offer)).toEqual([
    'a=candidate:1 1 UDP 2130706431 203.0.113.7 30000 typ host',
  ]);
  expect(offer).toContain('c=IN IP4 203.0.113.7\r\n');
  expect(offer).not.toMatch(/192\.168|fd00/);
  expect(offer.replace(/^a=candidate.*\r\n|^c=.*\r\n/gm, '')).toBe(
    OFFER.replace(/^a=candidate.*\r\n|^c=.*\r\n/gm, ''),
  );
});

test('of two public addresses the first is preferred', () => {
  const offer = withAddresses(OFFER, ['2001:db8::7', '203.0.113.7']);
  expect(candidatesOf(offer)).toEqual([
    'a=candidate:1 1 UDP 2130706431 2001:db8::7 30000 typ host',
    'a=candidate:2 1 UDP 2130706175 203.0.113.7 30000 typ host',
  ]);
  expect(offer).toContain('c=IN IP6 2001:db8::7\r\n');
});
