import type { DeviceMessage } from './messages/from-device.ts';
import type { ServerMessage } from './messages/from-server.ts';

/** A message as the text of one frame. */
export function encode(message: DeviceMessage | ServerMessage): string {
  return JSON.stringify(message);
}

/**
 * A frame from the server as a message, or undefined when it is none. The server is trusted to fill in
 * the fields: the SDK carries no schemas. A type that this version does not know is for the receiver to
 * pass over.
 */
export function decodeFromServer(text: string): ServerMessage | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isMessage(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isMessage(value: unknown): value is ServerMessage {
  return typeof value === 'object' && value !== null && 'type' in value;
}
