import { VirtualClock } from '@ringline/testkit';
import { expect, test } from 'vitest';
import { CallWaiting } from '../src/model/call-waiting.ts';
import { Preferences } from '../src/model/preferences.ts';
import type { PreferenceStore } from '../src/model/preferences.ts';
import { TestBrowser, TestCall, TestPage, memory } from './support.ts';

/** A client that takes a second call, or does not; what it was told is kept. */
function client(callWaiting: boolean) {
  const told: boolean[] = [];
  const port = {
    callWaiting,
    setCallWaiting: (on: boolean) => {
      port.callWaiting = on;
      told.push(on);
      return Promise.resolve();
    },
  };
  return { port, told };
}

test('call waiting is as the client was made until somebody chooses, and that is remembered', async () => {
  const store = memory();
  const preferences = new Preferences(store);
  expect(preferences.isCallWaitingOn).toBe(true);
  const { port, told } = client(false);
  const waiting = new CallWaiting(port, preferences);
  expect([waiting.isOn, told]).toEqual([false, []]);
  await waiting.choose(true);
  await waiting.choose(false);
  expect(told).toEqual([true, false]);
  expect(waiting.isOn).toBe(false);
  expect(new Preferences(store).isCallWaitingOn).toBe(false);
});

test('what another page of the browser chooses counts here too, what else it prefers does not', () => {
  let written = (): void => {};
  const store: PreferenceStore = {
    ...memory(),
    watch: (changed) => {
      written = changed;
      return () => {};
    },
  };
  const { port, told } = client(true);
  expect(new CallWaiting(port, new Preferences(store)).isOn).toBe(true);
  store.write('ringline.ring', 'off');
  written();
  expect(told).toEqual([]);
  store.write('ringline.call-waiting', 'off');
  written();
  written();
  expect(told).toEqual([false]);
});

function talkingPage() {
  const page = new TestPage(new VirtualClock(), new TestBrowser());
  page.rings('first').becomes('established');
  return page;
}

test('a call beside another one is a short tone, until it is answered, silenced or over', () => {
  const page = talkingPage();
  const second = page.rings('second');
  expect(page.sounder.playing).toBe('waiting');
  page.phone.silence(second.call);
  expect(page.sounder.playing).toBeUndefined();
  const third = page.rings('third');
  expect(page.sounder.playing).toBe('waiting');
  third.becomes('ended', 'cancelled');
  expect(page.sounder.playing).toBeUndefined();
});

test('where another page of the browser rings aloud, whoever talks hears the tone of a second call', () => {
  const [clock, browser] = [new VirtualClock(), new TestBrowser()];
  new TestPage(clock, browser).rings('elsewhere');
  const page = new TestPage(clock, browser);
  page.rings('first').becomes('established');
  page.rings('second');
  expect(page.sounder.playing).toBe('waiting');
});

test('the ringtone takes over once the first call is over', () => {
  const page = new TestPage(new VirtualClock(), new TestBrowser());
  const first = page.rings('first');
  first.becomes('established');
  page.rings('second');
  first.becomes('ended', 'completed');
  expect(page.sounder.playing).toBe('ring');
});

test('while the server plays it ringing, the page does not', async () => {
  const page = new TestPage(new VirtualClock(), new TestBrowser());
  const call = new TestCall('mine', 'outgoing');
  page.client.placed = Promise.resolve(call.call);
  await page.phone.place({ user: 'alice' }, 'audio');
  call.legs = [{ state: 'alerting' }];
  call.becomes('ringing');
  expect(page.sounder.playing).toBe('ringback');
  page.client.says('ringback');
  expect(page.sounder.playing).toBeUndefined();
  page.client.says(undefined);
  expect(page.sounder.playing).toBe('ringback');
});
