import type { Texts } from '../text/en.ts';
import type { Phone } from './phone.ts';

/** What an accept does besides: the call that is on is held for it, unless it is held already. */
export function acceptLabel(isVideo: boolean, phone: Phone, { call }: Texts): string {
  if (isHeld(phone)) return isVideo ? call.acceptVideo : call.acceptAudio;
  return isVideo ? call.holdAndAnswerVideo : call.holdAndAnswer;
}

/** Whether this side holds already what is on. */
function isHeld({ stage }: Phone): boolean {
  return stage.kind === 'call' && stage.call.localHold;
}
