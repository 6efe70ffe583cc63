import { copyFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { MAX_MESSAGE_BYTES } from '@ringline/protocol';
import type { Json, MessageSentData } from '@ringline/protocol';
import { readCopyOut } from '@ringline/protocol/netease';
import { VirtualClock } from '@ringline/testkit';
import { expect, test } from 'vitest';
import type { StoredEvent } from '../../src/store/outbox.ts';
import type { Store } from '../../src/store/store.ts';
import { copyOutOf } from '../../src/webhooks/netease.ts';
import { commit } from '../store/builders.ts';
import { newFile, openStore } from '../store/sqlite-files.ts';
import { Receiver, endpointAt } from '../support/receiver.ts';
import { TestCluster } from '../support/test-cluster.ts';

const COPY_URL = 'https://receiver.example.com/copy';
const HOOK_URL = 'https://backend.example.com/hook';
const COPY = {
  format: 'netease',
  only200: true,
  forms: null,
  appKey: 'k',
  appSecret: 's',
} as const;

/** Tells an endpoint of a message under this id, and gives what was told. */
async function toldOf(store: Store, id: string): Promise<StoredEvent> {
  const data = { id: 'm1', from: 'a', to: 'b', at: 1, body: { kind: 'text', text: 'hello' } };
  const deliveries = [{ endpoint: 'one', form: 'message' as const, lane: id }];
  await commit(store, {
    events: [{ id, type: 'message.sent', key: 'from a\nb', data, deliveries }],
  });
  const claim = { endpoint: 'one', now: Number.MAX_SAFE_INTEGER, until: 0, limit: 9 };
  const claimed = await store.claimDeliveries(claim);
  return claimed.find(({ event }) => event.id === id)!.event;
}

function numberOf(event: StoredEvent): unknown {
  return JSON.parse(copyOutOf('message', event)?.body ?? '{}').msgidServer;
}

test('[NTE9] after a restored backup another event has another number, and the same one its own', async () => {
  const [file, backup] = [newFile(), newFile()];
  const first = openStore(file);
  const told = await toldOf(first, 'told-before');
  await first.close();
  mkdirSync(dirname(backup), { recursive: true });
  copyFileSync(file, backup);

  const lost = await toldOf(openStore(file), 'lost');
  const restored = openStore(backup);
  const other = await toldOf(restored, 'other');
  expect(other.n).toBe(lost.n);
  expect(numberOf(other)).not.toBe(numberOf(lost));
  const again = await restored.event('told-before');
  expect(numberOf(again!)).toBe(numberOf(told));
});

test('[NTE9] the number is one that a signed integer of 64 bits holds', () => {
  const event = { n: 1, type: 'message.sent', key: '', at: 0 } as const;
  const data = { id: 'm', from: 'a', to: 'b', at: 0, body: { kind: 'text', text: '' } };
  const numbers = Array.from({ length: 200 }, (_, i) =>
    numberOf({ ...event, id: `id-${i}`, data }),
  );
  expect(new Set(numbers).size).toBe(200);
  for (const number of numbers) {
    expect(number).toMatch(/^\d{1,19}$/);
    expect(BigInt(String(number)) < 2n ** 63n).toBe(true);
  }
});

/** Alice writes twice to Bob; the receiver does not take the first. */
async function twoMessages(endpoint: Parameters<typeof endpointAt>) {
  const clock = new VirtualClock();
  const receiver = new Receiver(clock);
  receiver.react = ({ body }) => (body.includes('first') ? 400 : 200);
  const configured = [endpointAt(...endpoint)];
  const webhooks = { outbound: receiver, configured, keepMs: 86_400_000 };
  const cluster = new TestCluster({ clock, webhooks });
  const alice = await cluster.device(await cluster.node(), 'alice', 'alice1');
  for (const text of ['first', 'second']) {
    alice.ask({ type: 'send', to: 'bob', body: { kind: 'text', text } });
    await clock.advanceAsync(50);
  }
  return { bodies: () => receiver.received.map(({ body }) => body), clock, receiver };
}

test('[NTE10] a copy-out that is refused keeps none of the same two users waiting', async () => {
  const { bodies } = await twoMessages([COPY_URL, COPY]);
  const texts = bodies().map((body) => JSON.parse(body).body as unknown);
  expect(texts.slice(1)).toEqual(['first', 'second']);
});

test('[WHK5] messages of one user to another arrive in order: while one waits, the later ones wait', async () => {
  const { bodies, clock, receiver } = await twoMessages([HOOK_URL]);
  const texts = () => bodies().map((body) => JSON.parse(body).data.body.text as unknown);
  expect(texts()).toEqual(['first']);
  receiver.react = () => 204;
  await clock.advanceAsync(10_000);
  expect(texts()).toEqual(['first', 'first', 'second']);
});

/** The copy-out of a message with this body. */
function copyOf(body: MessageSentData['body']): string {
  const event = { n: 1, id: 'e', type: 'message.sent', key: '', at: 0 } as const;
  const data = { id: 'm', from: '"'.repeat(64), to: '"'.repeat(64), at: 0, body };
  return copyOutOf('message', { ...event, data })?.body ?? '';
}

/** Of this length as JSON: a list of it and a tail. */
function jsonOf(character: string, length = MAX_MESSAGE_BYTES): Json {
  const each = JSON.stringify(character).length - 2;
  const count = Math.floor((length - '["",""]'.length) / each);
  const list = [character.repeat(count), ''];
  return [list[0]!, 'a'.repeat(length - JSON.stringify(list).length)];
}

test.each(['"', '\u0001', '\\', '张'])(
  '[NTE2] a message as long as any, all of %j, is read by the reader of copy-outs',
  (character) => {
    const text = character.repeat(MAX_MESSAGE_BYTES / Buffer.byteLength(character));
    const asText = readCopyOut(copyOf({ kind: 'text', text }), undefined);
    expect(asText).toMatchObject({ kind: 'message', message: { text } });
    const data = jsonOf(character);
    const attach = JSON.stringify(data);
    expect(attach).toHaveLength(MAX_MESSAGE_BYTES);
    const asData = readCopyOut(copyOf({ kind: 'data', data }), undefined);
    expect(asData).toMatchObject({ kind: 'message', message: { attach } });
  },
);
