import type { DeviceMessage } from '@ringline/protocol';
import type { RtmAct } from '../rtm/rates.ts';
import type { BoundDevice } from './bound-device.ts';
import type { UserBudgets } from './user-budgets.ts';

/** What a message draws on. */
interface Draw {
  readonly act: RtmAct;
  /** Of which channel alone. */
  readonly channel?: string;
}

/** 0, or the milliseconds until this page that speaks RTM may say such a message again. */
export function rtmWait(message: DeviceMessage, device: BoundDevice, budgets: UserBudgets): number {
  if (!device.speaksRtm) return 0;
  for (const { act, channel } of drawsOf(message)) {
    const wait = budgets.rtm(act, device.user, channel);
    if (wait > 0) return wait;
  }
  return 0;
}

function drawsOf(message: DeviceMessage): readonly Draw[] {
  if (message.type === 'rtm-join') {
    return [{ act: 'join' }, { act: 'join-same', channel: message.channel }];
  }
  if (message.type === 'rtm-set-attributes') return [{ act: `set-${message.of.kind}` }];
  const act = ACT_OF[message.type];
  return act ? [{ act }] : [];
}

const ACT_OF: Partial<Record<DeviceMessage['type'], RtmAct>> = {
  'rtm-send': 'say',
  'rtm-publish': 'say',
  'query-presence': 'query',
  'rtm-get-attributes': 'get',
  'rtm-members': 'members',
  'rtm-count': 'count',
};
