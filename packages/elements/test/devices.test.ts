import type { Choice, DeviceReplaced } from '@ringline/client';
import { VirtualClock } from '@ringline/testkit';
import { expect, test } from 'vitest';
import { DeviceMemory } from '../src/model/device-memory.ts';
import { DeviceNews, NEWS_MS } from '../src/model/device-news.ts';
import { Names } from '../src/model/names.ts';
import { Phone } from '../src/model/phone.ts';
import { Preferences } from '../src/model/preferences.ts';
import { TestCall, TestClient, memory } from './support.ts';

/** What the devices of a client were asked to take; `fault` is what the next choice says instead. */
function devices() {
  const taken: Choice[] = [];
  const port = {
    chosen: {},
    fault: undefined as Error | undefined,
    choose: (choice: Choice) => {
      taken.push(choice);
      return port.fault === undefined ? Promise.resolve() : Promise.reject(port.fault);
    },
  };
  return { port, taken };
}

test('devices chosen once are taken by the client of the next page', async () => {
  const store = memory();
  const first = new DeviceMemory(devices().port, new Preferences(store));
  await first.choose({ microphone: 'jabra', camera: 'brio' });
  await first.choose({ camera: null });
  const { port, taken } = devices();
  expect(new DeviceMemory(port, new Preferences(store)).chosen).toBe(port.chosen);
  expect(taken).toEqual([{ microphone: 'jabra', camera: null, speaker: null }]);
});

test('a choice that could not be taken is told and not kept', async () => {
  const preferences = new Preferences(memory());
  const { port } = devices();
  const kept = new DeviceMemory(port, preferences);
  port.fault = new Error('busy');
  await expect(kept.choose({ microphone: 'jabra' })).rejects.toThrow('busy');
  expect(preferences.devices).toEqual({});
});

test.each(['', 'no JSON', '"text"', 'null', '{"microphone":7,"camera":""}'])(
  'what is stored as %s chooses nothing',
  (stored) => {
    const store = memory();
    store.write('ringline.devices', stored);
    const { microphone, camera, speaker } = new Preferences(store).devices;
    expect([microphone ?? null, camera ?? null, speaker ?? null]).toEqual([null, null, null]);
  },
);

const jabra = { kind: 'microphone', id: 'j', label: 'Jabra' } as const;
const built = { kind: 'microphone', id: 'b', label: 'Built-in' } as const;
const replaced: DeviceReplaced = { kind: 'microphone', from: jabra, to: built };
const gone: DeviceReplaced = { kind: 'microphone', from: jabra, to: undefined };

function callWithNews() {
  const client = new TestClient();
  const clock = new VirtualClock();
  const phone = new Phone(client.port, new Names());
  const news = new DeviceNews(client.port, phone, clock);
  const { call } = rings(client);
  return { client, clock, news, call };
}

function rings(client: TestClient, id = 'one'): TestCall {
  const call = new TestCall(id);
  client.rings(call);
  call.becomes('established');
  return call;
}

test('that another device took over is said for a moment', () => {
  const { client, clock, news, call } = callWithNews();
  client.tell('deviceReplaced', replaced);
  expect(news.of(call)).toBe(replaced);
  clock.advance(NEWS_MS - 1);
  expect(news.of(call)).toBe(replaced);
  clock.advance(1);
  expect(news.of(call)).toBeUndefined();
});

test('that there is none left is said until there is one, and not of the next call', () => {
  const { client, clock, news, call } = callWithNews();
  client.tell('deviceReplaced', replaced);
  client.tell('deviceReplaced', gone);
  clock.advance(2 * NEWS_MS);
  expect(news.of(call)).toBe(gone);
  client.tell('deviceReplaced', { ...gone, from: undefined, to: jabra });
  clock.advance(NEWS_MS);
  expect(news.of(call)).toBeUndefined();
  client.tell('deviceReplaced', gone);
  expect(news.of(rings(client, 'two').call)).toBeUndefined();
});
