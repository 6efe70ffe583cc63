import { z } from 'zod';
import { MAX_FREEZES, MAX_MEASURED_MS, MAX_MEASURED_SECONDS, MAX_MOS } from '../limits.ts';
import { decimal, integer } from './scalars.ts';

export const qualitySummary = z.strictObject({
  seconds: integer(1, MAX_MEASURED_SECONDS),
  mos: decimal(1, MAX_MOS),
  mosMin: decimal(1, MAX_MOS),
  lossRatio: decimal(0, 1),
  concealedRatio: decimal(0, 1).exactOptional(),
  rttMs: integer(0, MAX_MEASURED_MS).exactOptional(),
  jitterMs: integer(0, MAX_MEASURED_MS).exactOptional(),
  relayed: z.boolean().exactOptional(),
  freezes: integer(0, MAX_FREEZES).exactOptional(),
});
