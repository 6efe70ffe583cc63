import { expect, test } from 'vitest';
import type { Track } from '../src/index.ts';
import { successors } from '../src/media/device-list.ts';

const HEADSET = { kind: 'audioinput', deviceId: 'headset', groupId: 'desk', label: 'Headset' };
const WEBCAM = { kind: 'audioinput', deviceId: 'webcam', groupId: 'desk', label: 'Webcam' };
const BUILT_IN = { kind: 'audioinput', deviceId: 'built-in', groupId: 'lid', label: 'Built-in' };
const LENS = { kind: 'videoinput', deviceId: 'lens', groupId: 'desk', label: 'Lens' };

const LOST: Track = {
  kind: 'audio',
  readyState: 'ended',
  muted: false,
  enabled: true,
  clone: () => LOST,
  stop: () => {},
  getSettings: () => HEADSET,
};

test('the chosen device goes first, then the default, those of the same group, and the others', () => {
  const left = [BUILT_IN, WEBCAM, LENS];
  expect(successors(left, LOST, 'built-in')).toEqual(['built-in', undefined, 'webcam']);
  expect(successors(left, LOST, undefined)).toEqual([undefined, 'webcam', 'built-in']);
});

test('the chosen device that is lost itself follows nobody', () => {
  expect(successors([HEADSET, BUILT_IN], LOST, 'headset')).toEqual([undefined, 'built-in']);
});

test('where none of its kind is left, there is nothing to try', () => {
  expect(successors([LENS], LOST, 'lens')).toEqual([]);
});
