import { EVENT_TYPES } from '@ringline/protocol';
import { describe, expect, test } from 'vitest';
import { Webhook } from 'standardwebhooks';
import { WRONG_KEYS_BURST } from '../../src/http/operator.ts';
import { keyOfInvitation } from '../../src/store/outbox.ts';
import { OUTBOX_PORTION } from '../../src/webhooks/portions.ts';
import { WEBHOOK_SECRET, endpointAt } from '../support/receiver.ts';
import { as, put } from './fixture.ts';
import type { Answer } from './operated.ts';
import { ENDPOINTS, KEY, operated } from './operated.ts';

const HOOK = 'https://backend.example.com/hook';
const DELIVERIES = '/v1/webhooks/deliveries';

function event(call: string, endpoint: string) {
  const deliveries = [{ endpoint, form: 'event' as const, lane: call }];
  return {
    id: `event-of-${call}`,
    type: 'call.held' as const,
    key: call,
    data: { call },
    deliveries,
  };
}

describe('who is an operator', () => {
  test('[OPR1] who has one of the keys; a user is none, and neither is a stranger', async () => {
    const { app } = await operated([KEY, 'another-key-that-takes-its-place-soon']);
    const status = async (headers: Record<string, string>) =>
      (await app.inject({ url: ENDPOINTS, headers })).statusCode;
    expect(await status({ authorization: `Bearer ${KEY}` })).toBe(200);
    expect(await status({ authorization: 'Bearer another-key-that-takes-its-place-soon' })).toBe(
      200,
    );
    expect(await status({})).toBe(401);
    expect(await status(await as('alice'))).toBe(401);
    expect(await status({ authorization: `Bearer ${KEY}x` })).toBe(401);
  });

  test('[OPR1] an operator’s key is no token of a user', async () => {
    const { app } = await operated();
    const headers = { authorization: `Bearer ${KEY}` };
    expect((await app.inject({ url: '/v1/records', headers })).statusCode).toBe(401);
  });

  test('[OPR2] without a key nobody is, and the answer says what to set', async () => {
    const { ask } = await operated([]);
    const { status, body } = await ask('GET', ENDPOINTS);
    expect([status, body?.error?.code]).toEqual([403, 'forbidden']);
    expect(body?.error?.message).toContain('API_KEYS');
  });

  test('[OPR3] who tries many keys has to wait, and who has one does not', async () => {
    const { app, ask, clock } = await operated();
    const wrong = async () => {
      const headers = { authorization: 'Bearer wrong' };
      return (await app.inject({ url: ENDPOINTS, headers })).statusCode;
    };
    const answers: number[] = [];
    for (let i = 0; i <= WRONG_KEYS_BURST; i++) answers.push(await wrong());
    expect(answers.slice(-2)).toEqual([401, 429]);
    expect((await ask('GET', ENDPOINTS)).status).toBe(200);
    await clock.advanceAsync(1_000);
    expect(await wrong()).toBe(401);
  });
});

describe('endpoints', () => {
  test('[WHK11] one is made, told its secret once, changed and removed', async () => {
    const { ask, webhooks } = await operated();
    const made = await ask('POST', ENDPOINTS, { url: HOOK, format: 'standard' });
    expect(made).toMatchObject({ status: 201, body: { url: HOOK, enabled: true } });
    const { id, secrets } = made.body!;
    expect(secrets?.[0]).toMatch(/^whsec_/);
    const got = await ask('GET', `${ENDPOINTS}/${id}`);
    expect(JSON.stringify(got.body)).not.toContain('whsec_');
    const events = ['call.ended'];
    const changed = { url: `${HOOK}/2`, format: 'standard', events, enabled: false };
    expect((await ask('PUT', `${ENDPOINTS}/${id}`, changed)).body).toMatchObject(changed);
    expect(webhooks.endpoints.find(id)).toMatchObject({ secrets, isEnabled: false });
    const other = { url: HOOK, format: 'netease', appKey: 'key', appSecret: 'secret' };
    const refused = await ask('PUT', `${ENDPOINTS}/${id}`, other);
    expect(refused).toMatchObject({ status: 400, body: { error: { path: 'body.format' } } });
    const rotated = { ...changed, secrets: [WEBHOOK_SECRET, secrets![0]] };
    await ask('PUT', `${ENDPOINTS}/${id}`, rotated);
    expect(webhooks.endpoints.find(id)).toMatchObject({ secrets: rotated.secrets });
    expect((await ask('GET', ENDPOINTS)).body?.items).toHaveLength(1);
    expect((await ask('DELETE', `${ENDPOINTS}/${id}`)).status).toBe(204);
    expect((await ask('GET', `${ENDPOINTS}/${id}`)).status).toBe(404);
    expect((await ask('GET', ENDPOINTS)).body?.items).toEqual([]);
  });

  test('[WHK11] one of the configuration is shown, and changed there only', async () => {
    const own = endpointAt(HOOK);
    const { ask } = await operated([KEY], [own]);
    const { body } = await ask('GET', ENDPOINTS);
    expect(body?.items).toEqual([
      { id: own.id, url: HOOK, format: 'standard', enabled: true, configured: true },
    ]);
    const input = { url: HOOK, format: 'standard' };
    const refused = [
      await ask('PUT', `${ENDPOINTS}/${own.id}`, input),
      await ask('DELETE', `${ENDPOINTS}/${own.id}`),
    ];
    expect(refused.map(({ status }) => status)).toEqual([403, 403]);
    expect(refused[0]?.body?.error?.message).toContain('WEBHOOKS_FILE');
  });

  test.each([
    [{ url: 'ftp://example.com', format: 'standard' }, 'body.url'],
    [{ url: 'https://user:word@example.com', format: 'standard' }, 'body.url'],
    [{ url: HOOK, format: 'other' }, 'body.format'],
    [{ url: HOOK, format: 'standard', events: [] }, 'body.events'],
    [{ url: HOOK, format: 'standard', events: ['call.ended', 'call.ended'] }, 'body.events'],
    [{ url: HOOK, format: 'standard', events: ['call.lost'] }, 'body.events.0'],
    [{ url: HOOK, format: 'standard', secrets: ['secret'] }, 'body.secrets.0'],
    [{ url: HOOK, format: 'standard', appKey: 'k' }, 'body.appKey'],
    [{ url: HOOK, format: 'netease', appSecret: 's' }, 'body.appKey'],
    [{ url: HOOK, format: 'netease', appKey: 'k' }, 'body.appSecret'],
    [{ url: HOOK, format: 'netease', appKey: 'k\n', appSecret: 's' }, 'body.appKey'],
    [{ url: HOOK, format: 'netease', appKey: 'k', appSecret: 's', forms: ['x'] }, 'body.forms.0'],
  ])('[WHK11] what is wrong with %j is named: %s', async (input, path) => {
    const { ask } = await operated();
    const { status, body } = await ask('POST', ENDPOINTS, input);
    expect([status, body?.error?.code, body?.error?.path]).toEqual([400, 'malformed', path]);
  });

  test('[NTE8] an address of the vendor’s form is saved once it has answered {} with 200', async () => {
    const { ask, receiver } = await operated();
    const input = { url: HOOK, format: 'netease', appKey: 'key', appSecret: 'secret' };
    receiver.react = () => 500;
    const refused = await ask('POST', ENDPOINTS, input);
    expect(refused).toMatchObject({ status: 400, body: { error: { path: 'body.url' } } });
    expect(refused.body?.error?.message).toContain('500');
    receiver.react = () => 'is away';
    expect((await ask('POST', ENDPOINTS, input)).status).toBe(400);
    expect((await ask('GET', ENDPOINTS)).body?.items).toEqual([]);
    receiver.react = () => 200;
    expect((await ask('POST', ENDPOINTS, input)).status).toBe(201);
    const { body, headers } = receiver.received.at(-1)!;
    expect(body).toBe('{}');
    expect(headers).toMatchObject({ AppKey: 'key', MD5: '99914b932bd37a50b983c5e7c90ae93b' });
  });
});

test('[NTE8] an endpoint whose receiver is away may be switched off', async () => {
  const { ask, receiver } = await operated();
  const input = { url: HOOK, format: 'netease', appKey: 'key', appSecret: 'secret' };
  receiver.react = () => 200;
  const { body } = await ask('POST', ENDPOINTS, input);
  receiver.react = () => 'is away';
  const off = await ask('PUT', `${ENDPOINTS}/${body?.id}`, { ...input, enabled: false });
  expect(off).toMatchObject({ status: 200, body: { enabled: false } });
});

test('[WHK12] an example of a copy-out is its record, another each time, and one that is not told is refused', async () => {
  const own = { format: 'netease', appKey: 'k', appSecret: 's', only200: true, forms: ['record'] };
  const { ask, clock, receiver } = await operated([KEY], [endpointAt(HOOK, own as object)]);
  receiver.react = () => 200;
  await clock.advanceAsync(10);
  const url = `${ENDPOINTS}/${endpointAt(HOOK).id}/test`;
  expect((await ask('POST', url)).body).toMatchObject({ delivered: true, status: 200 });
  await ask('POST', url, { type: 'record.created' });
  const bodies = receiver.received.slice(1).map(({ body }) => JSON.parse(body) as Answer);
  expect(bodies.map(({ msgType }) => msgType)).toEqual(['NRTC_NETCALL', 'NRTC_NETCALL']);
  expect(new Set(bodies.map(({ msgidServer }) => msgidServer)).size).toBe(2);
  const refused = await ask('POST', url, { type: 'call.ended' });
  expect(refused.body?.error).toMatchObject({ code: 'malformed', path: 'body.type' });
});

describe('deliveries', () => {
  test('[WHK12] those of an invitation are found by its id, and not by that of a call', async () => {
    const { ask, clock, store } = await operated([KEY], [endpointAt(HOOK)]);
    const { id } = endpointAt(HOOK);
    const told = { ...event(keyOfInvitation('one'), id), type: 'invitation.sent' as const };
    await put(store, { events: [told, event('one', id)] });
    await clock.advanceAsync(5_000);
    const found = await ask('GET', `${DELIVERIES}?invitation=one`);
    expect(found.body?.items).toMatchObject([{ type: 'invitation.sent', invitation: 'one' }]);
    expect(found.body?.items[0]).not.toHaveProperty('call');
    const calls = await ask('GET', `${DELIVERIES}?call=one`);
    expect(calls.body?.items).toMatchObject([{ type: 'call.held', call: 'one' }]);
    const both = await ask('GET', `${DELIVERIES}?call=one&invitation=one`);
    expect([both.status, both.body?.error?.path]).toEqual([400, 'query.invitation']);
  });

  test('[WHK12] what became of them is seen, page by page, with the event', async () => {
    const { ask, clock, store } = await operated([KEY], [endpointAt(HOOK)]);
    const { id } = endpointAt(HOOK);
    await put(store, { events: [event('call-a', id), event('call-b', id), event('call-b', id)] });
    await clock.advanceAsync(5_000);
    const first = await ask('GET', `${DELIVERIES}?limit=2`);
    expect(first.body?.items.map(({ call }) => call)).toEqual(['call-b', 'call-b']);
    const second = await ask('GET', `${DELIVERIES}?limit=2&cursor=${String(first.body?.['next'])}`);
    expect(second.body?.items).toMatchObject([{ call: 'call-a', endpoint: id, form: 'event' }]);
    expect(second.body?.['next']).toBeNull();
    const found = await ask('GET', `${DELIVERIES}?call=call-a&state=waiting`);
    expect(found.body?.items).toHaveLength(0);
    const one = await ask('GET', '/v1/webhooks/events/event-of-call-a');
    expect(one.body).toMatchObject({ type: 'call.held', data: { call: 'call-a', sequence: 1 } });
    expect((await ask('GET', '/v1/webhooks/events/unknown')).status).toBe(404);
    const wrong = await ask('GET', `${DELIVERIES}?state=lost`);
    expect(wrong.body?.error?.path).toBe('query.state');
  });

  test('[WHK12] what was delivered is sent again by event or time, with the same id', async () => {
    const { ask, clock, receiver, store } = await operated([KEY], [endpointAt(HOOK)]);
    const { id } = endpointAt(HOOK);
    await put(store, { events: [event('call-a', id)] });
    await clock.advanceAsync(5_000);
    const resend = `${ENDPOINTS}/${id}/resend`;
    expect((await ask('POST', resend, { event: 'event-of-call-a' })).body).toEqual({ count: 1 });
    expect((await ask('POST', resend, { from: 0, to: 1 })).body).toEqual({ count: 0 });
    await clock.advanceAsync(100);
    const ids = receiver.received.map(({ headers }) => headers['webhook-id']);
    expect(ids).toEqual(['event-of-call-a', 'event-of-call-a']);
    expect((await ask('POST', resend, {})).body?.error?.path).toBe('body');
    expect((await ask('POST', `${ENDPOINTS}/unknown/resend`, { from: 0 })).status).toBe(404);
  });

  test('[WHK12] more than a portion are sent again, and more than a portion go with their endpoint', async () => {
    const { ask, clock, store } = await operated();
    const { body } = await ask('POST', ENDPOINTS, {
      url: HOOK,
      format: 'standard',
      enabled: false,
    });
    const id = body?.id ?? '';
    const many = OUTBOX_PORTION + 1;
    await put(store, {
      at: clock.now(),
      events: Array.from({ length: many }, (_, i) => event(`call-${i}`, id)),
    });
    const again = await ask('POST', `${ENDPOINTS}/${id}/resend`, { state: 'waiting' });
    expect(again.body).toEqual({ count: many });
    expect((await ask('DELETE', `${ENDPOINTS}/${id}`)).status).toBe(204);
    expect(await store.deliveries({ limit: 1 })).toEqual([]);
  });

  test.each(['5', '5-', 'x-5', '5-5-5', '12345678901234567-1'])(
    '[WHK12] a cursor that is no `next` is refused: %s',
    async (cursor) => {
      const { ask } = await operated();
      const { status, body } = await ask('GET', `${DELIVERIES}?cursor=${cursor}`);
      expect([status, body?.error?.path]).toEqual([400, 'query.cursor']);
    },
  );

  test.each(EVENT_TYPES)(
    '[WHK12] a test send of %s is signed, and tells how it went',
    async (type) => {
      const { ask, receiver } = await operated([KEY], [endpointAt(HOOK)]);
      const url = `${ENDPOINTS}/${endpointAt(HOOK).id}/test`;
      expect((await ask('POST', url, { type })).body).toMatchObject({
        delivered: true,
        status: 204,
      });
      const { body, headers } = receiver.received[0]!;
      // The library reads the machine's own clock; that of the test stands elsewhere.
      expect(verified(body, headers)).toMatchObject({ type });
      receiver.react = () => ({ status: 404, body: 'nothing here' });
      const failed = await ask('POST', url, { type });
      expect(failed.body).toEqual({ delivered: false, status: 404, note: 'nothing here' });
    },
  );
});

/** The body as the standard's own library reads it, at the time of its signature. */
function verified(body: string, headers: Readonly<Record<string, string>>): unknown {
  const signed = new Webhook(WEBHOOK_SECRET);
  const at = new Date(Number(headers['webhook-timestamp']) * 1000);
  const mine = signed.sign(headers['webhook-id'] ?? '', at, body);
  expect(headers['webhook-signature']).toBe(mine);
  return JSON.parse(body);
}
