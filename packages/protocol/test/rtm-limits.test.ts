import { describe, expect, test } from 'vitest';
import {
  MAX_ATTRIBUTES,
  MAX_ATTRIBUTE_BYTES,
  MAX_ATTRIBUTE_KEY_BYTES,
  MAX_CHANNEL_BYTES,
  MAX_CONTENT_BYTES,
  MAX_COUNTED_CHANNELS,
  MAX_MESSAGE_BYTES,
  MAX_NAMED_INVITATIONS,
} from '../src/index.ts';
import type { DeviceMessage } from '../src/index.ts';
import { DEVICE_EXAMPLES, decodeFromDevice } from '../src/schema.ts';

/** What becomes of the example of a type with one field changed. */
function answer(type: DeviceMessage['type'], field: string, value: unknown): string {
  const decoded = decodeFromDevice(JSON.stringify({ ...DEVICE_EXAMPLES[type], [field]: value }));
  return decoded.ok ? 'accepted' : `malformed ${decoded.refusal.path}`;
}

function bytes(count: number): string {
  return Buffer.alloc(count, 7).toString('base64');
}

describe('texts of RTM', () => {
  test.each([
    ['rtm-invite', 'content'],
    ['rtm-invite', 'channel'],
    ['rtm-accept', 'response'],
    ['rtm-refuse', 'response'],
  ] as const)('[PRO10] %s.%s: 8 KB and no more', (type, field) => {
    const full = '爱'.repeat(MAX_CONTENT_BYTES / 4).padEnd(0);
    const filled = full + 'a'.repeat(MAX_CONTENT_BYTES - Buffer.byteLength(full));
    expect(answer(type, field, filled)).toBe('accepted');
    expect(answer(type, field, `${filled}a`)).toBe(`malformed ${field}`);
  });

  test('[PRO10] [PRO20] a message has 32 KB, its bytes and their description together', () => {
    const raw = (count: number, description: string) => ({
      kind: 'raw',
      raw: bytes(count),
      description,
    });
    const text = 'x'.repeat(MAX_MESSAGE_BYTES);
    expect(answer('rtm-send', 'body', { kind: 'text', text })).toBe('accepted');
    expect(answer('rtm-send', 'body', { kind: 'text', text: `${text}x` })).toBe(
      'malformed body.text',
    );
    expect(answer('rtm-publish', 'body', raw(MAX_MESSAGE_BYTES, ''))).toBe('accepted');
    expect(answer('rtm-publish', 'body', raw(MAX_MESSAGE_BYTES - 3, '爱'))).toBe('accepted');
    expect(answer('rtm-publish', 'body', raw(MAX_MESSAGE_BYTES - 2, '爱'))).toBe(
      'malformed body.raw',
    );
    expect(answer('rtm-publish', 'body', raw(MAX_MESSAGE_BYTES + 3, ''))).toBe(
      'malformed body.raw',
    );
  });

  test.each(['AQI', 'AQ=I', 'A===', '====', 'AQID ', 'AQ_D'])('[PRO20] %j is no base64', (raw) => {
    const body = { kind: 'raw', raw, description: '' };
    expect(answer('rtm-send', 'body', body)).toBe('malformed body.raw');
  });

  test('[PRO21] a channel has 1 to 64 bytes, of any characters', () => {
    expect(answer('rtm-join', 'channel', '')).toBe('malformed channel');
    expect(answer('rtm-join', 'channel', 'é'.repeat(MAX_CHANNEL_BYTES / 2))).toBe('accepted');
    expect(answer('rtm-join', 'channel', `${'é'.repeat(MAX_CHANNEL_BYTES / 2)}a`)).toBe(
      'malformed channel',
    );
  });
});

describe('attributes and lists of RTM', () => {
  test('[PRO10] an attribute has a key of 1 to 32 bytes and a value of 8 KB', () => {
    const set = (key: string, value: string) =>
      answer('rtm-set-attributes', 'set', [{ key, value }]);
    expect(set('k'.repeat(MAX_ATTRIBUTE_KEY_BYTES), 'v'.repeat(MAX_ATTRIBUTE_BYTES))).toBe(
      'accepted',
    );
    expect(set('', '')).toBe('malformed set.0.key');
    expect(set('k'.repeat(MAX_ATTRIBUTE_KEY_BYTES + 1), '')).toBe('malformed set.0.key');
    expect(set('k', 'v'.repeat(MAX_ATTRIBUTE_BYTES + 1))).toBe('malformed set.0.value');
  });

  test.each([
    ['rtm-set-attributes', 'remove', MAX_ATTRIBUTES, 'key'],
    ['rtm-get-attributes', 'keys', MAX_ATTRIBUTES, 'key'],
    ['rtm-count', 'channels', MAX_COUNTED_CHANNELS, 'room'],
  ] as const)('[PRO12] %s.%s: %i items and no more', (type, field, max, item) => {
    expect(answer(type, field, Array(max).fill(item))).toBe('accepted');
    expect(answer(type, field, Array(max + 1).fill(item))).toBe(`malformed ${field}`);
  });

  test('[PRO12] a hello and a heartbeat name 128 invitations and no more', () => {
    const named = (count: number) => ({
      invitations: Array.from({ length: count }, () => ({
        id: 'p3V9sLq0YbT7hXnEz5kMcQ',
        version: 1,
      })),
    });
    for (const type of ['hello', 'heartbeat'] as const) {
      expect(answer(type, 'rtm', named(MAX_NAMED_INVITATIONS))).toBe('accepted');
      expect(answer(type, 'rtm', named(MAX_NAMED_INVITATIONS + 1))).toBe(
        'malformed rtm.invitations',
      );
    }
  });
});
