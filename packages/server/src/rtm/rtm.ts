import type { Actor, Invitation } from '@ringline/call';
import { invitationDeadlineOf, isOpenInvitation } from '@ringline/call';
import type { InvitationId } from '@ringline/protocol';
import type { Clock, Timer } from '../clock.ts';
import type { Bus } from '../cluster/bus.ts';
import type { Log } from '../observe/log.ts';
import type { Metrics } from '../observe/metrics.ts';
import type { Lease } from '../registrar/lease.ts';
import type { Registrar } from '../registrar/registrar.ts';
import type { Announcer } from '../steps/announcer.ts';
import { Deadlines } from '../steps/deadlines.ts';
import type { StepRunner } from '../steps/step-runner.ts';
import type { Store } from '../store/store.ts';
import { Attributes } from './attributes.ts';
import { ChannelsHere } from './channels-here.ts';
import { Channels } from './channels.ts';
import { InvitationService, datedInvitations } from './invitation-service.ts';
import { Logins, datedLogins } from './logins.ts';
import { PeerMessages } from './peer-messages.ts';

/** An invitation that is over is kept so long for a page that was away: it learns how it ended. */
export const INVITATION_KEPT_MS = 600_000;
/** Attributes that were set on a channel where nobody is wait so long for its first member: the couple of minutes that RTM 1.x gives them. */
export const EMPTY_CHANNEL_KEPT_MS = 120_000;
/** What was kept long enough is forgotten this often. */
export const FORGET_RTM_MS = 60_000;
/** So many in one go, so that nobody waits for it. */
export const FORGET_RTM_PORTION = 500;

/** What RTM is made of. */
export interface RtmParts {
  readonly announcer: Announcer;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly lease: Pick<Lease, 'hasDuty' | 'isHeld'>;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly registrar: Registrar;
  readonly steps: StepRunner;
  readonly store: Store;
}

/** What the server does for pages that speak RTM. */
export class Rtm {
  readonly attributes: Attributes;
  readonly channels: Channels;
  readonly channelsHere: ChannelsHere;
  readonly invitations: InvitationService;
  readonly logins: Logins;
  readonly messages: PeerMessages;
  readonly #parts: RtmParts;
  readonly #invitationDeadlines: Deadlines<InvitationId>;
  readonly #loginDeadlines: Deadlines<Actor>;
  #upkeep: Timer | undefined;

  constructor(parts: RtmParts) {
    const { announcer, lease, steps, store } = parts;
    this.#parts = parts;
    this.attributes = new Attributes(parts);
    this.channels = new Channels(parts);
    this.channelsHere = new ChannelsHere(parts);
    this.invitations = new InvitationService(steps, store);
    this.logins = new Logins({ ...parts, invitations: this.invitations });
    this.messages = new PeerMessages(parts);
    const invitations = datedInvitations(store, this.invitations);
    const watched = { ...parts, mayAct: () => lease.isHeld };
    this.#invitationDeadlines = new Deadlines(invitations, watched);
    this.#loginDeadlines = new Deadlines(datedLogins(store, this.logins), watched);
    announcer.onInvitation((invitation) => this.#note(invitation));
    announcer.onLogin((by, endsAt) => this.#loginDeadlines.watch(by, endsAt));
  }

  /** Before a node serves where none did; throws StoreFault when the store is away. */
  recover(steps: StepRunner): Promise<void> {
    return this.logins.refreshGraces(steps);
  }

  /** Begins to watch deadlines. */
  start(): void {
    this.#invitationDeadlines.start();
    this.#loginDeadlines.start();
    this.#forgetLater();
  }

  stop(): void {
    this.#invitationDeadlines.stop();
    this.#loginDeadlines.stop();
    this.messages.stop();
    this.channelsHere.stop();
    this.#upkeep?.cancel();
    this.#upkeep = undefined;
  }

  /** This version was committed, perhaps by another node: that keeps its deadline. */
  passOn({ id, version }: Invitation): void {
    this.#invitationDeadlines.passOn(id, version);
  }

  #note(invitation: Invitation): void {
    const { log, metrics } = this.#parts;
    const deadline = invitationDeadlineOf(invitation);
    this.#invitationDeadlines.watch(invitation.id, deadline, invitation.version);
    if (isOpenInvitation(invitation)) return;
    const { id, caller, callee, state, failure } = invitation;
    metrics.invitationEnded(failure ?? state);
    log.info({ invitation: id, caller, callee, state, failure }, 'invitation over');
  }

  #forgetLater(): void {
    const { clock } = this.#parts;
    this.#upkeep = clock.after(FORGET_RTM_MS, () => void this.#forget());
  }

  async #forget(): Promise<void> {
    const { clock, lease, log } = this.#parts;
    try {
      if (await lease.hasDuty('forget-rtm')) await this.#forgetOld(clock.now());
    } catch (error) {
      log.error({ err: error }, 'what is old of RTM could not be forgotten; trying again');
    }
    if (this.#upkeep) this.#forgetLater();
  }

  async #forgetOld(now: number): Promise<void> {
    const { store } = this.#parts;
    await this.#inPortions((limit) => store.forgetInvitations(now - INVITATION_KEPT_MS, limit));
    const before = now - EMPTY_CHANNEL_KEPT_MS;
    await this.#inPortions((limit) => store.forgetEmptyChannels(before, limit));
  }

  async #inPortions(forget: (limit: number) => Promise<number>): Promise<void> {
    let forgotten = FORGET_RTM_PORTION;
    while (forgotten === FORGET_RTM_PORTION && this.#upkeep) {
      forgotten = await forget(FORGET_RTM_PORTION);
    }
  }
}
