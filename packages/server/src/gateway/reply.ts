import type { Answer } from '../steps/answer.ts';
import { frameOf } from '../steps/answer.ts';
import type { BoundDevice } from './bound-device.ts';

/** Answers a request of a device. */
export function reply(device: BoundDevice, re: number, answer: Answer): void {
  if (answer.kind === 'refused') device.connection.refuse(re, answer.refusal);
  else device.connection.sendFrame(frameOf(answer, re));
}
