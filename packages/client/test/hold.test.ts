import { FakeStream } from '@ringline/testkit';
import { expect, test } from 'vitest';
import type { Call } from '../src/index.ts';
import { FarDevice } from './support/far-device.ts';
import { ended, established } from './support/views.ts';
import type { World } from './support/world.ts';
import { codeOf, connected } from './support/world.ts';

/** Alice talks with Bob. */
async function talking(media: 'audio' | 'video' = 'audio') {
  const world = await connected();
  const call = await world.incoming({ media });
  const accepting = call.accept();
  await world.pass();
  world.server.show(established({ media }));
  await world.done(accepting);
  const bob = new FarDevice(world);
  await bob.call();
  await world.pass(1000);
  world.server.show(established({ media, version: 6, connectedMs: 0 }));
  await world.pass();
  return { world, call, bob };
}

/** The tracks that alice's device gives to its connection, enabled or not. */
function sent({ alice1 }: World): Record<string, boolean | undefined> {
  const [connection] = alice1.connections;
  const senders = connection?.getTransceivers().map(({ sender }) => sender.track) ?? [];
  return Object.fromEntries(
    senders.flatMap((track) => (track ? [[track.kind, track.enabled]] : [])),
  );
}

/** Whether what comes in is played. */
function isPlayed({ alice1 }: World): boolean {
  const [connection] = alice1.connections;
  return connection?.getTransceivers().every(({ receiver }) => receiver.track.enabled) ?? false;
}

/** The kinds that an element plays, heard or seen or not. */
function shown({ srcObject }: { readonly srcObject: unknown }): Record<string, boolean> {
  const tracks = srcObject instanceof FakeStream ? srcObject.getTracks() : [];
  return Object.fromEntries(tracks.map(({ kind, enabled }) => [kind, enabled]));
}

async function held(world: World, call: Call): Promise<void> {
  const holding = call.hold();
  await world.pass();
  world.server.show(established({ version: 7, connectedMs: 0, held: true }));
  await world.done(holding);
}

test('who holds stops sending before the server is told', async () => {
  const { world, call } = await talking();
  world.server.silentOn.add('hold');
  void call.hold().catch(() => {});
  expect(sent(world)).toEqual({ audio: false });
  expect(isPlayed(world)).toBe(false);
});

test('hold resolves when the server has said so', async () => {
  const { world, call } = await talking();
  const told: boolean[] = [];
  call.on('holdChanged', ({ localHold }) => told.push(localHold));
  await held(world, call);
  expect(call).toMatchObject({ localHold: true, remoteHold: false, state: 'established' });
  expect(told).toEqual([true]);
  expect(sent(world)).toEqual({ audio: false });
});

test('a hold that is not permitted leaves sound and picture as they were', async () => {
  const { world, call } = await talking('video');
  world.server.refuse('hold', 'not-permitted');
  expect(await codeOf(world.done(call.hold()))).toBe('not-permitted');
  expect(sent(world)).toEqual({ audio: true, video: true });
  expect(isPlayed(world)).toBe(true);
  expect(call.media).toBe('video');
});

test('a hold of a call that rings is refused without asking', async () => {
  const world = await connected();
  const call = await world.incoming();
  expect(await codeOf(call.hold())).toBe('wrong-state');
  expect(world.server.all('hold')).toEqual([]);
});

test('a second hold says nothing more', async () => {
  const { world, call } = await talking();
  await held(world, call);
  await call.hold();
  expect(world.server.all('hold')).toHaveLength(1);
});

test('the held side sends nothing, plays nothing of the other, and hears a tone', async () => {
  const { world, call } = await talking();
  world.server.show(established({ version: 7, connectedMs: 0, peerHolds: true }));
  await world.pass();
  expect(sent(world)).toEqual({ audio: false });
  expect(isPlayed(world)).toBe(false);
  expect(world.alice1.tones).toBe(1);
  expect(call).toMatchObject({ remoteHold: true, localHold: false, state: 'established' });
});

test('a tone ends with the hold, with a hold of one’s own, and with the call', async () => {
  const { world, call } = await talking();
  world.server.show(established({ version: 7, connectedMs: 0, peerHolds: true }));
  await world.pass();
  world.server.show(established({ version: 8, connectedMs: 0, peerHolds: true, held: true }));
  await world.pass();
  expect(world.alice1.tones).toBe(0);
  world.server.show(established({ version: 9, connectedMs: 0, peerHolds: true }));
  await world.pass();
  expect(world.alice1.tones).toBe(1);
  world.server.show(established({ version: 10, connectedMs: 0 }));
  await world.pass();
  expect(world.alice1.tones).toBe(0);
  world.server.show(established({ version: 11, connectedMs: 0, peerHolds: true }));
  await world.pass();
  await world.done(call.end());
  expect(world.alice1.tones).toBe(0);
});

test('a hold while the own resume is under way is for the server to answer', async () => {
  const { world, call } = await talking();
  await held(world, call);
  world.server.silentOn.add('resume');
  void call.resume().catch(() => {});
  world.server.refuse('hold', 'in-progress');
  expect(await codeOf(world.done(call.hold()))).toBe('in-progress');
});

test('who resumes sends at once, and no more when that is refused', async () => {
  const { world, call } = await talking();
  await held(world, call);
  world.server.silentOn.add('resume');
  const resuming = codeOf(call.resume());
  expect(sent(world)).toEqual({ audio: true });
  await world.pass(20_000);
  expect(await world.done(resuming)).toBe('timeout');
  expect(sent(world)).toEqual({ audio: false });
});

test('who resumes while the server is away sends nothing before it has heard of that', async () => {
  const { world, call } = await talking();
  await held(world, call);
  world.server.silentOn.add('resume');
  world.server.isReachable = false;
  world.server.wire.drop();
  await world.pass();
  void call.resume().catch(() => {});
  await world.pass();
  expect(sent(world)).toEqual({ audio: false });
  world.server.isReachable = true;
  await world.pass(5000);
  expect(world.server.all('resume')).toHaveLength(1);
  expect(sent(world)).toEqual({ audio: true });
  world.server.wire.drop();
  await world.pass(0);
  expect(sent(world)).toEqual({ audio: false });
});

test('a resume is said again while the server cannot do it, and no longer than it may last', async () => {
  const { world, call } = await talking();
  await held(world, call);
  world.server.refuse('resume', 'unavailable');
  const resuming = codeOf(call.resume());
  await world.pass(3500);
  expect(world.server.all('resume')).toHaveLength(4);
  expect(call.state).toBe('established');
  await world.pass(20_000);
  expect(await resuming).toBe('unavailable');
  expect(world.server.all('resume').length).toBeLessThanOrEqual(11);
  expect(sent(world)).toEqual({ audio: false });
});

test('a resume that the server can do the second time succeeds', async () => {
  const { world, call } = await talking();
  await held(world, call);
  world.server.refuse('resume', 'rate-limited', { retryAfterMs: 2000 });
  const resuming = call.resume({ askVideo: true });
  await world.pass(1000);
  world.server.answers.delete('resume');
  await world.pass(1500);
  expect(world.server.all('resume')).toMatchObject([{ askVideo: true }, { askVideo: true }]);
  world.server.show(established({ version: 9, connectedMs: 0 }));
  await world.done(resuming);
});

test('a hold while a resume is waiting to be said again is the newer wish', async () => {
  const { world, call } = await talking();
  await held(world, call);
  world.server.refuse('resume', 'unavailable');
  const resuming = codeOf(call.resume());
  await world.pass(500);
  await world.done(call.hold());
  await world.pass(5000);
  expect(await resuming).toBe('wrong-state');
  expect(world.server.all('resume')).toHaveLength(1);
});

test('a resume of a call that nobody holds is for the server to refuse', async () => {
  const { world, call } = await talking();
  world.server.refuse('resume', 'wrong-state');
  expect(await codeOf(world.done(call.resume()))).toBe('wrong-state');
});

test('after a hold without an answer nothing is sent before the call is seen again', async () => {
  const { world, call } = await talking();
  world.server.silentOn.add('hold').add('heartbeat');
  const holding = codeOf(call.hold());
  await world.pass(15_100);
  expect(await holding).toBe('timeout');
  expect(sent(world)).toEqual({ audio: false });
  world.server.show(established({ version: 7, connectedMs: 0, peerMuted: true }));
  await world.pass();
  expect(sent(world)).toEqual({ audio: true });
});

test('after a hold whose answer was lost with the connection nothing is sent before the server is back', async () => {
  const { world, call } = await talking();
  world.server.silentOn.add('hold');
  const holding = codeOf(call.hold());
  await world.pass();
  world.server.isReachable = false;
  world.server.wire.drop();
  await world.pass(20_000);
  expect(await holding).toBe('timeout');
  expect(sent(world)).toEqual({ audio: false });
  world.server.isReachable = true;
  await world.pass(20_000);
  expect(sent(world)).toEqual({ audio: true });
});

test('a hold that the server made after all is one', async () => {
  const { world, call } = await talking();
  world.server.silentOn.add('hold');
  const holding = codeOf(call.hold());
  await world.pass(15_001);
  expect(await holding).toBe('timeout');
  world.server.show(established({ version: 7, connectedMs: 0, held: true }));
  await world.pass();
  expect(call.localHold).toBe(true);
  expect(sent(world)).toEqual({ audio: false });
});

test('a hold that was never said leaves all as it was', async () => {
  const { world, call } = await talking();
  world.server.isReachable = false;
  world.server.wire.drop();
  await world.pass();
  const holding = codeOf(call.hold());
  await world.pass(15_000);
  expect(await holding).toBe('timeout');
  expect(sent(world)).toEqual({ audio: true });
});

test('resume asks for the picture again if its user wants that', async () => {
  const { world, call } = await talking('video');
  await held(world, call);
  void call.resume().catch(() => {});
  await world.pass();
  expect(world.server.last('resume').askVideo).toBe(false);
  void call.resume({ askVideo: true }).catch(() => {});
  await world.pass();
  expect(world.server.last('resume').askVideo).toBe(true);
});

test('who resumes while the other side holds sends nothing', async () => {
  const { world, call } = await talking();
  world.server.show(established({ version: 7, connectedMs: 0, held: true, peerHolds: true }));
  await world.pass();
  world.server.silentOn.add('resume');
  void call.resume().catch(() => {});
  expect(sent(world)).toEqual({ audio: false });
});

test('resume resolves when both report media since, and each report names the resume', async () => {
  const { world, call } = await talking();
  await held(world, call);
  let isBack = false;
  const resuming = call.resume().then(() => (isBack = true));
  await world.pass();
  world.server.show(
    established({ version: 8, connectedMs: 0, resuming: { by: 'self', resume: 1 } }),
  );
  await world.pass(1000);
  expect(sent(world)).toEqual({ audio: true });
  expect(call.resuming).toBe(true);
  expect(isBack).toBe(false);
  expect(world.server.all('connected').at(-1)).toMatchObject({ epoch: 1, resume: 1 });
  world.server.show(established({ version: 9, connectedMs: 0 }));
  await world.done(resuming);
  expect(isBack).toBe(true);
});

/** A resume during which nothing comes in any more; gives the reports of it after ten seconds. */
async function resumedInSilence(more: Parameters<typeof established>[0] = {}) {
  const { world, call, bob } = await talking();
  await held(world, call);
  await bob.negotiation.setTrack('audio', null);
  void call.resume().catch(() => {});
  await world.pass();
  world.server.show(
    established({ version: 8, connectedMs: 0, resuming: { by: 'self', resume: 1 }, ...more }),
  );
  await world.pass(10_000);
  expect(call.connection).toBe('connected');
  return world.server.all('connected').filter(({ resume }) => resume === 1);
}

test('a packet from before the resume is not reported, however long the connection stands', async () => {
  expect(await resumedInSilence()).toEqual([]);
});

test('a peer that has said it sends no sound is not waited for: it may have lost its microphone', async () => {
  expect(await resumedInSilence({ peerMuted: true })).toMatchObject([{ resume: 1 }]);
});

test('a resume while the other side holds too resolves with the view', async () => {
  const { world, call } = await talking();
  world.server.show(established({ version: 7, connectedMs: 0, held: true, peerHolds: true }));
  await world.pass();
  const resuming = call.resume();
  await world.pass();
  world.server.show(established({ version: 8, connectedMs: 0, peerHolds: true }));
  await world.done(resuming);
  expect(sent(world)).toEqual({ audio: false });
});

test('a resume that fails rejects with the end of the call', async () => {
  const { world, call } = await talking();
  await held(world, call);
  const resuming = codeOf(call.resume());
  await world.pass();
  world.server.show(ended({ version: 9, reason: 'resume-failed' }));
  expect(await world.done(resuming)).toBe('wrong-state');
  expect(call.endReason).toBe('resume-failed');
});

test('muted before a hold is muted after it', async () => {
  const { world, call } = await talking();
  call.mute();
  await held(world, call);
  world.server.show(established({ version: 8, connectedMs: 0, muted: true }));
  await world.pass();
  expect(sent(world)).toEqual({ audio: false });
  call.mute(false);
  expect(sent(world)).toEqual({ audio: true });
});

test('unmuted during a hold, nothing is sent before the resume', async () => {
  const { world, call } = await talking();
  call.mute();
  await held(world, call);
  call.mute(false);
  expect(sent(world)).toEqual({ audio: false });
});

test('a page that is loaded anew during a hold sends nothing', async () => {
  const world = await connected();
  world.server.show(established({ connectedMs: 0, held: true }));
  await world.pass();
  await new FarDevice(world).call();
  await world.pass(1000);
  expect(sent(world)).toEqual({ audio: false });
});

test('the camera goes out with a hold, and is back with the picture, unasked', async () => {
  const { world, call } = await talking('video');
  await held(world, call);
  expect(world.media.openCameras).toEqual([]);
  expect(sent(world)).toEqual({ audio: false });
  world.server.show(established({ version: 9, media: 'video', connectedMs: 0 }));
  await world.pass();
  expect(world.media.openCameras).toEqual(['alice1']);
  expect(sent(world)).toEqual({ audio: true, video: true });
});

test('the other side’s picture is seen again after a hold', async () => {
  const { world, call, bob } = await talking('video');
  const opening = world.media.device('bob1').getUserMedia({ video: true });
  const [picture = null] = (await world.done(opening)).getTracks();
  await bob.negotiation.setTrack('video', picture);
  await world.pass(1000);
  const remote = world.alice1.createPlayer();
  call.attach({ remote });
  await held(world, call);
  expect(shown(remote)).toEqual({ audio: false });
  world.server.show(
    established({ version: 8, connectedMs: 0, resuming: { by: 'self', resume: 1 } }),
  );
  await world.pass();
  world.server.show(established({ version: 9, media: 'video', connectedMs: 0 }));
  await world.pass();
  expect(shown(remote)).toEqual({ audio: true, video: true });
});

test('a camera that was off before a hold is off after it', async () => {
  const { world, call } = await talking('video');
  await call.camera(false);
  await held(world, call);
  world.server.show(established({ version: 9, media: 'video', connectedMs: 0, cameraOff: true }));
  await world.pass();
  expect(world.media.openCameras).toEqual([]);
});

test('a camera that cannot be opened after a hold takes the call back to sound, and says so', async () => {
  const { world, call } = await talking('video');
  const problems: string[] = [];
  call.on('problem', ({ code }) => problems.push(code));
  await held(world, call);
  world.alice1.busy.add('cam-1');
  world.server.show(established({ version: 9, media: 'video', connectedMs: 0 }));
  await world.pass();
  expect(problems).toEqual(['device-busy']);
  expect(world.server.all('remove-video')).toMatchObject([{ cameraFailed: true }]);
});

test('elements attached during a hold are silent, and play with the resume', async () => {
  const { world, call } = await talking();
  await held(world, call);
  const remote = world.alice1.createPlayer();
  call.attach({ remote });
  await world.pass();
  expect(isPlayed(world)).toBe(false);
  world.server.show(established({ version: 9, connectedMs: 0 }));
  await world.pass();
  expect(isPlayed(world)).toBe(true);
});
