import { expect, test } from 'vitest';
import type { OutboundAnswer } from '../../src/outbound/outbound.ts';
import { MAX_ENDPOINTS, readEndpoints } from '../../src/webhooks/endpoint-schema.ts';
import { WEBHOOK_SECRET, endpointAt } from '../support/receiver.ts';
import { ENDPOINTS, KEY, operated } from './operated.ts';

const HOOK = 'https://backend.example.com/hook';
const COPY = { url: HOOK, format: 'netease', appKey: 'key', appSecret: 'secret' };

/** An operator who has made an endpoint, and how the check of the next change is held. */
async function made() {
  const { ask, receiver, ...more } = await operated();
  receiver.react = () => 200;
  const { body } = await ask('POST', ENDPOINTS, COPY);
  const url = `${ENDPOINTS}/${body!.id}`;

  /** Begins a change whose `{}` is answered when the returned function is called. */
  const beginChange = async (input: object) => {
    const [asked, answer] = [
      Promise.withResolvers<void>(),
      Promise.withResolvers<OutboundAnswer>(),
    ];
    const post = receiver.post.bind(receiver);
    receiver.post = () => {
      asked.resolve();
      return answer.promise;
    };
    const changing = ask('PUT', url, input);
    await asked.promise;
    receiver.post = post;
    return () => {
      answer.resolve({ status: 200, body: '' });
      return changing;
    };
  };
  return { ask, beginChange, url, ...more };
}

test('[OPR7] a change does not bring back an endpoint that was removed meanwhile', async () => {
  const { ask, beginChange, url } = await made();
  const goOn = await beginChange({ ...COPY, appKey: 'another' });
  expect((await ask('DELETE', url)).status).toBe(204);
  expect(await goOn()).toMatchObject({ status: 404, body: { error: { code: 'not-found' } } });
  expect((await ask('GET', ENDPOINTS)).body?.items).toEqual([]);
});

test('[OPR7] of two changes at once the later one is not overwritten by the earlier', async () => {
  const { ask, beginChange, url } = await made();
  const goOn = await beginChange({ ...COPY, appKey: 'earlier' });
  expect((await ask('PUT', url, { ...COPY, appKey: 'later' })).status).toBe(200);
  const refused = await goOn();
  expect(refused).toMatchObject({ status: 409, body: { error: { code: 'conflict' } } });
  expect(refused.body?.error?.message).toContain('read it');
  expect((await ask('GET', url)).body).toMatchObject({ appKey: 'later' });
  expect((await ask('PUT', url, { ...COPY, appKey: 'again' })).status).toBe(200);
});

test('[OPR7] a change begins from what another node has made of it', async () => {
  const { ask, store, url, webhooks } = await made();
  const [before] = webhooks.endpoints.all;
  await store.changeEndpoint({ ...before!, version: 2, url: `${HOOK}/moved` });
  expect((await ask('PUT', url, { ...COPY, appSecret: undefined })).status).toBe(200);
  expect(await store.endpoints()).toMatchObject([{ version: 3, url: HOOK, appSecret: 'secret' }]);
});

test('[OPR8] MAX_ENDPOINTS may be made besides those of WEBHOOKS_FILE, and no more', async () => {
  const configured = [endpointAt(HOOK)];
  const { ask } = await operated([KEY], configured);
  const input = { url: HOOK, format: 'standard' };
  const answers = [];
  for (let i = 0; i <= MAX_ENDPOINTS; i++) answers.push(await ask('POST', ENDPOINTS, input));
  const statuses = answers.map(({ status }) => status);
  expect(statuses).toEqual([...Array.from({ length: MAX_ENDPOINTS }, () => 201), 409]);
  expect(answers.at(-1)?.body?.error).toMatchObject({
    code: 'conflict',
    message: expect.stringContaining(`${MAX_ENDPOINTS}`),
  });
  await ask('DELETE', `${ENDPOINTS}/${answers[0]?.body?.id}`);
  expect((await ask('POST', ENDPOINTS, input)).status).toBe(201);
});

test('[OPR8] a file names MAX_ENDPOINTS and no more', () => {
  const secrets = [WEBHOOK_SECRET];
  const file = (count: number) =>
    JSON.stringify(
      Array.from({ length: count }, (_, i) => ({
        id: `endpoint-${i}`,
        url: HOOK,
        format: 'standard',
        secrets,
      })),
    );
  expect(readEndpoints(file(MAX_ENDPOINTS))).toMatchObject({ value: { length: MAX_ENDPOINTS } });
  const flaw = `is wrong: must name ${MAX_ENDPOINTS} at most`;
  expect(readEndpoints(file(MAX_ENDPOINTS + 1))).toEqual({ flaw });
});
