import { VirtualClock } from '@ringline/testkit';
import { expect, test } from 'vitest';
import { HANDOVER_MS, LOOK_MS, RINGBACK_PATIENCE_MS } from '../src/model/ringer.ts';
import { TestBrowser, TestCall, TestPage } from './support.ts';

function pages(count: number, ...blocked: number[]) {
  const clock = new VirtualClock();
  const browser = new TestBrowser();
  const all = Array.from({ length: count }, (_, i) => {
    return new TestPage(clock, browser, blocked.includes(i));
  });
  return { clock, all, sounding: () => all.map(({ sounder }) => sounder.playing === 'ring') };
}

test('of several pages of one browser one rings aloud, and all say that the user is alerted', () => {
  const { all, sounding } = pages(3);
  const calls = all.map((page) => page.rings());
  expect(sounding()).toEqual([true, false, false]);
  // What the SDK says by itself needs no word.
  expect(calls.flatMap(({ reports }) => reports)).toEqual([]);
});

test('a page that may sound rings, not one that came first and may not', async () => {
  const { clock, all, sounding } = pages(2, 0);
  const [blocked, audible] = all.map((page) => page.rings());
  expect(sounding()).toEqual([false, true]);
  expect(blocked?.reports).toEqual(['autoplay-blocked']);
  await clock.advanceAsync(LOOK_MS);
  expect(blocked?.reports).toEqual(['autoplay-blocked', 'alerting']);
  expect(audible?.reports).toEqual([]);
});

test('the browser holds back the sound everywhere: the caller is told, and again at the first touch', async () => {
  const { clock, all, sounding } = pages(1, 0);
  const [page] = all;
  const call = page!.rings();
  await clock.advanceAsync(3 * LOOK_MS);
  expect(page!.ringer.isHeldBack).toBe(true);
  page!.sounder.block(false);
  expect(sounding()).toEqual([true]);
  expect(page!.ringer.isHeldBack).toBe(false);
  expect(call.reports).toEqual(['autoplay-blocked', 'alerting']);
});

test('everything is silent the moment the outcome is known', async () => {
  const { clock, all, sounding } = pages(2);
  const calls = all.map((page) => page.rings());
  calls[0]!.becomes('ended', 'cancelled');
  expect(sounding()).toEqual([false, false]);
  calls[1]!.becomes('ended', 'cancelled');
  await clock.advanceAsync(2 * HANDOVER_MS);
  expect(sounding()).toEqual([false, false]);
});

test('refused on this page only, another page of the browser takes the ringtone over', async () => {
  const { clock, all, sounding } = pages(2);
  const calls = all.map((page) => page.rings());
  await all[0]!.phone.refuse(calls[0]!.call, false);
  await clock.advanceAsync(HANDOVER_MS);
  expect(sounding()).toEqual([false, true]);
});

test('an answer on its way rings no more; when it fails, it rings on', async () => {
  const { all, sounding } = pages(1);
  const call = all[0]!.rings();
  call.accepting = Promise.reject(new Error('denied'));
  const answered = all[0]!.phone.answer(call.call, 'audio');
  expect(sounding()).toEqual([false]);
  await answered;
  expect(sounding()).toEqual([true]);
  expect(all[0]!.phone.failureOf(call.call)).toEqual(new Error('denied'));
});

test('without a microphone, or with ringing turned off, calls are shown, and the caller knows why', () => {
  const { all, sounding } = pages(1);
  const [page] = all;
  page!.microphone.miss(true);
  const call = page!.rings();
  expect(sounding()).toEqual([false]);
  page!.microphone.miss(false);
  expect(sounding()).toEqual([true]);
  page!.preferences.ring(false);
  page!.preferences.ring(true);
  page!.phone.silence(call.call);
  expect(sounding()).toEqual([false]);
  const told = ['no-microphone', 'alerting', 'muted-by-user', 'alerting', 'muted-by-user'];
  expect(call.reports).toEqual(told);
});

test('the caller hears it ring only while it can be heard somewhere', async () => {
  const { all } = pages(1);
  const [page] = all;
  const call = new TestCall('mine', 'outgoing');
  call.state = 'inviting';
  page!.client.placed = Promise.resolve(call.call);
  await page!.phone.place({ user: 'bob' }, 'audio');
  call.legs = [{ state: 'silent' }];
  call.becomes('ringing');
  expect(page!.sounder.playing).toBeUndefined();
  call.legs = [{ state: 'silent' }, { state: 'alerting' }];
  call.becomes('ringing');
  expect(page!.sounder.playing).toBe('ringback');
  call.becomes('established');
  expect(page!.sounder.playing).toBeUndefined();
});

/** Alice's call rings at Bob's, where the server is set to play the ringing tone. */
async function calling() {
  const { clock, all } = pages(1);
  const page = all[0]!;
  page.client.hasRingback = true;
  const call = new TestCall('mine', 'outgoing');
  page.client.placed = Promise.resolve(call.call);
  await page.phone.place({ user: 'bob' }, 'audio');
  call.legs = [{ state: 'alerting' }];
  call.becomes('ringing');
  const { client, sounder } = page;
  return { clock, client, sounder };
}

test('where the server plays the ringing tone, the page waits for it and plays none', async () => {
  const { clock, client, sounder } = await calling();
  await clock.advanceAsync(RINGBACK_PATIENCE_MS - 1);
  expect(sounder.playing).toBeUndefined();
  client.says('ringback');
  await clock.advanceAsync(RINGBACK_PATIENCE_MS);
  expect(sounder.playing).toBeUndefined();
});

test('where that does not come within a second, the page plays its own', async () => {
  const { clock, client, sounder } = await calling();
  await clock.advanceAsync(RINGBACK_PATIENCE_MS);
  expect(sounder.playing).toBe('ringback');
  client.says('ringback');
  expect(sounder.playing).toBeUndefined();
});

test('closed, it is silent and gives the word to another page', async () => {
  const { clock, all, sounding } = pages(2);
  for (const page of all) page.rings();
  all[0]!.ringer.close();
  await clock.advanceAsync(HANDOVER_MS);
  expect(sounding()).toEqual([false, true]);
});
