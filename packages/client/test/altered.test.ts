import { expect, test } from 'vitest';
import { established, ringing } from './support/views.ts';
import { connected } from './support/world.ts';

const ALTERED = { direction: 'outgoing', peer: { user: 'bob' }, media: 'audio' } as const;

test.each(['before', 'after'] as const)(
  'a call with video that a server made one without, told %s the answer, is one: the camera goes out',
  async (when) => {
    const world = await connected();
    world.server.silentOn.add('invite');
    const calling = world.client.call('bob', { media: 'video', content: 'mine' });
    await world.pass();
    const invite = world.server.last('invite');
    const view = ringing({ ...ALTERED, id: invite.call, content: 'theirs' });
    if (when === 'before') world.server.show(view);
    world.server.answer(invite);
    const call = await world.done(calling);
    if (when === 'after') world.server.show(view);
    await world.pass();
    expect(call).toMatchObject({ media: 'audio', content: 'theirs', cameraOn: false });
    expect([world.media.openMicrophones, world.media.openCameras]).toEqual([['alice1'], []]);
    world.server.show(established({ ...ALTERED, id: invite.call, version: 4 }));
    await world.pass();
    expect(world.media.openCameras).toEqual([]);
  },
);
