import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ArRTM, RemoteInvitation } from '@ringline/compat/rtm/anyrtc';
import { eventually, expectFlow } from '../src/device.ts';
import { serveExample } from '../src/example.ts';
import type { ServedExample } from '../src/example.ts';
import { useScene } from '../src/scene.ts';

const scene = useScene();
let example: ServedExample;

beforeAll(async () => {
  example = await serveExample({ name: 'rtm', how: 'built' }, scene.server.url);
});
afterAll(() => example.close());

/** A page of the example that is logged in, and the user's name. */
async function pageOf(name: string, file = ''): Promise<{ page: Page; user: string }> {
  // A bare invitation leaves no record.
  scene.calls = 0;
  const user = scene.user(name);
  const page = await (await scene.window()).newPage();
  await page.goto(new URL(file, example.url).href);
  await page.getByLabel('You are').fill(user);
  await page.getByRole('button', { name: 'Log in' }).click();
  await told(page, [`logged in as ${user}`]);
  return { page, user };
}

/** Waits until this is all that the page was told. */
async function told(page: Page, lines: readonly string[]): Promise<void> {
  await eventually(async () => {
    const texts = await page.locator('#log li').allInnerTexts();
    return texts.map((text) => text.trim());
  }).toEqual(lines);
}

async function invite(page: Page, callee: string): Promise<void> {
  await page.getByLabel('Invite').fill(callee);
  await page.getByRole('button', { name: 'Send' }).click();
}

const click = (page: Page, name: string) => page.getByRole('button', { name }).click();

/** The document's two samples: by events, and by the call manager of its C++. */
const SAMPLES = [
  ['events', '', 'call-manager.html', 'Local', 'onRemote', 'coffee?'],
  ['the call manager', 'call-manager.html', '', 'onLocal', 'Remote', 'tea?'],
] as const;

test.each(SAMPLES)(
  'the document’s sample by %s sends an invitation, which is accepted',
  async (...sample) => {
    const [, ofAlice, ofBob, local, remote, content] = sample;
    const [alice, bob] = await Promise.all([pageOf('alice', ofAlice), pageOf('bob', ofBob)]);
    await invite(alice.page, bob.user);
    const rings = [`logged in as ${bob.user}`, `${remote}InvitationReceived ${content}`];
    await told(bob.page, rings);
    await click(bob.page, 'Accept');
    await told(bob.page, [...rings, `${remote}InvitationAccepted`]);
    await told(alice.page, [
      `logged in as ${alice.user}`,
      `${local}InvitationReceivedByPeer`,
      `${local}InvitationAccepted`,
    ]);
    expect(await alice.page.title()).toContain('Call invitation');
  },
);

test.each(SAMPLES)('the document’s sample by %s: refused, and cancelled', async (...sample) => {
  const [, ofAlice, ofBob, local, remote, content] = sample;
  const [alice, bob] = await Promise.all([pageOf('alice', ofAlice), pageOf('bob', ofBob)]);
  const ofCaller = [`logged in as ${alice.user}`, `${local}InvitationReceivedByPeer`];
  const ofCallee = [`logged in as ${bob.user}`, `${remote}InvitationReceived ${content}`];
  await invite(alice.page, bob.user);
  await told(bob.page, ofCallee);
  await click(bob.page, 'Refuse');
  ofCaller.push(`${local}InvitationRefused`);
  ofCallee.push(`${remote}InvitationRefused`);
  await Promise.all([told(alice.page, ofCaller), told(bob.page, ofCallee)]);
  await invite(alice.page, bob.user);
  ofCaller.push(`${local}InvitationReceivedByPeer`);
  ofCallee.push(`${remote}InvitationReceived ${content}`);
  await Promise.all([told(alice.page, ofCaller), told(bob.page, ofCallee)]);
  await click(alice.page, 'Cancel');
  ofCaller.push(`${local}InvitationCanceled`);
  ofCallee.push(`${remote}InvitationCanceled`);
  await Promise.all([told(alice.page, ofCaller), told(bob.page, ofCallee)]);
  expect(await bob.page.title()).toContain('Call invitation');
});

interface Door {
  createInstance(appId: string): RinglineRtm;
}
type Invited = Promise<RemoteInvitation>;
type RinglineRtm = ReturnType<(typeof ArRTM)['createInstance']>;

/** A page with an instance of its own, `rtm`, that is logged in. */
async function rtmPage(name: string): Promise<{ page: Page; user: string }> {
  const user = scene.user(name);
  const token = await scene.rest.token(user);
  const context = await scene.window();
  await context.grantPermissions(['microphone', 'camera']);
  const page = await context.newPage();
  await page.goto(example.url);
  await page.evaluate(
    async ([uid, token]) => {
      const global = globalThis as unknown as { ArRTM: Door; rtm: RinglineRtm };
      global.rtm = global.ArRTM.createInstance('0123456789abcdef0123456789abcdef');
      await global.rtm.login({ uid, token });
    },
    [user, token] as const,
  );
  return { page, user };
}

test('an accepted invitation is raised to a call, in which each hears the other', async () => {
  scene.calls = 1;
  const [alice, bob] = await Promise.all([rtmPage('alice'), rtmPage('bob')]);
  // He listens before she sends.
  await bob.page.evaluate(() => {
    const global = globalThis as unknown as { rtm: RinglineRtm; invited: Invited };
    global.invited = new Promise((resolve) => global.rtm.on('RemoteInvitationReceived', resolve));
  });
  const callee = bob.page.evaluate(async () => {
    const { rtm, invited } = globalThis as unknown as { rtm: RinglineRtm; invited: Invited };
    const invitation = await invited;
    const accepted = new Promise<void>((resolve) => {
      invitation.on('RemoteInvitationAccepted', resolve);
    });
    invitation.accept();
    await accepted;
    const call = await rtm.raise(invitation);
    return [call.direction, call.state];
  });
  const caller = alice.page.evaluate(async (calleeId) => {
    const { rtm } = globalThis as unknown as { rtm: RinglineRtm };
    const invitation = rtm.createLocalInvitation(calleeId);
    const accepted = new Promise<string>((resolve) => {
      invitation.on('LocalInvitationAccepted', resolve);
    });
    invitation.send();
    await accepted;
    const call = await rtm.raise(invitation);
    return [call.direction, call.state];
  }, bob.user);
  expect(await Promise.all([caller, callee])).toEqual([
    ['outgoing', 'established'],
    ['incoming', 'established'],
  ]);
  await Promise.all([expectFlow(alice.page, 'audio'), expectFlow(bob.page, 'audio')]);
  await alice.page.evaluate(async () => {
    const { rtm } = globalThis as unknown as { rtm: RinglineRtm };
    await rtm.ringline.calls[0]?.end();
  });
});
