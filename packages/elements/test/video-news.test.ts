import type { VideoEndView } from '@ringline/client';
import { VirtualClock } from '@ringline/testkit';
import { expect, test } from 'vitest';
import { NEWS_MS } from '../src/model/device-news.ts';
import { Names } from '../src/model/names.ts';
import { Phone } from '../src/model/phone.ts';
import { VideoNews } from '../src/model/video-news.ts';
import { TestCall, TestClient } from './support.ts';

const REFUSED: VideoEndView = { why: 'refused', by: 'peer' };

/** A call that is on, and what is told of its picture. */
async function onCall() {
  const client = new TestClient();
  const phone = new Phone(client.port, new Names());
  const clock = new VirtualClock();
  const news = new VideoNews(phone, clock);
  const call = new TestCall('one', 'outgoing');
  client.placed = Promise.resolve(call.call);
  await phone.place({ user: 'alice' }, 'audio');
  call.becomes('established');
  return { call, clock, news, phone };
}

test('why a request came to nothing is told for a moment', async () => {
  const { call, clock, news } = await onCall();
  let changes = 0;
  news.watch(() => changes++);
  call.videoEnd = REFUSED;
  call.tells('videoRefused');
  expect(news.of(call.call)).toEqual(REFUSED);
  clock.advance(NEWS_MS);
  expect(news.of(call.call)).toBeUndefined();
  expect(changes).toBe(2);
});

test('a new request, or a picture, takes its place', async () => {
  const { call, news } = await onCall();
  call.videoEnd = REFUSED;
  call.tells('videoRemoved');
  expect(news.of(call.call)).toEqual(REFUSED);
  call.tells('videoRequested');
  expect(news.of(call.call)).toBeUndefined();
});

test('of another call nothing is told', async () => {
  const { call, news, phone } = await onCall();
  call.videoEnd = REFUSED;
  call.tells('videoRefused');
  call.becomes('ended', 'completed');
  phone.dismiss();
  expect(news.of(call.call)).toBeUndefined();
});
