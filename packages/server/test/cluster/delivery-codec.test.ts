import { expect, test } from 'vitest';
import {
  decodeChannelDelivery,
  decodeDelivery,
  encodeDelivery,
} from '../../src/cluster/delivery-codec.ts';
import { EACH, EACH_OF_CHANNEL } from './deliveries.ts';

test.each(Object.values(EACH))('[BUS3] a delivery of kind $kind survives', (delivery) => {
  expect(decodeDelivery(encodeDelivery(delivery))).toEqual(delivery);
});

test.each(Object.values(EACH_OF_CHANNEL))('[BUS3] so does $kind to a channel', (delivery) => {
  expect(decodeChannelDelivery(encodeDelivery(delivery))).toEqual(delivery);
});

test.each([
  '',
  '{',
  'null',
  '[]',
  '"missed"',
  '{"kind":"missed"}',
  '{"kind":"missed","to":7}',
  '{"kind":"toString","to":"bob"}',
  '{"kind":"a newer kind","to":"bob"}',
  '{"kind":"call","to":"bob"}',
  '{"kind":"call","to":"bob","call":null}',
  '{"kind":"call","to":"bob","call":[]}',
  '{"kind":"bound","to":"bob","device":"bob1","version":"7"}',
  '{"kind":"signal","to":"bob","device":7,"signal":{}}',
  '{"kind":"ousted","to":"bob","connections":{}}',
])('[BUS11] %s is no delivery', (text) => {
  expect(decodeDelivery(text)).toBeUndefined();
  expect(decodeChannelDelivery(text)).toBeUndefined();
});

test('[BUS11] what is for a channel is none for a user, and the other way round', () => {
  expect(decodeDelivery('{"kind":"members-moved","to":"bob"}')).toBeUndefined();
  expect(decodeChannelDelivery(encodeDelivery(EACH.missed))).toBeUndefined();
});
