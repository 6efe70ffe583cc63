import { expect, test } from 'vitest';
import { Gallery } from '../src/gallery.ts';
import { useScene } from '../src/scene.ts';

const scene = useScene();

/** A desktop of 1280 by 800 at twice its size (WCAG 1.4.4), or a phone that lies on its side. */
const SHORT = { width: 640, height: 400 };

const GIULIA = 'Giulia Bianchi-Montefiore della Rovere';

test.each([
  ['incoming-audio', ['Refuse', 'Answer', 'Refuse on this device only', 'Silence']],
  ['incoming-video', ['Refuse', 'Answer without video', 'Answer with video', 'Silence']],
  ['video', ['Mute microphone', 'Minimise the call', 'Hang up']],
  ['holding', ['Resume the call', 'Minimise the call']],
  ['video-asking', ['Take back the request for video', 'Hang up']],
  ['video-asked', ['Agree, with camera', 'Agree, without camera', 'Not now', 'Hang up']],
  ['device-panel', ['Play a tone', 'Close', 'Hang up']],
  ['waiting-video', ['Hold and answer with video', 'Refuse', 'End and answer', 'Mute microphone']],
  ['waiting-minimised', ['Hold and answer', 'Refuse', 'End and answer', 'Mute microphone']],
  ['two-calls-video', [`Swap to ${GIULIA}`, `End the call with ${GIULIA}`, 'Mute microphone']],
  ['announcing-refused', ['Hang up', 'Send a message', 'Call again']],
  ['ended-busy', ['Close', 'Send a message', 'Call again']],
] as const)('%s: every button is reached on a short screen', async (state, buttons) => {
  scene.calls = 0;
  const gallery = await Gallery.open(await scene.window({ viewport: SHORT }));
  await gallery.show({ state, theme: 'dark', lang: 'en' });
  for (const name of buttons) {
    const button = gallery.page.getByRole('button', { name, exact: true });
    // A trial does everything but click: it fails where something covers the button or it cannot be scrolled to.
    await button.click({ trial: true });
    const box = await button.boundingBox();
    expect(box?.y).toBeGreaterThanOrEqual(0);
    expect((box?.y ?? 0) + (box?.height ?? SHORT.height)).toBeLessThanOrEqual(SHORT.height);
  }
});
