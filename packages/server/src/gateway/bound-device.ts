import type { Actor, Call } from '@ringline/call';
import { viewOf } from '@ringline/call';
import type {
  CallId,
  CallVersion,
  CallView,
  DeviceId,
  Done,
  Hello,
  InboxState,
  InvitationId,
  RtmStanding,
  UserId,
} from '@ringline/protocol';
import { MAX_SIGNALS_PER_CALL } from '@ringline/protocol';
import type { Identity } from '../auth/authenticator.ts';
import type { CallPolicy } from '../calls/call-policy.ts';
import { narrowed, takesSecondCall } from '../calls/call-policy.ts';
import type { Delivery } from '../cluster/bus.ts';
import { isRtmDelivery } from '../cluster/bus.ts';
import { ConversationFeed } from '../inbox/conversation-feed.ts';
import { InboxPump } from '../inbox/inbox-pump.ts';
import { WatchList } from '../presence/watch-list.ts';
import { promptOf } from '../prompts/heard.ts';
import type { DeviceHere } from '../registrar/devices-here.ts';
import { CallsTold } from './calls-told.ts';
import { lookAgain } from './catch-up.ts';
import { DeviceRtm } from './device-rtm.ts';
import type { DeviceSocket } from './device-socket.ts';
import { DeviceVoice } from './device-voice.ts';
import type { Services } from './services.ts';

/** A device whose token was good, on one connection: what concerns it is sent to it. */
export class BoundDevice implements DeviceHere {
  readonly actor: Actor;
  readonly connection: DeviceSocket;
  /** Its page takes a second call. */
  callWaiting: boolean;
  readonly #services: Services;
  readonly #calls = new CallsTold();
  #identity: Identity;
  #signals: Map<CallId, number> | undefined;
  #pump: InboxPump | undefined;
  #feed: ConversationFeed | undefined;
  /** The missed calls of which it knows. */
  #missed = 0;
  /** In which it is spoken to; undefined when it hears no voice, and once its connection is gone. */
  #language: string | undefined;
  /** Only of a device that had something to hear. */
  #voice: DeviceVoice | undefined;
  /** Only of a page that speaks RTM. */
  readonly #rtm: DeviceRtm | undefined;
  /** Only of a device that watches somebody. */
  #watchList: WatchList | undefined;
  /** By which it was bound; of no account before the welcome. */
  #version = 0;
  /** Deliveries that came before the welcome; undefined after it. */
  #early: Delivery[] | undefined = [];
  /** Deliveries may have been lost before the welcome. */
  #isToLookAgain = false;

  constructor(
    connection: DeviceSocket,
    services: Services,
    identity: Identity,
    hello: Pick<Hello, 'device' | 'callWaiting' | 'language' | 'rtm'>,
  ) {
    this.connection = connection;
    this.#identity = identity;
    this.actor = { user: identity.peer.user, device: hello.device };
    this.#services = services;
    this.callWaiting = hello.callWaiting ?? false;
    this.#language = hello.language;
    this.#rtm = hello.rtm && new DeviceRtm(services, this);
  }

  get user(): UserId {
    return this.actor.user;
  }

  get device(): DeviceId {
    return this.actor.device;
  }

  /** Who its newest token says it is. */
  get identity(): Identity {
    return this.#identity;
  }

  /** What the server permits to its user. */
  get policy(): CallPolicy {
    return narrowed(this.#services.policy, this.#identity.policy);
  }

  /** Whether it takes a second call beside the one that it is in. */
  get takesSecond(): boolean {
    return this.callWaiting && takesSecondCall(this.policy);
  }

  /** A new token takes the place of the old; where watched users stand, which the old one kept back, is told. */
  renew(identity: Identity): void {
    const wasTold = this.#isToldPresence();
    this.#identity = identity;
    if (!wasTold && this.#isToldPresence()) this.#watchList?.tellAll();
  }

  /** How long the token lives, as the device is told; nothing when it lives for ever. */
  get tokenLife(): Pick<Done, 'tokenExpiresMs'> {
    const { expiresAt } = this.#identity;
    if (expiresAt === null) return {};
    return { tokenExpiresMs: Math.max(0, expiresAt - this.#services.clock.now()) };
  }

  /** Whether its page speaks RTM. */
  get speaksRtm(): boolean {
    return this.#rtm !== undefined;
  }

  /** What of RTM reaches its page; undefined of one that does not speak it. */
  get rtm(): DeviceRtm | undefined {
    return this.#rtm;
  }

  /** What its page misses of bare invitations, and how to tell it; nothing of a page that does not speak RTM. */
  async missedInvitations(held: RtmStanding): Promise<{
    readonly gone: readonly InvitationId[];
    readonly tell: () => void;
  }> {
    const missed = this.isExpired() ? undefined : await this.#rtm?.missed(held);
    return missed ?? { gone: [], tell: () => {} };
  }

  /** Whether a loss of this device would be felt by somebody. */
  isInCall(): boolean {
    return this.#calls.anyOpen;
  }

  /** The calls that are open, as far as it was told. */
  get openCalls(): readonly CallId[] {
    return this.#calls.open;
  }

  /** Those, with the versions that it was told. */
  get heldCalls(): readonly CallVersion[] {
    return this.#calls.versions;
  }

  /** Calls are over, and it holds them no more: a loss of it is felt by nobody on their account. */
  forget(calls: readonly CallId[]): void {
    for (const call of calls) {
      this.#calls.close(call);
      this.#signals?.delete(call);
      this.#voice?.forget(call);
    }
    if (calls.length > 0) this.connection.callsChanged();
  }

  /** Whether its token is over; such a device may still end its open calls. */
  isExpired(): boolean {
    const { expiresAt } = this.identity;
    return expiresAt !== null && expiresAt <= this.#services.clock.now();
  }

  /** The welcome is sent: deliveries that waited follow, and the inbox from there. The version is the one it was bound by. */
  begin({ from, revision }: Pick<InboxState, 'from' | 'revision'>, version: number): void {
    const { clock, store } = this.#services;
    this.#version = version;
    const sendFrame = (frame: string) => this.connection.sendFrame(frame);
    this.#pump = new InboxPump(store, this.user, from, sendFrame);
    this.#feed = new ConversationFeed({ clock, store, user: this.user, sendFrame }, revision);
    const early = this.#early ?? [];
    this.#early = undefined;
    for (const delivery of early) this.hear(delivery);
    // Where that fails, its next heartbeat does the same.
    if (this.#isToLookAgain) this.lookAgain().catch(() => undefined);
  }

  /** Sends what is in the inbox and was not sent yet, and which conversations changed. */
  async catchUpInbox(): Promise<void> {
    if (this.isExpired()) return;
    await this.#pump?.catchUp();
    await this.#feed?.catchUp();
    await this.#tellMissed();
  }

  /** How many calls its user has missed, if that is not what it was told. */
  async #tellMissed(): Promise<void> {
    if (this.isExpired()) return;
    const count = await this.#services.store.missedCalls(this.user);
    if (count === this.#missed) return;
    this.#missed = count;
    this.connection.send({ type: 'missed', count });
  }

  /** The device has its inbox up to here; false when it was never sent that. */
  acknowledges(cursor: number): boolean {
    return this.#pump?.acknowledge(cursor) ?? false;
  }

  /** Tells where these users stand, now and whenever it changes, and of no others; throws StoreFault when the store is away. */
  async watch(users: readonly UserId[]): Promise<void> {
    const { watched } = this.#services;
    this.#watchList ??= new WatchList(watched, (frame) => {
      if (this.#isToldPresence()) this.connection.sendFrame(frame);
    });
    await this.#watchList.replace(users);
    if (users.length === 0) this.#watchList = undefined;
  }

  async lookAgain(): Promise<void> {
    // What it is told with its welcome may be read already.
    this.#isToLookAgain = this.#early !== undefined;
    if (!this.#isToLookAgain) await lookAgain(this, this.#services);
  }

  hear(delivery: Delivery): void {
    if (this.#early) this.#early.push(delivery);
    else this.#pass(delivery);
  }

  /** Sends its view of a call as it is now, unless that is older than what this device was told. */
  tell(call: Call): void {
    const view = this.#note(call);
    if (!view) return;
    if (view.state === 'ended') this.#signals?.delete(view.id);
    this.connection.send({ type: 'call', at: this.#services.clock.now(), call: view });
    this.connection.callsChanged();
    this.#speakOf(view);
  }

  /** The device has its view of this already, from a connection before. */
  recall(call: Call): void {
    const view = this.#note(call);
    if (!view) return;
    this.connection.callsChanged();
    this.#speakOf(view);
  }

  /** The server's voice, if this device hears it. */
  get voice(): DeviceVoice | undefined {
    return this.#voice;
  }

  /** Whether one more signal for this call is within the limit. */
  maySignal(call: CallId): boolean {
    const sent = (this.#signals?.get(call) ?? 0) + 1;
    if (sent <= MAX_SIGNALS_PER_CALL && this.#calls.isOpen(call)) {
      (this.#signals ??= new Map()).set(call, sent);
    }
    return sent <= MAX_SIGNALS_PER_CALL;
  }

  /** The connection is gone since `at`: the device is lost, unless it has a newer connection. */
  leave(at: number, hasLeft = false): void {
    const { devices, lease, registrar } = this.#services;
    devices.remove(this);
    this.#pump?.stop();
    this.#feed?.stop();
    this.#watchList?.stop();
    this.#rtm?.leave();
    // A view that is still on its way to it must not begin anything.
    this.#language = undefined;
    this.#voice?.close();
    void lease.insist(() => registrar.lose(this.actor, this.connection.name, at, hasLeft));
  }

  /** Whether it may know where others stand, at the moment. */
  #isToldPresence(): boolean {
    return !this.isExpired() && this.policy.presence;
  }

  #pass(delivery: Delivery): void {
    if (isRtmDelivery(delivery)) return this.#rtm?.hear(delivery);
    switch (delivery.kind) {
      case 'call':
        return this.#tellOf(delivery.call);
      case 'inbox':
        return this.isExpired() ? undefined : this.#pump?.offer(delivery.item);
      case 'conversations':
        return this.isExpired() ? undefined : this.#feed?.hear();
      case 'missed':
        // While the store is away nothing is told; the device's next heartbeat tries again.
        return void this.#tellMissed().catch(() => undefined);
      case 'signal':
        return delivery.device === this.device ? this.connection.send(delivery.signal) : undefined;
      case 'bound':
        return this.#makeWay(delivery.device, delivery.version);
      case 'spent':
        // Said to the node, not to devices.
        return undefined;
    }
  }

  #tellOf(call: Call): void {
    // An expired token hears of the calls that it is in, and of nothing new.
    if (this.isExpired() && !this.#calls.isOpen(call.id)) return;
    this.tell(call);
  }

  /** Its view of a call, which it has from now on; undefined when it has no part in it, or was told a newer one. */
  #note(call: Call): CallView | undefined {
    const view = viewOf(call, this.actor, this.#services.clock.now());
    return view && this.#calls.note(view, call.invitedAt) ? view : undefined;
  }

  #speakOf(view: CallView): void {
    const { clock, speech } = this.#services;
    const language = this.#language;
    if (language === undefined) return;
    if (!this.#voice && promptOf(view, speech.hasRingback) === undefined) return;
    this.#voice ??= new DeviceVoice({
      ...speech,
      clock,
      language,
      openCalls: this.#calls.open.filter((call) => call !== view.id),
      send: (message) => this.connection.send(message),
    });
    this.#voice.note(view);
  }

  /** For a newer connection; what is told late of an older one changes nothing. */
  #makeWay(device: DeviceId, version: number): void {
    if (device === this.device && version > this.#version) this.connection.close('replaced');
  }
}
