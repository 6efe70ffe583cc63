import type { DeviceMessage, RtmDeviceMessage } from '@ringline/protocol';
import { refusal } from '@ringline/protocol';
import type { BoundDevice } from './bound-device.ts';

/** Whether a message is one of RTM. */
export function isRtmMessage(message: DeviceMessage): message is RtmDeviceMessage {
  return message.type.startsWith('rtm-');
}

/** Does what a page that speaks RTM asks, and answers it. */
export function answerRtm(message: RtmDeviceMessage, device: BoundDevice): void {
  device.connection.refuse('seq' in message ? message.seq : 0, refusal('unknown-type'));
}
