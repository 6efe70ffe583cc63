import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../src/browser.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium();
});

afterAll(async () => {
  await browser.close();
});

test('the browser of these tests has a camera, a microphone and peer connections', async () => {
  const page = await browser.newPage();
  // Devices exist only in a secure context, which localhost is and a blank page is not.
  await page.route('http://localhost/', (route) => route.fulfill({ body: 'empty' }));
  await page.goto('http://localhost/');
  const found = await page.evaluate(async () => {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
    const kinds = stream.getTracks().map((track) => track.kind);
    return { kinds: kinds.toSorted(), peers: typeof RTCPeerConnection };
  });
  expect(found).toEqual({ kinds: ['audio', 'video'], peers: 'function' });
});
