import { VirtualClock } from '@ringline/testkit';
import { InProcessBus } from '../../src/cluster/in-process-bus.ts';
import { MEMBERS_BATCH_MS } from '../../src/rtm/channel-here.ts';
import { ChannelsHere } from '../../src/rtm/channels-here.ts';
import type { ChannelMembers } from '../../src/store/rtm.ts';
import { MemoryLog } from '../observe/memory-log.ts';

/** Members of a room that are as a test says, and what a page in it is told. */
export async function listening() {
  const clock = new VirtualClock();
  const log = new MemoryLog();
  const bus = new InProcessBus(log);
  let there: readonly string[] = ['alice'];
  const store = {
    members: (all: readonly string[], limit: number): Promise<readonly ChannelMembers[]> =>
      Promise.resolve(all.map(() => ({ members: there.slice(0, limit), count: there.length }))),
  };
  const heard: unknown[] = [];
  const listener = {
    actor: { user: 'alice', device: 'alice1' },
    tell: (frame: string) => void heard.push(JSON.parse(frame)),
  };
  const channels = new ChannelsHere({ bus, clock, log, store });
  await channels.add('room', listener);
  const moveTo = async (next: readonly string[]) => {
    there = next;
    heard.length = 0;
    bus.publishToChannel('room', { kind: 'members-moved' });
    await clock.advanceAsync(2 * MEMBERS_BATCH_MS);
    return heard;
  };
  return { bus, channels, clock, listener, log, moveTo, store };
}
