import type { Actor, Invitation } from '@ringline/call';
import { invitationViewOf } from '@ringline/call';
import type { InvitationId, RtmStanding } from '@ringline/protocol';
import { encode } from '@ringline/protocol';
import type { Clock } from '../clock.ts';
import type { RtmDelivery } from '../cluster/bus.ts';
import type { ChannelListener } from '../rtm/channel-here.ts';
import type { ChannelsHere } from '../rtm/channels-here.ts';
import { missedInvitations } from '../rtm/missed-invitations.ts';
import type { PeerMessages } from '../rtm/peer-messages.ts';
import type { Store } from '../store/store.ts';
import type { DeviceSocket } from './device-socket.ts';
import { InvitationsTold } from './invitations-told.ts';
import type { Services } from './services.ts';

/** What a page has missed of invitations is told up to here, and the rest with its next heartbeats: half of what may queue to one socket. */
export const MISSED_INVITATIONS_BYTES = 512 * 1024;

/** Of which device it is the page. */
export interface RtmPage {
  readonly actor: Actor;
  readonly connection: DeviceSocket;
  isExpired(): boolean;
}

/** What of RTM reaches one page; of bare invitations each view once, and none that is older than another. */
export class DeviceRtm implements ChannelListener {
  readonly #clock: Clock;
  readonly #page: RtmPage;
  readonly #channelsHere: ChannelsHere;
  readonly #messages: PeerMessages;
  readonly #store: Store;
  readonly #told = new InvitationsTold();
  readonly #channels = new Set<string>();
  #hasLeft = false;

  constructor({ clock, rtm, store }: Services, page: RtmPage) {
    this.#clock = clock;
    this.#page = page;
    this.#channelsHere = rtm.channelsHere;
    this.#messages = rtm.messages;
    this.#store = store;
  }

  get actor(): Actor {
    return this.#page.actor;
  }

  /** What the bus brings for this user; with an expired token its page is told nothing new. */
  hear(delivery: RtmDelivery): void {
    const isExpired = this.#page.isExpired();
    switch (delivery.kind) {
      case 'invitation':
        return isExpired ? undefined : this.#hearOf(delivery.invitation);
      case 'rtm-message':
        return isExpired ? undefined : this.#page.connection.send(delivery.message);
      case 'rtm-heard':
        return this.#messages.heard(delivery.to, delivery.by, delivery.message);
      case 'ousted':
        return this.#giveUpLogin(delivery.connections);
    }
  }

  /** Finds what the page misses of those that it holds and of those that it does not; `tell` sends it. */
  async missed({ invitations }: RtmStanding): Promise<{
    readonly gone: readonly InvitationId[];
    readonly tell: () => void;
  }> {
    const { news, gone } = await missedInvitations(invitations, this.actor.user, this.#store);
    this.#told.forget(gone);
    return { gone, tell: () => this.#tellMissed(news) };
  }

  /** Tells what the page may have missed of those that it was told; throws StoreFault when the store is away. */
  async lookAgain(): Promise<void> {
    if (this.#page.isExpired()) return;
    const { tell } = await this.missed({ invitations: this.#told.versions });
    tell();
  }

  /** The page is in the channel and hears what is said there, and what was since it was lost; resolves once it is known who came before. */
  async enter(channel: string, lostAt?: number): Promise<void> {
    if (this.#hasLeft) return;
    this.#channels.add(channel);
    await this.#channelsHere.add(channel, this, lostAt);
  }

  /** The page is in the channel no more. */
  quit(channel: string): void {
    this.#channels.delete(channel);
    this.#channelsHere.remove(channel, this);
  }

  /** One frame of what is said in a channel. */
  tell(frame: string): void {
    if (!this.#page.isExpired()) this.#page.connection.sendFrame(frame);
  }

  /** The page's connection is gone. */
  leave(): void {
    this.#hasLeft = true;
    for (const channel of this.#channels) this.#channelsHere.lose(channel, this);
    this.#channels.clear();
  }

  #hearOf(invitation: Invitation): void {
    const frame = this.#show(invitation);
    if (frame !== undefined) this.#page.connection.sendFrame(frame);
  }

  #giveUpLogin(connections: readonly string[]): void {
    const { connection } = this.#page;
    if (connections.includes(connection.name)) connection.close('replaced');
  }

  /** The page's view of it as it is now, which it was told from now on; undefined when it was told that or a newer one, or has no part in it. */
  #show(invitation: Invitation): string | undefined {
    const at = this.#clock.now();
    const view = invitationViewOf(invitation, this.actor.user, at);
    if (!view || !this.#told.note(view)) return undefined;
    return encode({ type: 'rtm-invitation', at, invitation: view });
  }

  /** The newest, as many as may go out at once, and the oldest of them first. */
  #tellMissed(news: readonly Invitation[]): void {
    const frames: string[] = [];
    let bytes = 0;
    for (const invitation of news.toReversed()) {
      if (bytes >= MISSED_INVITATIONS_BYTES) break;
      const frame = this.#show(invitation);
      if (frame === undefined) continue;
      bytes += Buffer.byteLength(frame);
      frames.unshift(frame);
    }
    for (const frame of frames) this.#page.connection.sendFrame(frame);
  }
}
