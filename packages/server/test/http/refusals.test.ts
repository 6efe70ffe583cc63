import { expect, test } from 'vitest';
import { endpointAt } from '../support/receiver.ts';
import { createTestApp, as, get, put } from './fixture.ts';
import { ENDPOINTS, KEY, operated } from './operated.ts';

const HOOK = 'https://backend.example.com/hook';
const JSON_TYPE = 'application/json';

test('[RST1] an address that takes no query refuses one', async () => {
  const url = '/v1/records/missed';
  const { app } = createTestApp();
  expect((await get(app, url)).statusCode).toBe(200);
  const answer = await get(app, `${url}?x=1`);
  expect([answer.statusCode, answer.json().error]).toEqual([
    400,
    { code: 'malformed', path: 'query.x', message: 'query.x: is not a field of this request' },
  ]);
});

test.each([
  ['GET', ENDPOINTS],
  ['POST', ENDPOINTS],
  ['GET', `${ENDPOINTS}/ID`],
  ['PUT', `${ENDPOINTS}/ID`],
  ['DELETE', `${ENDPOINTS}/ID`],
  ['POST', `${ENDPOINTS}/ID/test`],
  ['POST', `${ENDPOINTS}/ID/resend`],
  ['GET', '/v1/webhooks/events/ID'],
  ['GET', '/v1/webhooks/deliveries'],
] as const)('[RST1] %s %s refuses a query that it does not know', async (method, url) => {
  const { app, ask } = await operated([KEY], [endpointAt(HOOK)]);
  const at = `${url.replace('ID', endpointAt(HOOK).id)}?x=1`;
  const { status, body } = await ask(method, at, method === 'GET' ? undefined : {});
  expect([status, body?.error?.path]).toEqual([400, 'query.x']);
  // A stranger learns nothing of it.
  expect((await app.inject({ method, url: at })).statusCode).toBe(401);
});

test('[RST2] an address or query that cannot be decoded is named', async () => {
  const { app } = createTestApp();
  const flaws = [];
  for (const url of ['/v1/%ff', '/v1/records?peer=%ff', '/v1/records?peer=%', '/v1/users?x=%zz'])
    flaws.push((await get(app, url)).json().error);
  expect(flaws.map(({ code, path }) => `${code} ${path}`)).toEqual([
    'malformed url',
    'malformed query',
    'malformed query',
    'malformed query',
  ]);
  for (const { message } of flaws) expect(message).toContain('write %25');
  expect((await get(app, '/v1/records?peer=a%25%3F?')).statusCode).toBe(200);
});

test('[RST3] a body that is empty is none, whatever its type says', async () => {
  const { app, ask } = await operated();
  const made = await ask('POST', ENDPOINTS, { url: HOOK, format: 'standard' });
  const headers = { authorization: `Bearer ${KEY}`, 'content-type': JSON_TYPE };
  const bare = (method: 'POST' | 'PUT' | 'DELETE', url: string) =>
    app.inject({ method, url, headers });
  const url = `${ENDPOINTS}/${made.body?.id}`;
  for (const answer of [await bare('POST', ENDPOINTS), await bare('PUT', url)]) {
    expect([answer.statusCode, answer.json().error]).toEqual([
      400,
      { code: 'malformed', path: 'body', message: 'body: is missing' },
    ]);
  }
  expect((await bare('DELETE', url)).statusCode).toBe(204);
});

test.each([
  ['{', JSON_TYPE, 400, 'body: is no JSON'],
  ['{"__proto__":{}}', JSON_TYPE, 400, 'body: is no JSON, or has a key'],
  ['[]', JSON_TYPE, 400, 'body: must be an object'],
  ['null', JSON_TYPE, 400, 'body: must be an object'],
  ['hello', 'text/plain', 415, 'body: must be JSON'],
  [`"${'a'.repeat(16_384)}"`, JSON_TYPE, 413, 'body: must be at most 16384 bytes'],
])('[RST3] another body is refused with its path: %#', async (payload, type, status, why) => {
  const { app } = await operated();
  const headers = { authorization: `Bearer ${KEY}`, 'content-type': type };
  const answer = await app.inject({ method: 'POST', url: ENDPOINTS, headers, payload });
  expect([answer.statusCode, answer.json().error]).toEqual([
    status,
    expect.objectContaining({ path: 'body', message: expect.stringContaining(why) }),
  ]);
});

test.each<[string, object]>([
  ['body.format: is missing', {}],
  ['body.format: must be one of "standard", "netease"', { format: 'other' }],
  ['body.url: is missing', { format: 'standard' }],
  ['body.url: must be one text', { format: 'standard', url: 5 }],
  ['body.enabled: must be true or false', { enabled: 'yes' }],
  ['body.events: must be a list, [ ] in JSON', { events: 'call.ended' }],
  ['body.events: must name 1 at least', { events: [] }],
  ['body.events.0: must be one of "call.invited", "call.ringing"', { events: [null] }],
  ['body.secrets: must name 3 at most', { secrets: ['', '', '', ''] }],
  ['body.appKey: must not be empty', { format: 'netease', appKey: '' }],
  ['body.appKey: must be at most 256 characters', { format: 'netease', appKey: 'a'.repeat(257) }],
  ['body.appKey: must be visible ASCII', { format: 'netease', appKey: 'a b' }],
])('[RST4] it is said what must be: %s', async (why, over) => {
  const { ask } = await operated();
  const whole = Object.keys(over)[0] === 'format' || Object.keys(over).length === 0;
  const format = (over as { format?: string }).format === 'netease' ? { url: HOOK } : {};
  const input = whole ? { ...format, ...over } : { url: HOOK, format: 'standard', ...over };
  const { status, body } = await ask('POST', ENDPOINTS, input);
  expect([status, body?.error?.message]).toEqual([400, expect.stringContaining(why)]);
});

test('[RST4] a query that is given twice, or is none of a list, is told what it must be', async () => {
  const { app } = createTestApp();
  const words = async (url: string) => (await get(app, url)).json().error.message as string;
  expect(await words('/v1/records?peer=a&peer=b')).toBe('query.peer: must be one text');
  expect(await words('/v1/records?outcome=lost')).toMatch(/^query\.outcome: must be one of "/);
});

test.each(['/v1/records?from=5&to=5', '/v1/webhooks/deliveries?from=5&to=1'])(
  '[RST5] %s ends before it begins, and is refused',
  async (url) => {
    const { app, ask } = await operated([KEY], [endpointAt(HOOK)]);
    const error = url.startsWith('/v1/records')
      ? (await app.inject({ url, headers: await as('alice') })).json().error
      : (await ask('GET', url)).body?.error;
    expect(error).toMatchObject({ path: 'query.to', message: 'query.to: must be after `from`' });
  },
);

test('[RST5] a resend that can find nothing is refused', async () => {
  const [one, other] = [endpointAt(HOOK), endpointAt(`${HOOK}/other`)];
  const { ask, clock, store } = await operated([KEY], [one, other]);
  const deliveries = [{ endpoint: other.id, form: 'event' as const, lane: 'a' }];
  const event = { id: 'an-event', type: 'call.held' as const, key: 'a', data: {}, deliveries };
  await put(store, { events: [event] });
  await clock.advanceAsync(5_000);
  const resend = (id: string, body: object) => ask('POST', `${ENDPOINTS}/${id}/resend`, body);
  const reversed = await resend(one.id, { from: 5, to: 1 });
  expect([reversed.status, reversed.body?.error?.path]).toEqual([400, 'body.to']);
  for (const wrong of ['no-event', 'an-event']) {
    const { status, body } = await resend(one.id, { event: wrong });
    expect([status, body?.error?.code, body?.error?.path]).toEqual([
      404,
      'not-found',
      'body.event',
    ]);
  }
  expect((await resend(other.id, { event: 'an-event', state: 'dead' })).body).toEqual({ count: 0 });
  expect((await resend(other.id, { event: 'an-event' })).body).toEqual({ count: 1 });
});
