import { z } from 'zod';
import { MAX_CANDIDATE_BYTES, MAX_ID_BYTES, MAX_SDP_BYTES } from '../limits.ts';
import { integer, text } from './scalars.ts';

const MAX_M_LINES = 65_535;

export const description = z.strictObject({
  type: z.enum(['offer', 'answer']),
  sdp: text(MAX_SDP_BYTES),
});

export const candidate = z.strictObject({
  candidate: text(MAX_CANDIDATE_BYTES),
  sdpMid: text(MAX_ID_BYTES).nullable(),
  sdpMLineIndex: integer(0, MAX_M_LINES).nullable(),
});

export const signal = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('description'), description }),
  z.strictObject({ kind: z.literal('candidate'), candidate }),
  z.strictObject({ kind: z.literal('restart') }),
]);
