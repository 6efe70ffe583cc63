import type { CallOrder } from '../calls/call-service.ts';
import type { RequestOrigin } from '../steps/step-runner.ts';
import type { BoundDevice } from './bound-device.ts';
import type { Services } from './services.ts';
import type { CallMessage } from './to-command.ts';
import { toCommand } from './to-command.ts';

/** What a device's message asks of the calls. */
export function orderOf(
  message: CallMessage,
  device: BoundDevice,
  { policy: permitted, randomness }: Services,
): CallOrder {
  const { actor, callWaiting, identity, policy } = device;
  const tellsRecords = permitted.recordMessages;
  const circumstances = { randomness, policy, callWaiting, tellsRecords };
  const command = toCommand(message, actor, identity.peer, circumstances);
  return { command, request: originOf(message.seq, device) };
}

/** Where a device's request comes from. */
export function originOf(seq: number, { connection }: BoundDevice): RequestOrigin {
  return { seq, connection: connection.name };
}
