import type { Call } from '@ringline/client';
import { Notifier } from '../model/notifier.ts';
import { Ringer } from '../model/ringer.ts';
import type { Session } from '../model/session.ts';
import { browserClock } from './clock.ts';
import { browserDesktop, browserPage } from './desktop.ts';
import { everyPageRings, lockElection } from './lock-election.ts';
import { BrowserMicrophoneCheck } from './microphone-check.ts';
import { sharedPreferences } from './preference-store.ts';
import { Tones } from './tones.ts';

/** How the calls of a session are made heard and seen in this page. */
export interface Alerting {
  readonly ringer: Ringer;
  readonly notifier: Notifier;
  readonly tones: Tones;
}

const running = new WeakMap<Session, { readonly alerting: Alerting; users: number }>();

/** Makes calls ring for as long as some element shows them; `release` is called by each that asked once it is gone. */
export function alertingOf(
  session: Session,
  describe: (call: Call) => string,
): { readonly alerting: Alerting; readonly release: () => void } {
  const shared = running.get(session) ?? { alerting: start(session, describe), users: 0 };
  running.set(session, shared);
  shared.users++;
  return {
    alerting: shared.alerting,
    release: () => {
      if (--shared.users > 0) return;
      running.delete(session);
      stop(shared.alerting);
    },
  };
}

function start(session: Session, describe: (call: Call) => string): Alerting {
  const { phone, names, client } = session;
  const tones = new Tones();
  // Pages that are no secure context have no locks.
  const { locks } = navigator as { locks?: LockManager };
  const election =
    locks === undefined
      ? everyPageRings
      : lockElection(() => `ringline.ring/${client.user ?? ''}`, locks);
  const microphone = new BrowserMicrophoneCheck();
  const ringer = new Ringer({
    phone,
    sounder: tones,
    election,
    microphone,
    preferences: sharedPreferences(),
    clock: browserClock,
  });
  const parts = { phone, names, desktop: browserDesktop, page: browserPage, describe };
  return { ringer, tones, notifier: new Notifier(parts) };
}

function stop({ ringer, notifier, tones }: Alerting): void {
  ringer.close();
  notifier.close();
  tones.close();
}
