import { networkInterfaces } from 'node:os';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium } from '../src/browser.ts';
import { DIRECT } from '../src/candidates.ts';
import { eventually } from '../src/device.ts';
import { scriptOf } from '../src/scripts.ts';
import { TurnClient } from '../src/turn-client.ts';
import { turnCredential } from '../src/turn-credential.ts';
import { TurnServer, hasCoturn } from '../src/turn-server.ts';

const FORBIDDEN = 403;
const UNAUTHORIZED = 401;

const PRIVATE_IPV4 = [
  ['0.0.0.0', 'the relay itself by another name'],
  ['10.0.0.1', 'private'],
  ['100.64.0.1', 'shared by a provider'],
  ['127.0.0.2', 'loopback'],
  ['169.254.169.254', 'the metadata of a cloud machine'],
  ['172.16.0.1', 'private'],
  ['172.31.255.255', 'private'],
  ['192.168.1.1', 'private'],
  ['198.18.0.1', 'benchmarks'],
  ['224.0.0.1', 'multicast'],
  ['255.255.255.255', 'broadcast'],
] as const;

const PRIVATE_IPV6 = [
  ['::', 'the relay itself by another name'],
  ['::ffff:7f00:1', 'loopback, IPv4-mapped'],
  ['::ffff:a9fe:a9fe', 'the metadata of a cloud machine, IPv4-mapped'],
  ['::7f00:1', 'loopback, IPv4-compatible'],
  ['64:ff9b::a9fe:a9fe', 'the metadata of a cloud machine by NAT64'],
  ['2002:a00:1::', 'private, 6to4'],
  ['fd00:ec2::254', 'unique local'],
  ['fe80::1', 'link-local'],
  ['ff02::1', 'multicast'],
] as const;

const hasIpv6 = Object.values(networkInterfaces()).some((all) =>
  all?.some(({ address }) => address === '::1'),
);

describe.runIf(hasCoturn)('coturn with the configuration of deploy/coturn', () => {
  let coturn: TurnServer;
  let browser: Browser;

  beforeAll(async () => {
    [coturn, browser] = await Promise.all([TurnServer.start(), launchChromium()]);
  });

  afterAll(async () => {
    await browser.close();
    await coturn.stop();
  });

  async function page(): Promise<Page> {
    const page = await browser.newPage();
    await page.addScriptTag({ content: await scriptOf('relay') });
    return page;
  }

  function meet(on: Page, server: RTCIceServer) {
    return on.evaluate((servers) => window.meetOverRelay(servers), [server]);
  }

  test.each(['udp', 'tcp'] as const)(
    'two browsers meet over the relay by %s alone, with a credential signed with its secret',
    async (transport) => {
      const before = coturn.allocations;
      const urls = coturn.url(transport);
      const met = await meet(await page(), { urls, ...coturn.credential('alice') });
      expect(met).toMatchObject({ hasMet: true, pair: ['relay', 'relay'] });
      expect(new Set(met.kinds)).toEqual(new Set(['relay']));
      // Its log comes when it comes.
      await eventually(() => coturn.allocations).toBeGreaterThanOrEqual(before + 2);
    },
  );

  test('a call that goes direct has addresses of the relay too: one for each way in, at one end or both', async () => {
    const coturn = await TurnServer.start();
    const server = { urls: [...coturn.urls], ...coturn.credential('alice') };
    const on = await page();
    const pair = await on.evaluate((servers) => window.meetBesideRelay(servers), [server]);
    const direct = expect.stringMatching(DIRECT);
    expect(pair).toEqual([direct, direct]);
    // Who answers stops asking when a path is found sooner.
    await eventually(() => coturn.allocations).toBeGreaterThanOrEqual(coturn.urls.length);
    expect(coturn.allocations).toBeLessThanOrEqual(2 * coturn.urls.length);
    expect(coturn.givenBack).toBe(0);
    await on.close();
    await coturn.stop();
  });

  test('an expired credential and one signed with another secret give no address', async () => {
    const coturn = await TurnServer.start();
    const expired = coturn.credential('alice', -1);
    const forged = turnCredential('another secret', 'alice', 600);
    for (const credential of [expired, forged]) {
      const met = await meet(await page(), { urls: [...coturn.urls], ...credential });
      expect(met).toEqual({ kinds: [], hasMet: false, pair: [] });
      const client = new TurnClient(coturn.address, coturn.port);
      expect(await client.allocate(credential)).toBe(UNAUTHORIZED);
      client.close();
    }
    // Its log is whole once it has stopped.
    await coturn.stop();
    expect(coturn.allocations).toBe(0);
  });

  test('an address that nobody keeps is free again after three minutes, and not only after ten', async () => {
    const client = new TurnClient(coturn.address, coturn.port);
    expect(await client.allocate(coturn.credential('forgetful'))).toBeUndefined();
    expect(client.lifetimeSeconds).toBe(180);
    client.close();
  });

  test('it relays to public addresses, and to none that is private', async () => {
    const client = new TurnClient(coturn.address, coturn.port);
    expect(await client.allocate(coturn.credential('alice'))).toBeUndefined();
    expect(await client.permit('1.1.1.1')).toBeUndefined();
    for (const [address, kind] of PRIVATE_IPV4) {
      expect(await client.permit(address), `${address}: ${kind}`).toBe(FORBIDDEN);
    }
    client.close();
  });

  test.runIf(hasIpv6)('nor by IPv6, nor to IPv4 in the clothes of IPv6', async () => {
    const coturn = await TurnServer.start({ address: '::1' });
    const client = new TurnClient(coturn.address, coturn.port);
    expect(await client.allocate(coturn.credential('alice'), 'ipv6')).toBeUndefined();
    expect(await client.permit('2606:4700::1111')).toBeUndefined();
    for (const [address, kind] of PRIVATE_IPV6) {
      expect(await client.permit(address), `${address}: ${kind}`).toBe(FORBIDDEN);
    }
    client.close();
    await coturn.stop();
  });
});
