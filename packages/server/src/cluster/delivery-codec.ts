import type { ChannelDelivery, Delivery } from './bus.ts';

type Shape = Readonly<Record<string, 'string' | 'number' | 'object' | 'array'>>;

/** What each delivery must have for those who hear it not to stumble; what is inside comes from a store that all nodes share. */
const DELIVERIES: Readonly<Record<Delivery['kind'], Shape>> = {
  call: { call: 'object' },
  inbox: { item: 'object' },
  conversations: {},
  missed: {},
  signal: { device: 'string', signal: 'object' },
  bound: { device: 'string', version: 'number' },
  invitation: { invitation: 'object' },
  'rtm-message': { message: 'object' },
  'rtm-heard': { by: 'string', message: 'string' },
  ousted: { connections: 'array' },
  spent: { by: 'string', act: 'string', count: 'number' },
};

const CHANNEL_DELIVERIES: Readonly<Record<ChannelDelivery['kind'], Shape>> = {
  'channel-message': { by: 'object', message: 'object' },
  'channel-attributes': { message: 'object' },
  'members-moved': {},
};

/** A delivery as it travels: JSON, in which also half a character and U+0000 survive. */
export function encodeDelivery(delivery: Delivery | ChannelDelivery): string {
  return JSON.stringify(delivery);
}

/** The delivery to a user that the text holds; undefined when it is none, or of a kind that only a newer release knows. */
export function decodeDelivery(text: string): Delivery | undefined {
  const value = objectIn(text);
  if (!value || typeof value['to'] !== 'string' || !hasShape(value, DELIVERIES)) return undefined;
  return value as unknown as Delivery;
}

/** The delivery to a channel that the text holds; undefined as above. */
export function decodeChannelDelivery(text: string): ChannelDelivery | undefined {
  const value = objectIn(text);
  if (!value || !hasShape(value, CHANNEL_DELIVERIES)) return undefined;
  return value as unknown as ChannelDelivery;
}

type JsonObject = Readonly<Record<string, unknown>>;

function objectIn(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function hasShape(value: JsonObject, shapes: Readonly<Record<string, Shape>>): boolean {
  const { kind } = value;
  if (typeof kind !== 'string' || !Object.hasOwn(shapes, kind)) return false;
  return Object.entries(shapes[kind] ?? {}).every(([name, type]) => isOf(value[name], type));
}

function isOf(value: unknown, type: Shape[string]): boolean {
  switch (type) {
    case 'string':
    case 'number':
      return typeof value === type;
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isObject(value);
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
