import type { Call } from '../../src/index.ts';
import { FarDevice } from './far-device.ts';
import { established } from './views.ts';
import type { World } from './world.ts';

/** Bob calls, alice answers, and his sound comes in. */
export async function playing(
  world: World,
  media: 'audio' | 'video' = 'audio',
): Promise<{ call: Call; speaker: () => string | undefined }> {
  const call = await world.incoming({ media });
  const accepting = call.accept();
  await world.pass();
  world.server.show(established({ media }));
  await world.done(accepting);
  await new FarDevice(world).call();
  await world.pass(1000);
  const player = world.alice1.players.find(({ srcObject }) => srcObject !== null);
  return { call, speaker: () => player?.sinkId };
}
