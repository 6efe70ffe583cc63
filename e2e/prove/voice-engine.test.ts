import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../src/browser.ts';
import { eventually } from '../src/device.ts';
import { VoiceAlone, hearerPage } from '../src/hearing.ts';

let browser: Browser;
let page: Page;
const started: VoiceAlone[] = [];

/** A voice that is stopped after the test. */
function voiceAlone(...settings: ConstructorParameters<typeof VoiceAlone>): VoiceAlone {
  const alone = new VoiceAlone(...settings);
  started.push(alone);
  return alone;
}

beforeAll(async () => {
  browser = await launchChromium();
  page = await hearerPage(browser);
});

afterEach(async () => {
  await Promise.all(started.splice(0).map((alone) => alone.stop()));
});

afterAll(() => browser.close());

const heard = (name: string) => page.evaluate((n) => window.hearer.heard(n), name);
const stateOf = (name: string) => page.evaluate((n) => window.hearer.state(n), name);
const peak = (name: string, ms: number) =>
  page.evaluate((args) => window.hearer.peak(...args), [name, ms] as const);
const pitch = (name: string, ms: number) =>
  page.evaluate((args) => window.hearer.pitch(...args), [name, ms] as const);

/** The three notes of the hold tone, and ringback, with the width of the analyser's bins. */
const HOLD_HZ = { min: 515, max: 792 };
const RINGBACK_HZ = { min: 417, max: 433 };

/** Waits until what is heard is of these pitches; a wrong prompt is at no time. */
async function expectPitch(name: string, { min, max }: typeof HOLD_HZ): Promise<void> {
  await eventually(() => pitch(name, 8_000)).toSatisfy(
    (hz) => hz !== undefined && hz >= min && hz <= max,
    `of ${min} to ${max} Hz`,
  );
}

/** Two rounds of the hold tone, and a little. */
const TWICE_AROUND_MS = 9_000;
const LOOKS_AROUND = 6;
/** A packet carries 20 ms. */
const PACKETS_PER_SECOND = 50;

/** How what is heard over two rounds of the hold tone comes in. */
async function twiceAround(name: string) {
  const before = await heard(name);
  const loudest = await peak(name, TWICE_AROUND_MS);
  const after = await heard(name);
  const seconds = (after.at - before.at) / 1000;
  const rate = (after.packets - before.packets) / seconds;
  return {
    isLoud: loudest > 0.05,
    // A gap of a second would be a tenth of them.
    isSteady: Math.abs(rate - PACKETS_PER_SECOND) < 1.5,
    isLost: after.lost > before.lost,
    // What a busy machine makes late the browser makes up; it is a small part of what is heard.
    isWhole: (after.madeUp - before.madeUp) / 48_000 < 0.05 * seconds,
  };
}

test('a plain page hears the hold tone, repeated without a gap, and gives no candidate for it', async () => {
  const hearing = await voiceAlone().listen({ prompt: 'hold', language: 'en' });
  await hearing.takenBy(page, 'hold');
  await expectPitch('hold', HOLD_HZ);
  // A machine that stands still for a moment spoils one look; a gap that is played spoils each.
  await eventually(() => twiceAround('hold'), LOOKS_AROUND * TWICE_AROUND_MS).toEqual({
    isLoud: true,
    isSteady: true,
    isLost: false,
    isWhole: true,
  });
  expect(hearing.told).toEqual([]);
});

test('another prompt comes over the same connection, and an announcement tells when it is finished', async () => {
  const alone = voiceAlone({ plays: 1 });
  const hearing = await alone.listen({ prompt: 'ringback', language: 'zh-CN' });
  await hearing.takenBy(page, 'changing', true);
  await expectPitch('changing', RINGBACK_HZ);
  hearing.listener.play('refused');
  await eventually(() => peak('changing', 200)).toBeGreaterThan(0.15);
  expect(hearing.told).toEqual([]);
  await eventually(() => hearing.told, 20_000).toEqual(['finished']);
  await eventually(() => peak('changing', 500)).toBeLessThan(0.02);
  hearing.listener.play('ringback');
  await expectPitch('changing', RINGBACK_HZ);
  expect([hearing.offers.length, (await heard('changing')).lost]).toEqual([1, 0]);
  hearing.listener.close();
  await eventually(() => stateOf('changing')).not.toBe('connected');
  expect(alone.counts.listeners).toBe(0);
});

test('forty listeners hear over one UDP port, and one that leaves is told', async () => {
  const alone = voiceAlone({ maxListeners: 40 });
  const first = await alone.listen({ prompt: 'hold', language: 'en' });
  const rest = await Promise.all(
    Array.from({ length: 39 }, () => alone.listen({ prompt: 'hold', language: 'en' })),
  );
  const all = [first, ...rest];
  const events = { offered() {}, finished() {}, failed() {} };
  expect(alone.voice.listen({ prompt: 'hold', language: 'en' }, events)).toBe('full');
  await Promise.all(all.map((hearing, i) => hearing.takenBy(page, `many ${i}`)));
  const offers = await Promise.all(all.map((hearing) => hearing.offer()));
  const ports = offers.map((offer) => /^m=audio (\d+) /m.exec(offer)?.[1]);
  expect(new Set(ports).size).toBe(1);
  await eventually(async () => {
    const each = await Promise.all(all.map((_, i) => heard(`many ${i}`)));
    return each.filter(({ packets }) => packets > 100).length;
  }).toBe(40);
  const lost = await Promise.all(all.map(async (_, i) => (await heard(`many ${i}`)).lost));
  expect(lost).toEqual(lost.map(() => 0));
  await page.evaluate(() => window.hearer.leave('many 7'));
  await eventually(() => all[7]?.told).toEqual(['failed']);
  expect([alone.counts.listeners, all.flatMap(({ told }) => told)]).toEqual([39, ['failed']]);
});

test('with PUBLIC_IP a page is offered that address alone, and hears over it', async () => {
  const hearing = await voiceAlone({ publicIps: ['127.0.0.1'] }).listen({
    prompt: 'ringback',
    language: 'en',
  });
  const candidates = [...(await hearing.offer()).matchAll(/^a=candidate:.* UDP \d+ (\S+) \d+ /gm)];
  expect(candidates.map(([, address]) => address)).toEqual(['127.0.0.1']);
  await hearing.takenBy(page, 'public');
  await expectPitch('public', RINGBACK_HZ);
});

test('a process that is killed is told to its listeners, and another one is heard soon', async () => {
  const alone = voiceAlone();
  const hearing = await alone.listen({ prompt: 'hold', language: 'en' });
  await hearing.takenBy(page, 'killed');
  await eventually(async () => (await heard('killed')).packets).toBeGreaterThan(20);
  const { pid } = alone;
  process.kill(pid, 'SIGKILL');
  await eventually(() => hearing.told).toEqual(['failed']);
  const next = await alone.listen({ prompt: 'hold', language: 'en' });
  expect([alone.counts.restarts, alone.pid === pid]).toEqual([1, false]);
  await next.takenBy(page, 'again');
  await expectPitch('again', HOLD_HZ);
});

test('a process that hangs is killed and replaced', async () => {
  const alone = voiceAlone();
  const hearing = await alone.listen({ prompt: 'hold', language: 'en' });
  const { pid } = alone;
  process.kill(pid, 'SIGSTOP');
  await eventually(() => hearing.told).toEqual(['failed']);
  await alone.listen({ prompt: 'hold', language: 'en' });
  expect(alone.pid).not.toBe(pid);
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});

test('answers that are none lose their listener, and the process lives on', async () => {
  const alone = voiceAlone();
  const good = await alone.listen({ prompt: 'hold', language: 'en' });
  await good.takenBy(page, 'good');
  const { pid } = alone;
  const answers = [
    '',
    'garbage',
    'v=0\r\n',
    await good.offer(),
    '\0'.repeat(1_000),
    'a=candidate:1 1 UDP 1 127.0.0.1 9 typ host\r\n'.repeat(500),
    'v=0\r\n' + 'm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n'.repeat(500),
  ];
  const bad = await Promise.all(
    answers.map(() => alone.listen({ prompt: 'hold', language: 'en' })),
  );
  bad.forEach(({ listener }, i) => listener.answer(answers[i] ?? ''));
  await eventually(() => bad.map(({ told }) => told.join())).toEqual(bad.map(() => 'failed'));
  const before = await heard('good');
  await eventually(async () => (await heard('good')).packets).toBeGreaterThan(before.packets + 50);
  expect([alone.pid, alone.counts.restarts, good.told]).toEqual([pid, 0, []]);
});

test('an answer given twice does no harm', async () => {
  const alone = voiceAlone();
  const hearing = await alone.listen({ prompt: 'ringback', language: 'en' });
  await hearing.takenBy(page, 'twice');
  const offer = await hearing.offer();
  const other = await page.evaluate((sdp) => window.hearer.answer('other', sdp), offer);
  hearing.listener.answer(other);
  hearing.listener.answer(other);
  const next = await alone.listen({ prompt: 'ringback', language: 'en' });
  await next.takenBy(page, 'next');
  await expectPitch('next', RINGBACK_HZ);
  expect(alone.counts.restarts).toBe(0);
});

test('while another program has the port, the voice is away; then it comes by itself', async () => {
  const other = createSocket('udp4').bind(0);
  await once(other, 'listening');
  const { port } = other.address();
  const alone = voiceAlone({ port });
  const why = expect.stringContaining(`UDP port ${port} is in use`) as string;
  await eventually(() => alone.log[0]).toMatchObject({ level: 'error', fields: { why } });
  other.close();
  const hearing = await alone.listen({ prompt: 'hold', language: 'en' });
  expect(await hearing.offer()).toContain(`m=audio ${port} `);
});
