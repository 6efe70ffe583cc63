import { VirtualClock } from '@ringline/testkit';
import { describe, expect, test } from 'vitest';
import {
  EndpointInput,
  MAX_KEY,
  MAX_SECRETS,
  readEndpoints,
} from '../../src/webhooks/endpoint-schema.ts';
import { MAX_NOTE, post } from '../../src/webhooks/post.ts';
import { Receiver, WEBHOOK_SECRET, endpointAt } from '../support/receiver.ts';

const URL = 'https://backend.example.com/hook';
const secrets = (count: number) => Array.from({ length: count }, () => WEBHOOK_SECRET);
const key = (length: number) => 'k'.repeat(length);

/** Where an endpoint is wrong, in the configuration; undefined when it is not. */
function flawOf(endpoint: object): string | undefined {
  const read = readEndpoints(JSON.stringify([{ id: 'one', url: URL, ...endpoint }]));
  return 'flaw' in read ? read.flaw : undefined;
}

/** The same of one made over REST. */
function pathOf(endpoint: object): string | undefined {
  const read = EndpointInput.safeParse({ url: URL, ...endpoint });
  return read.error?.issues[0]?.path.join('.');
}

describe('limits of an endpoint', () => {
  test('[WHK11] one secret to MAX_SECRETS, and none more', () => {
    const standard = (count: number) => ({ format: 'standard', secrets: secrets(count) });
    expect([flawOf(standard(1)), flawOf(standard(MAX_SECRETS))]).toEqual([undefined, undefined]);
    expect([pathOf(standard(1)), pathOf(standard(MAX_SECRETS))]).toEqual([undefined, undefined]);
    for (const count of [0, MAX_SECRETS + 1]) {
      expect(flawOf(standard(count))).toContain('is wrong at 0.secrets: ');
      expect(pathOf(standard(count))).toBe('secrets');
    }
  });

  test.each(['appKey', 'appSecret'])('[WHK11] %s has 1 to MAX_KEY characters', (name) => {
    const netease = (length: number) => ({
      format: 'netease',
      appKey: 'key',
      appSecret: 'secret',
      [name]: key(length),
    });
    expect([flawOf(netease(1)), flawOf(netease(MAX_KEY))]).toEqual([undefined, undefined]);
    expect([pathOf(netease(1)), pathOf(netease(MAX_KEY))]).toEqual([undefined, undefined]);
    for (const length of [0, MAX_KEY + 1]) {
      expect(flawOf(netease(length))).toContain(`is wrong at 0.${name}: `);
      expect(pathOf(netease(length))).toBe(name);
    }
  });
});

describe('limits of an attempt', () => {
  test.each([
    ['all of it', 'x'.repeat(MAX_NOTE), 'x'.repeat(MAX_NOTE)],
    ['no character more', 'x'.repeat(MAX_NOTE + 1), 'x'.repeat(MAX_NOTE)],
    ['no half of one', `${'x'.repeat(MAX_NOTE - 1)}📞`, `${'x'.repeat(MAX_NOTE - 1)}\ufffd`],
  ])('[WHK12] of an answer MAX_NOTE characters are kept: %s', async (_what, body, note) => {
    const clock = new VirtualClock();
    const receiver = new Receiver(clock);
    receiver.react = () => ({ status: 500, body });
    const event = { n: 1, id: 'event', type: 'call.held', key: 'call', at: 0, data: {} } as const;
    const posted = post(receiver, endpointAt(URL), event, 'event', 0);
    expect(await clock.untilSettled(posted)).toMatchObject({ isDelivered: false, note });
  });
});
