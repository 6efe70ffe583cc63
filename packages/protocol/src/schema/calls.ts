import { z } from 'zod';
import {
  MAX_ANNOUNCING_MS,
  MAX_AVATAR_BYTES,
  MAX_CONTENT_BYTES,
  MAX_DEVICES_PER_USER,
  MAX_NAME_BYTES,
} from '../limits.ts';
import { LEG_STATES, MEDIA, SILENCES, VIDEO_ENDS, WHO } from '../messages/calls.ts';
import { END_REASONS, LEG_END_REASONS } from '../reasons.ts';
import { callId, deviceId, integer, shortList, text, userId } from './scalars.ts';

export const media = z.enum(MEDIA);
export const content = text(MAX_CONTENT_BYTES);

export const peer = z.strictObject({
  user: userId,
  name: text(MAX_NAME_BYTES).exactOptional(),
  avatar: text(MAX_AVATAR_BYTES).exactOptional(),
});

export const legView = z.strictObject({
  device: deviceId,
  state: z.enum(LEG_STATES),
  silence: z.enum(SILENCES).exactOptional(),
  epoch: integer(1),
});

const ofAnyState = {
  id: callId,
  version: integer(1),
  direction: z.enum(['outgoing', 'incoming']),
  peer,
  media,
  content: content.exactOptional(),
};

export const waitingCallView = z.strictObject({
  ...ofAnyState,
  state: z.enum(['inviting', 'ringing']),
  remainingMs: integer(0),
  legs: shortList(legView, MAX_DEVICES_PER_USER).exactOptional(),
  peerDevice: deviceId.exactOptional(),
  epoch: integer(1).exactOptional(),
});

export const videoRequestView = z.strictObject({ by: z.enum(WHO), remainingMs: integer(0) });
export const videoEndView = z.strictObject({
  why: z.enum(VIDEO_ENDS),
  by: z.enum(WHO).exactOptional(),
});
export const resumingView = z.strictObject({ by: z.enum(WHO), resume: integer(1) });

export const establishedCallView = z.strictObject({
  ...ofAnyState,
  state: z.literal('established'),
  peerDevice: deviceId,
  epoch: integer(0),
  connectedMs: integer(0).exactOptional(),
  peerGraceMs: integer(0).exactOptional(),
  peerMuted: z.literal(true).exactOptional(),
  peerCameraOff: z.literal(true).exactOptional(),
  muted: z.literal(true).exactOptional(),
  cameraOff: z.literal(true).exactOptional(),
  held: z.literal(true).exactOptional(),
  peerHolds: z.literal(true).exactOptional(),
  resuming: resumingView.exactOptional(),
  videoRequest: videoRequestView.exactOptional(),
  videoEnd: videoEndView.exactOptional(),
  response: content.exactOptional(),
});

export const endedCallView = z.strictObject({
  ...ofAnyState,
  state: z.literal('ended'),
  reason: z
    .enum([...END_REASONS, ...LEG_END_REASONS])
    .describe('[end reason of the call or of this device](errors.md#end-reasons-of-a-call)'),
  response: content.exactOptional(),
  durationSeconds: integer(0),
  announcingMs: integer(1, MAX_ANNOUNCING_MS).exactOptional(),
});

export const callView = z.discriminatedUnion('state', [
  waitingCallView,
  establishedCallView,
  endedCallView,
]);

export const callVersion = z.strictObject({ id: callId, version: integer(0) });
