import { USUAL_HARDWARE } from '@ringline/testkit';
import type { FakeHardware } from '@ringline/testkit';
import { describe, expect, test } from 'vitest';
import type { Call, DeviceReplaced } from '../src/index.ts';
import { playing } from './support/playing.ts';
import { INCOMING, established } from './support/views.ts';
import type { World } from './support/world.ts';
import { codeOf, connected, eventsOf } from './support/world.ts';

const MIC2 = { kind: 'audioinput', deviceId: 'mic-2', label: 'Headset', groupId: 'usb' } as const;
const MIC3 = { kind: 'audioinput', deviceId: 'mic-3', label: 'Webcam', groupId: 'usb' } as const;
const CAM2 = { kind: 'videoinput', deviceId: 'cam-2', label: 'Webcam', groupId: 'usb' } as const;
const SPK2 = { kind: 'audiooutput', deviceId: 'spk-2', label: 'Headset', groupId: 'usb' } as const;

async function withHardware(...more: FakeHardware[]): Promise<World> {
  const world = await connected();
  for (const hardware of more) world.alice1.plug(hardware);
  return world;
}

/** Alice calls bob, who has answered. */
async function talking(world: World, media: 'audio' | 'video' = 'audio'): Promise<Call> {
  const call = await world.outgoing({ media });
  const peer = { user: 'bob' };
  world.server.show(established({ id: call.id, direction: 'outgoing', peer, media }));
  await world.pass();
  return call;
}

/** What each connection sends, by device, as `mic-1 cam-1`. */
function sent({ alice1 }: World): string[] {
  return alice1.connections.map((connection) =>
    connection
      .getTransceivers()
      .map(({ sender }) => (sender.track?.readyState === 'live' ? sender.track : null))
      .map((track) => track?.hardware?.deviceId ?? '–')
      .join(' '),
  );
}

/** The devices that are open. */
function lit({ alice1 }: World): string[] {
  return [...new Set(alice1.tracks.map(({ hardware }) => hardware?.deviceId ?? '?'))].toSorted();
}

/** What replaced what, as it was told. */
function replacements({ client }: World): string[] {
  const told: string[] = [];
  const name = (device: DeviceReplaced['to']) => device?.id ?? 'none';
  client.on('deviceReplaced', ({ from, to }) => told.push(`${name(from)} → ${name(to)}`));
  return told;
}

describe('the list', () => {
  test('has each device once, with its kind and which is the default', async () => {
    const world = await withHardware(MIC2);
    expect(await world.done(world.client.devices.list())).toEqual([
      { kind: 'microphone', id: 'mic-1', label: 'Microphone 1', isDefault: true },
      { kind: 'camera', id: 'cam-1', label: 'Camera 1', isDefault: true },
      { kind: 'speaker', id: 'spk-1', label: 'Speaker 1', isDefault: true },
      { kind: 'microphone', id: 'mic-2', label: 'Headset', isDefault: false },
    ]);
  });

  test('has no names before the user has allowed access', async () => {
    const world = await connected();
    world.alice1.microphone = 'prompt';
    const [microphone] = await world.done(world.client.devices.list());
    expect(microphone).toMatchObject({ kind: 'microphone', id: '', label: '' });
  });

  test('is told anew when something is plugged in', async () => {
    const world = await connected();
    const counts: number[] = [];
    world.client.on('devicesChanged', (devices) => counts.push(devices.length));
    world.alice1.plug(MIC2);
    await world.pass();
    world.client.disconnect();
    world.alice1.plug(CAM2);
    await world.pass();
    expect(counts).toEqual([USUAL_HARDWARE.length + 1]);
  });

  test('without media there is nothing to choose', async () => {
    const { client } = await connected({ media: null });
    expect(await client.devices.list()).toEqual([]);
    expect(await client.devices.access('microphone')).toBe('unavailable');
    await client.devices.choose({ microphone: 'mic-1' });
    expect(
      await codeOf(
        client.devices.preview(null).then(() => client.devices.choose({ speaker: 'spk-1' })),
      ),
    ).toBe('speaker-unavailable');
  });
});

describe('a choice', () => {
  test('made before a call is what the call opens', async () => {
    const world = await withHardware(MIC2, CAM2);
    await world.done(world.client.devices.choose({ microphone: 'mic-2', camera: 'cam-2' }));
    expect(world.client.devices.chosen).toMatchObject({ microphone: 'mic-2', camera: 'cam-2' });
    await talking(world, 'video');
    expect(sent(world)).toEqual(['mic-2 cam-2']);
  });

  test('of a device that is gone falls back to the default, and leaves the other as it is', async () => {
    const world = await withHardware(CAM2);
    await world.done(world.client.devices.choose({ microphone: 'mic-9', camera: 'cam-2' }));
    await talking(world, 'video');
    expect(sent(world)).toEqual(['mic-1 cam-2']);
  });

  test('made in a call takes over in every call, muted or not, and the old light goes out', async () => {
    const world = await withHardware(MIC2);
    const first = await talking(world);
    world.server.silentOn.add('declare');
    first.mute();
    const second = await world.incoming({ id: 'another-call-to-alice' });
    const accepting = second.accept();
    await world.pass();
    world.server.show(established({ id: second.id }));
    await world.done(accepting);
    const told = replacements(world);
    await world.done(world.client.devices.choose({ microphone: 'mic-2' }));
    await world.pass();
    expect(lit(world)).toEqual(['mic-2']);
    expect(sent(world)[0]).toBe('mic-2 –');
    // The microphone itself, a muted clone and an open one.
    expect(world.alice1.tracks.map(({ enabled }) => enabled)).toEqual([true, false, true]);
    expect(told).toEqual([]);
    await world.done(first.end());
    await world.done(second.end());
    expect(lit(world)).toEqual([]);
  });

  test('sound never stops for it: the sender goes from one track to the other', async () => {
    const world = await withHardware(MIC2);
    await talking(world);
    const sender = world.alice1.connections[0]!.getTransceivers()[0]!.sender;
    const before = sender.track!;
    const given: unknown[] = [];
    const replace = sender.replaceTrack.bind(sender);
    sender.replaceTrack = (track) => {
      given.push([track?.hardware?.deviceId, before.readyState]);
      return replace(track);
    };
    await world.done(world.client.devices.choose({ microphone: 'mic-2' }));
    expect(given).toEqual([['mic-2', 'live']]);
    expect(before.readyState).toBe('ended');
  });

  test('that cannot be opened rejects, and all stays as it was', async () => {
    const world = await withHardware(MIC2);
    await talking(world);
    world.alice1.busy.add('mic-2');
    const { devices } = world.client;
    expect(await world.done(codeOf(devices.choose({ microphone: 'mic-2' })))).toBe('device-busy');
    expect(await world.done(codeOf(devices.choose({ microphone: 'mic-9' })))).toBe('no-device');
    expect(devices.chosen.microphone).toBeUndefined();
    expect(sent(world)).toEqual(['mic-1 –']);
  });

  test('of the same device opens nothing, and null goes back to the default', async () => {
    const world = await withHardware(MIC2);
    await talking(world);
    const [before] = world.alice1.tracks;
    await world.done(world.client.devices.choose({ microphone: 'mic-1' }));
    expect(world.alice1.tracks[0]).toBe(before);
    await world.done(world.client.devices.choose({ microphone: 'mic-2' }));
    await world.done(world.client.devices.choose({ microphone: null }));
    expect(sent(world)).toEqual(['mic-1 –']);
    expect(world.client.devices.chosen.microphone).toBeUndefined();
  });

  test('of a camera where only one can be open at a time closes the other first', async () => {
    const world = await withHardware(CAM2);
    await talking(world, 'video');
    const open = world.alice1.getUserMedia.bind(world.alice1);
    world.alice1.getUserMedia = (wanted) => {
      const isOpen = lit(world).includes('cam-1');
      return isOpen
        ? Promise.reject(new DOMException('one only', 'NotReadableError'))
        : open(wanted);
    };
    await world.done(world.client.devices.choose({ camera: 'cam-2' }));
    expect(sent(world)).toEqual(['mic-1 cam-2']);
  });

  test('made while a device is being opened holds for what comes after', async () => {
    const world = await withHardware(MIC2);
    const calling = world.client.call('bob');
    await world.done(world.client.devices.choose({ microphone: 'mic-2' }));
    await world.done(calling);
    await world.done(world.client.devices.choose({ microphone: 'mic-2' }));
    expect(lit(world)).toEqual(['mic-2']);
  });
});

describe('a device unplugged in a call', () => {
  test('is replaced by the default in every call, and told once', async () => {
    const world = await withHardware(MIC2);
    await world.done(world.client.devices.choose({ microphone: 'mic-2' }));
    const call = await talking(world);
    const problems = eventsOf(call);
    const told = replacements(world);
    world.alice1.unplug('mic-2');
    await world.pass(500);
    expect(sent(world)).toEqual(['mic-1 –']);
    expect(told).toEqual(['mic-2 → mic-1']);
    expect(problems).toEqual([]);
    expect(world.client.devices.chosen.microphone).toBe('mic-2');
  });

  test('comes back when it is plugged in again: it is the one that was chosen', async () => {
    const world = await withHardware(MIC2);
    await world.done(world.client.devices.choose({ microphone: 'mic-2' }));
    await talking(world);
    const told = replacements(world);
    world.alice1.unplug('mic-2');
    await world.pass(500);
    world.alice1.plug(MIC2);
    await world.pass(500);
    expect(sent(world)).toEqual(['mic-2 –']);
    expect(told).toEqual(['mic-2 → mic-1', 'mic-1 → mic-2']);
    expect(lit(world)).toEqual(['mic-2']);
  });

  test('gives way to one of its own group when the default cannot be opened', async () => {
    const other = { ...MIC2, deviceId: 'mic-4', groupId: 'other' };
    const world = await withHardware(other, MIC2, MIC3);
    await world.done(world.client.devices.choose({ microphone: 'mic-2' }));
    await talking(world);
    world.alice1.busy.add('mic-1');
    world.alice1.unplug('mic-2');
    await world.pass(500);
    expect(sent(world)).toEqual(['mic-3 –']);
  });

  test('stays muted', async () => {
    const world = await withHardware(MIC2);
    const call = await talking(world);
    call.mute();
    world.alice1.unplug('mic-1');
    await world.pass(500);
    expect(world.alice1.connections[0]!.getTransceivers()[0]!.sender.track).toMatchObject({
      enabled: false,
      label: 'Headset',
    });
  });

  test('with none left the call goes on in silence, says so to the peer, and takes the next one', async () => {
    const world = await connected();
    const call = await talking(world);
    const events = eventsOf(call);
    const told = replacements(world);
    world.alice1.unplug('mic-1');
    await world.pass(500);
    expect([call.state, call.muted]).toEqual(['established', false]);
    expect(told).toEqual(['mic-1 → none']);
    expect(events).toEqual(['problem no-device']);
    expect(world.server.last('declare')).toMatchObject({ microphone: false });
    world.alice1.plug(MIC2);
    await world.pass(500);
    expect(sent(world)).toEqual(['mic-2 –']);
    expect(told).toEqual(['mic-1 → none', 'none → mic-2']);
    expect(world.server.last('declare')).toMatchObject({ microphone: true });
    await world.done(call.end());
    expect(lit(world)).toEqual([]);
  });

  test('a permission taken back is told as what it is', async () => {
    const world = await connected();
    const call = await talking(world);
    const events = eventsOf(call);
    world.alice1.microphone = 'denied';
    for (const track of world.alice1.tracks) track.lose();
    await world.pass(500);
    expect(events).toEqual(['problem microphone-denied']);
  });

  test('a camera without another goes off, and says so', async () => {
    const world = await connected();
    const call = await talking(world, 'video');
    const events = eventsOf(call);
    const told = replacements(world);
    world.alice1.unplug('cam-1');
    await world.pass(500);
    expect(call.cameraOn).toBe(false);
    expect(told).toEqual(['cam-1 → none']);
    expect(events).toEqual(['problem no-device']);
    expect(world.server.last('declare')).toMatchObject({ microphone: true, camera: false });
    expect(lit(world)).toEqual(['mic-1']);
    world.alice1.plug(CAM2);
    await world.pass(500);
    expect(lit(world)).toEqual(['mic-1']);
    await world.done(call.camera());
    expect(sent(world)).toEqual(['mic-1 cam-2']);
  });

  test('nothing is opened when the call is over by then', async () => {
    const world = await withHardware(MIC2);
    const call = await talking(world);
    world.alice1.unplug('mic-1');
    await world.done(call.end());
    await world.pass(500);
    expect(lit(world)).toEqual([]);
  });
});

describe('the speaker', () => {
  test('is taken by every element that plays, now and later', async () => {
    const world = await withHardware(SPK2);
    await world.done(world.client.devices.choose({ speaker: 'spk-2' }));
    const { speaker } = await playing(world);
    expect(speaker()).toBe('spk-2');
    await world.done(world.client.devices.choose({ speaker: null }));
    await world.pass();
    expect(speaker()).toBe('');
  });

  test('unplugged gives way to the default, and comes back', async () => {
    const world = await withHardware(SPK2);
    const { speaker } = await playing(world);
    await world.done(world.client.devices.choose({ speaker: 'spk-2' }));
    const told = replacements(world);
    world.alice1.unplug('spk-2');
    await world.pass();
    expect(speaker()).toBe('');
    world.alice1.plug(SPK2);
    await world.pass();
    expect(speaker()).toBe('spk-2');
    expect(told).toEqual(['spk-2 → spk-1', 'spk-1 → spk-2']);
  });

  test('that is not there, and a browser that lets none be chosen, reject', async () => {
    const world = await connected();
    const { devices } = world.client;
    expect(await world.done(codeOf(devices.choose({ speaker: 'spk-9' })))).toBe('no-device');
    const { alice1 } = world;
    const create = alice1.createPlayer.bind(alice1);
    alice1.createPlayer = () => Object.assign(create(), { setSinkId: undefined });
    expect(await world.done(codeOf(devices.choose({ speaker: 'spk-1' })))).toBe(
      'speaker-unavailable',
    );
    expect(devices.chosen.speaker).toBeUndefined();
  });
});

describe('what may be opened', () => {
  test('is known without opening or asking', async () => {
    const world = await connected();
    const look = () => world.done(world.client.devices.access('microphone'));
    for (const said of ['granted', 'prompt', 'denied', 'forbidden'] as const) {
      world.alice1.microphone = said;
      expect(await look()).toBe(said);
    }
    world.alice1.microphone = 'granted';
    world.alice1.unplug('mic-1');
    expect(await look()).toBe('missing');
    world.alice1.enumerateDevices = () => Promise.reject(new TypeError('an insecure page'));
    expect(await look()).toBe('unavailable');
    expect(lit(world)).toEqual([]);
  });

  test.each([
    ['audio', 'denied', 'granted', 'microphone-denied'],
    ['video', 'denied', 'granted', 'microphone-denied'],
    ['video', 'granted', 'denied', 'camera-denied'],
    ['audio', 'denied-by-system', 'granted', 'denied-by-system'],
    ['video', 'granted', 'forbidden', 'denied-by-policy'],
    ['audio', 'missing', 'granted', 'no-device'],
  ] as const)(
    'a call by %s, microphone %s, camera %s: %s',
    async (media, microphone, camera, code) => {
      const world = await connected();
      Object.assign(world.alice1, { microphone, camera });
      expect(await world.done(codeOf(world.client.call('bob', { media })))).toBe(code);
      expect(world.server.all('invite')).toEqual([]);
    },
  );

  test('a denial on accept leaves the call ringing, and it may be accepted again', async () => {
    const world = await connected();
    const call = await world.incoming();
    world.alice1.microphone = 'denied';
    expect(await world.done(codeOf(call.accept()))).toBe('microphone-denied');
    expect(world.server.all('accept')).toEqual([]);
    expect(call.state).toBe('inviting');
    world.alice1.microphone = 'granted';
    const accepting = call.accept();
    await world.pass();
    world.server.show(established());
    await world.done(accepting);
    expect(world.client.getCall(INCOMING)?.state).toBe('established');
  });
});
