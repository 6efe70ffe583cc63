import type { Call } from '@ringline/client';
import type { Changing } from '../model/changing.ts';
import { Notifier } from '../model/notifier.ts';
import { Ringer } from '../model/ringer.ts';
import type { Session } from '../model/session.ts';
import { incomingText } from '../model/wording.ts';
import type { Texts } from '../text/en.ts';
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

/** What an element gives of itself to show the alerting of its session. */
export interface AlertingHost {
  readonly text: Texts;
  requestUpdate(): void;
}

/** An element's part in the alerting of its session: calls ring for as long as some element takes part. */
export class AlertingShare<Part extends Changing> {
  readonly #host: AlertingHost;
  readonly #partOf: (alerting: Alerting) => Part;
  #part: Part | undefined;
  #stop: (() => void) | undefined;

  /** The host is drawn anew when this part of the alerting changes. */
  constructor(host: AlertingHost, partOf: (alerting: Alerting) => Part) {
    this.#host = host;
    this.#partOf = partOf;
  }

  /** Undefined without a session. */
  get part(): Part | undefined {
    return this.#part;
  }

  /** Lets go of the session before, and takes part in this one's. */
  follow(session: Session | undefined): void {
    this.#stop?.();
    this.#stop = this.#part = undefined;
    if (session === undefined) return;
    const { alerting, release } = alertingOf(session, (call) =>
      incomingText(call, this.#host.text),
    );
    this.#part = this.#partOf(alerting);
    const unwatch = this.#part.watch(() => this.#host.requestUpdate());
    this.#stop = () => {
      unwatch();
      release();
    };
  }
}

/** `release` is called by each that asked once it is gone. */
function alertingOf(
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
