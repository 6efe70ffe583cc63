import { setTimeout as pass } from 'node:timers/promises';
import { AgoraRTM, RtmError } from '@ringline/compat/rtm/agora';
import type { LocalInvitation, RemoteInvitation, RtmClient } from '@ringline/compat/rtm/agora';
import type { SeededRandomness } from '@ringline/testkit';
import type { Account } from './device.ts';
import type { Deed, Ledger } from './ledger.ts';

/** What the caller asks for: the callee does as it is told. */
const WISHES = ['accept', 'refuse', 'wait'] as const;
/** Milliseconds until the caller takes an invitation back, and until it sends the next, at most. */
const WAITS_MS = 100;
const PAUSE_MS = 300;
/** It waits so long for an answer; whatever went wrong, then it takes the invitation back. */
const PATIENCE_MS = 20_000;
/** Whom nobody has ever seen: a backend is told that it may have to wake a phone. */
const NOBODY = 'nobody-to-invite';

const DEED_OF: Readonly<Record<string, Deed>> = {
  LocalInvitationAccepted: 'a bare invitation was accepted',
  LocalInvitationRefused: 'a bare invitation was refused',
  LocalInvitationCanceled: 'a bare invitation was taken back',
};

/** Two people whose apps were written for RTM 1.x: Frank invites, Grace answers, and no call comes of it. */
export class Inviters {
  readonly #frank: Page;
  readonly #grace: Page;
  readonly #randomness: SeededRandomness;
  readonly #ledger: Ledger;

  private constructor(
    [frank, grace]: readonly [Page, Page],
    randomness: SeededRandomness,
    ledger: Ledger,
  ) {
    this.#frank = frank;
    this.#grace = grace;
    this.#randomness = randomness;
    this.#ledger = ledger;
    grace.client.on('RemoteInvitationReceived', answer);
  }

  static async logIn(
    [frank, grace]: readonly [Account, Account],
    randomness: SeededRandomness,
    ledger: Ledger,
  ): Promise<Inviters> {
    const pages = [await Page.logIn(frank), await Page.logIn(grace)] as const;
    return new Inviters(pages, randomness, ledger);
  }

  /** The network is back: they connect now, and not when their patience says so. */
  networkChanged(): void {
    this.#frank.networkChanged();
    this.#grace.networkChanged();
  }

  /** Sends one, and waits for its end. */
  async invite(): Promise<void> {
    const wish = this.#randomness.pick(WISHES);
    const isAway = wish === 'wait' && this.#randomness.chance(0.5);
    const invitation = this.#frank.client.createLocalInvitation(isAway ? NOBODY : this.#grace.user);
    invitation.content = wish;
    this.#ledger.unsureInvitations.add(invitation.id);
    const over = this.#endOf(invitation);
    invitation.send();
    const waits = wish === 'wait' ? this.#randomness.integer(0, WAITS_MS) : PATIENCE_MS;
    await orTakenBack(invitation, over, waits);
    await pass(this.#randomness.integer(0, PAUSE_MS));
  }

  /** Resolves at the end; what the callee was told of, the server has taken. */
  #endOf(invitation: LocalInvitation): Promise<void> {
    const isTaken = () => {
      this.#ledger.unsureInvitations.delete(invitation.id);
      this.#ledger.invitations.add(invitation.id);
    };
    return new Promise((resolve) => {
      const ends = (name: string, takes: boolean) => () => {
        if (takes) isTaken();
        const deed = DEED_OF[name];
        if (deed) this.#ledger.did(deed);
        resolve();
      };
      invitation.on('LocalInvitationReceivedByPeer', isTaken);
      invitation.on('LocalInvitationAccepted', ends('LocalInvitationAccepted', true));
      invitation.on('LocalInvitationRefused', ends('LocalInvitationRefused', true));
      invitation.on('LocalInvitationCanceled', ends('LocalInvitationCanceled', false));
      invitation.on('LocalInvitationFailure', ends('LocalInvitationFailure', false));
    });
  }

  async logOut(): Promise<void> {
    await Promise.all([this.#frank.client.logout(), this.#grace.client.logout()]);
  }
}

/** A page of an app that speaks RTM. */
class Page {
  readonly user: string;
  readonly client: RtmClient;
  #networkChanged = () => {};

  private constructor({ url, user }: Account) {
    this.user = user;
    this.client = AgoraRTM.createInstance('the proof of records', {
      ringline: {
        url,
        onNetworkChange: (changed) => {
          this.#networkChanged = changed;
          return () => {};
        },
      },
    });
  }

  static async logIn(account: Account): Promise<Page> {
    const page = new Page(account);
    await page.client.login({ uid: account.user, token: account.token });
    return page;
  }

  networkChanged(): void {
    this.#networkChanged();
  }
}

function answer(invitation: RemoteInvitation): void {
  if (invitation.content === 'accept') attempt(() => invitation.accept());
  if (invitation.content === 'refuse') attempt(() => invitation.refuse());
}

/** The end of an invitation; nobody waits for it longer than that without taking it back. */
async function orTakenBack(
  invitation: LocalInvitation,
  over: Promise<void>,
  waitsMs: number,
): Promise<void> {
  const patience = new AbortController();
  const tired = pass(waitsMs, undefined, { signal: patience.signal });
  const takenBack = tired.then(() => attempt(() => invitation.cancel())).then(() => over);
  takenBack.catch(() => undefined);
  await Promise.race([over, takenBack]);
  patience.abort();
}

/** What comes too late throws, and an event has told or is going to tell why. */
function attempt(act: () => void): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof RtmError)) throw error;
  }
}
