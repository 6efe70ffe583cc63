import type { DeviceId } from '@ringline/protocol';
import type { Ended, OpenCall } from '../call.ts';
import type { Ending } from '../record.ts';
import { recordOf } from '../record.ts';

/** The call as it is once it has ended so; `response` is what came with a refusal. */
export function ended(call: OpenCall, ending: Ending, response: string | null = null): Ended {
  return {
    state: 'ended',
    id: call.id,
    version: call.version,
    roomId: call.roomId,
    caller: call.caller,
    callee: call.callee,
    invitedMedia: call.invitedMedia,
    content: call.content,
    isHoldable: call.isHoldable,
    isAnnounced: call.isAnnounced,
    recordTo: call.recordTo,
    invitedAt: call.invitedAt,
    changedAt: call.changedAt,
    legs: call.legs,
    reason: ending.reason,
    record: recordOf(call, ending),
    answeredBy: answeringDevice(call),
    endedBy: ending.by,
    response: call.state === 'established' ? call.response : response,
  };
}

function answeringDevice(call: OpenCall): DeviceId | null {
  return call.state === 'established' ? call.sides.callee.device : null;
}
