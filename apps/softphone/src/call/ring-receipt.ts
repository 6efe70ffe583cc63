import type { Call } from '@ringline/client';
import type { Ringtone } from '../ringtone.ts';

/** Tells the caller the truth when the browser keeps this page silent, and again when it does no more. */
export function reportSilence(call: Call, ringtone: Ringtone): void {
  if (!ringtone.isBlocked) return;
  void call.reportRinging('silent', 'autoplay-blocked');
  ringtone.onceAudible(() => {
    if (call.state !== 'established' && call.state !== 'ended') void call.reportRinging('alerting');
  });
}
