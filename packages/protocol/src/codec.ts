import type { DeviceMessage } from './messages/from-device.ts';
import type { ServerMessage } from './messages/from-server.ts';

/** A message as the text of one frame. */
export function encode(message: DeviceMessage | ServerMessage): string {
  return JSON.stringify(message);
}

const SERVER_TYPES: ReadonlySet<string> = new Set<ServerMessage['type']>([
  'welcome',
  'done',
  'invited',
  'sent',
  'history-page',
  'ice-renewed',
  'refused',
  'call',
  'inbox',
  'signal',
  'presence',
  'alive',
  'leaving',
]);

/**
 * A frame from the server as a message, or undefined when it is none that this version knows.
 * The server is trusted to fill in the fields: the SDK carries no schemas.
 */
export function decodeFromServer(text: string): ServerMessage | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  return isServerMessage(value) ? value : undefined;
}

function isServerMessage(value: unknown): value is ServerMessage {
  if (typeof value !== 'object' || value === null || !('type' in value)) return false;
  return typeof value.type === 'string' && SERVER_TYPES.has(value.type);
}
