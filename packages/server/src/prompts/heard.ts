import type { CallView, Prompt } from '@ringline/protocol';
import { isAnnouncement } from '@ringline/protocol';

/** What a device with this view of a call hears of it from the server itself; undefined where that is nothing. */
export function promptOf(view: CallView, hasRingback: boolean): Prompt | undefined {
  switch (view.state) {
    case 'inviting':
      return undefined;
    case 'ringing':
      return hasRingback && view.direction === 'outgoing' ? 'ringback' : undefined;
    case 'established':
      // Whoever holds too has another call in front, or is away from the phone.
      return view.peerHolds && !view.held ? 'hold' : undefined;
    case 'ended':
      return view.announcingMs !== undefined && isAnnouncement(view.reason)
        ? view.reason
        : undefined;
  }
}
