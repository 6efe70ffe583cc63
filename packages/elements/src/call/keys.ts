import type { Call } from '@ringline/client';
import type { Session } from '../model/session.ts';
import { holdToggle } from './controls.ts';

/** What a key does in a call, as its button would; one that is meant for a field, or with another key, does nothing. */
export function pressKey(event: KeyboardEvent, call: Call, session: Session | undefined): void {
  // A key that is kept down is meant once.
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  const [target] = event.composedPath();
  if (target instanceof HTMLInputElement || target instanceof HTMLSelectElement) return;
  if (event.key === 'm') call.mute(!call.muted);
  else if (event.key === 'h') toggleHold(call, session);
  else if (event.key === 's') void session?.phone.takeOther();
  else if (event.key === 'v' && call.media === 'video') {
    void session?.phone.attempt(call, () => call.camera(!call.cameraOn));
  }
}

function toggleHold(call: Call, session: Session | undefined): void {
  const pending = session?.phone.pendingOf(call);
  const act = holdToggle({ call, pending, isConnected: session?.isConnected === true });
  if (act !== undefined) void session?.phone.change(call, 'hold', act);
}
