import { KEPT_RESULTS, MAX_MESSAGE_BYTES, RTM_MESSAGE_TIMEOUT_MS } from '@ringline/protocol';
import { expect, test } from 'vitest';
import type { RtmTextMessage } from '../../src/rtm/agora.ts';
import { LOGGED_IN, agora, agoraWorld, anyrtc, failureOf } from './support/world.ts';
import { toldBy } from './support/told.ts';

test.each(LOGGED_IN)(
  '[RTM30] %s: a text reaches a peer, and the sender hears whether it did',
  async (_, make) => {
    const world = await make();
    const send = () => world.done(world.client.sendMessageToPeer({ text: 'hello' }, 'bob'));
    expect(await send()).toEqual({ hasPeerReceived: true });
    expect(world.server.last('rtm-send')).toMatchObject({
      to: 'bob',
      body: { kind: 'text', text: 'hello' },
    });
    world.server.answers.set('rtm-send', { type: 'rtm-sent', received: false });
    expect(await send()).toEqual({ hasPeerReceived: false });
  },
);

test.each(LOGGED_IN)(
  '[RTM30] %s: messages that no peer has yet hold nothing up, neither others nor an invitation',
  async (_, make) => {
    const world = await make();
    const { client, server } = world;
    server.silentOn.add('rtm-send');
    const texts = Array.from({ length: KEPT_RESULTS + 1 }, (_, i) => `${i}`);
    const sent = texts.map((text) => client.sendMessageToPeer({ text }, 'bob'));
    client.createLocalInvitation('carol').send();
    await world.pass();
    expect(server.all('rtm-send')).toHaveLength(KEPT_RESULTS + 1);
    expect(server.all('rtm-invite')).toHaveLength(1);
    for (const request of server.all('rtm-send')) server.answer(request);
    const results = await world.done(Promise.all(sent));
    expect(results).toEqual(texts.map(() => ({ hasPeerReceived: true })));
  },
);

test.each(LOGGED_IN)(
  '[RTM30] %s: nor do questions, while commands wait for each other',
  async (_, make) => {
    const world = await make();
    const { client, server } = world;
    for (const type of ['rtm-invite', 'rtm-get-attributes', 'rtm-count'] as const) {
      server.silentOn.add(type);
    }
    const uids = Array.from({ length: KEPT_RESULTS + 1 }, (_, i) => `user ${i}`);
    for (const uid of uids) {
      client.getUserAttributes(uid).catch(() => undefined);
      client.getChannelMemberCount([uid]).catch(() => undefined);
    }
    for (const uid of uids) client.createLocalInvitation(uid).send();
    await world.pass();
    expect(server.all('rtm-get-attributes')).toHaveLength(KEPT_RESULTS + 1);
    expect(server.all('rtm-count')).toHaveLength(KEPT_RESULTS + 1);
    expect(server.all('rtm-invite')).toHaveLength(KEPT_RESULTS);
  },
);

test('[RTM30] Agora: bytes with a description go there and come here as they are', async () => {
  const world = await agora();
  const rawMessage = Uint8Array.from({ length: 256 }, (_, i) => i);
  const message = { rawMessage, description: 'all of them', messageType: 'RAW' } as const;
  await world.done(world.client.sendMessageToPeer(message, 'bob'));
  const { body } = world.server.last('rtm-send');
  const told = toldBy(world.client);
  world.server.say({ type: 'rtm-message', message: 'm1', from: 'bob', at: 5, body });
  await world.pass();
  expect(told).toEqual([['MessageFromPeer', message, 'bob', { serverReceivedTs: 5 }]]);
});

test('[RTM30] anyRTC has no bytes: of such a message its app sees the description', async () => {
  const world = await anyrtc();
  const told = toldBy(world.client);
  const body = { kind: 'raw', raw: 'AAEC', description: 'three bytes' } as const;
  world.server.say({ type: 'rtm-message', message: 'm1', from: 'bob', at: 5, body });
  await world.pass();
  expect(told).toEqual([
    [
      'MessageFromPeer',
      { text: 'three bytes', messageType: 'TEXT' },
      'bob',
      { isOfflineMessage: false, serverReceivedTs: 5 },
    ],
  ]);
  const raw = { rawMessage: new Uint8Array(3) } as unknown as RtmTextMessage;
  const failure = await failureOf(world.client.sendMessageToPeer(raw, 'bob'));
  expect(failure).toEqual([7, 'PEER_MESSAGE_ERR_INVALID_MESSAGE']);
});

test.each(LOGGED_IN)(
  '[RTM31] %s: a message that comes twice is told once, and answered twice',
  async (_, make) => {
    const world = await make();
    const told = toldBy(world.client);
    const body = { kind: 'text', text: 'hello' } as const;
    for (const [from, message] of [
      ['bob', 'm1'],
      ['bob', 'm1'],
      ['bob', 'm2'],
      ['carol', 'm1'],
    ] as const) {
      world.server.say({ type: 'rtm-message', message, from, at: 5, body });
    }
    await world.pass();
    expect(told.map(([, , from]) => from)).toEqual(['bob', 'bob', 'carol']);
    const got = world.server.all('rtm-got').map(({ from, message }) => `${from} ${message}`);
    expect(got).toEqual(['bob m1', 'bob m1', 'bob m2', 'carol m1']);
  },
);

test.each(LOGGED_IN)(
  '[RTM32] %s: a message is at most 32 KB, and its errors are the vendor’s',
  async (_, make) => {
    const world = await make();
    const send = (text: unknown, to: unknown = 'bob') =>
      failureOf(
        world
          .done(world.client.sendMessageToPeer({ text: text as string }, to as string))
          .then(() => Promise.reject(Object.assign(new Error('sent'), { code: 0, data: 'sent' }))),
      );
    expect(await send('é'.repeat(MAX_MESSAGE_BYTES / 2))).toEqual([0, 'sent']);
    const bad = [7, 'PEER_MESSAGE_ERR_INVALID_MESSAGE'];
    expect(await send(`${'é'.repeat(MAX_MESSAGE_BYTES / 2)}.`)).toEqual(bad);
    expect(await send(undefined)).toEqual(bad);
    for (const to of ['', 7, 'null']) {
      expect(await send('hello', to)).toEqual([6, 'PEER_MESSAGE_ERR_INVALID_USERID']);
    }
    world.server.refuse('rtm-send', 'rate-limited');
    expect(await send('hello')).toEqual([5, 'PEER_MESSAGE_ERR_TOO_OFTEN']);
    world.server.refuse('rtm-send', 'forbidden');
    expect(await send('hello')).toEqual([1, 'PEER_MESSAGE_ERR_FAILURE']);
    world.server.silentOn.add('rtm-send');
    const startedAt = world.clock.now();
    expect(await send('hello')).toEqual([2, 'PEER_MESSAGE_ERR_TIMEOUT']);
    expect(world.clock.now() - startedAt).toBe(RTM_MESSAGE_TIMEOUT_MS + 2_000);
    await world.client.logout();
    expect(await send('hello')).toEqual([102, 'PEER_MESSAGE_ERR_USER_NOT_LOGGED_IN']);
  },
);

test('[RTM32] bytes and description are at most 32 KB together', async () => {
  const world = await agora();
  const send = (bytes: number) =>
    world.client.sendMessageToPeer(
      { rawMessage: new Uint8Array(bytes), description: 'é', messageType: 'RAW' },
      'bob',
    );
  expect(await world.done(send(MAX_MESSAGE_BYTES - 2))).toEqual({ hasPeerReceived: true });
  const failure = await failureOf(send(MAX_MESSAGE_BYTES - 1));
  expect(failure).toEqual([7, 'PEER_MESSAGE_ERR_INVALID_MESSAGE']);
});

test('[RTM30] createMessage fills in the type', () => {
  const { client } = agoraWorld();
  expect(client.createMessage<RtmTextMessage>({ text: 'hello' })).toEqual({
    text: 'hello',
    messageType: 'TEXT',
  });
  const raw = client.createMessage({ rawMessage: new Uint8Array(1) });
  expect(raw).toMatchObject({ messageType: 'RAW' });
});
