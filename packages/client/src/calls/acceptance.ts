import type { CallId } from '@ringline/protocol';
import type { AcceptOptions, Call } from '../call.ts';
import { defined } from '../defined.ts';
import { hasCode } from '../errors.ts';
import type { OwnTracks } from '../media/own-tracks.ts';
import type { Clock } from '../ports.ts';
import type { Requests } from '../signalling/requests.ts';
import { checkContent } from './checks.ts';
import { overError, requireWaiting, untilDecided } from './state-rules.ts';

/** What accepting a call needs. */
export interface AcceptanceParts {
  readonly call: Call;
  /** Undefined on a client that signals only. */
  readonly own: OwnTracks | undefined;
  readonly requests: Requests;
  readonly clock: Clock;
  /** Asks for what makes this call the live one, while the one that is live sends nothing. */
  inPlaceOfLive<T>(call: CallId, work: () => Promise<T>): Promise<T>;
}

/** Opens the devices, tells the server then, and resolves when the call is established here. */
export async function accept(parts: AcceptanceParts, options: AcceptOptions): Promise<void> {
  const { call, own, clock } = parts;
  const { media, response } = options;
  checkContent('response', response);
  requireWaiting(call, 'incoming', 'accept');
  const agreed = media === 'audio' ? 'audio' : call.media;
  await own?.open(agreed);
  requireWaiting(call, 'incoming', 'accept');
  await tell(parts, defined({ media: media && agreed, response }));
  await untilDecided(call, clock);
  if (call.state !== 'established') throw overError(call);
}

async function tell(parts: AcceptanceParts, more: AcceptOptions): Promise<void> {
  const { call, own, requests } = parts;
  try {
    await parts.inPlaceOfLive(call.id, () =>
      requests.request(() => ({ type: 'accept', call: call.id, ...more })),
    );
  } catch (error) {
    // Done before a reconnect, but too long ago for its result to be kept: the view tells it.
    if (hasCode(error, 'stale')) return;
    if (call.state !== 'established') own?.release();
    throw error;
  }
}
