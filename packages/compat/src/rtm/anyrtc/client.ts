import type { Call, RinglineClient, UserId } from '@ringline/client';
import type { CallEventHandler, RtmCallManager } from '../core/call-manager.ts';
import { Door } from '../core/door.ts';
import type { AcceptedInvitations, PendingInvitations } from '../core/invitations/invitations.ts';
import type { RaiseOptions } from '../core/raising.ts';
import type { PeerSubscriptionOption } from '../core/words.ts';
import { RtmChannel } from './channel.ts';
import { ANYRTC } from './dialect.ts';
import { EventEmitter } from './emitter.ts';
import type { RtmClientEvents } from './events.ts';
import { LocalInvitation } from './local-invitation.ts';
import { RemoteInvitation } from './remote-invitation.ts';
import type { LoginOptions } from '../core/types.ts';
import type { ConnectionChangeReason } from './status-codes.ts';
import type {
  AttributesMap,
  ChannelAttributeOptions,
  ChannelAttributes,
  ChannelMemberCountResult,
  PeerMessageSendResult,
  PeersOnlineStatusResult,
  ReceivedMessageProperties,
  RtmMessage,
  RtmParameters,
  SendMessageOptions,
} from './types.ts';

/** A client of RTM, as ar-rtm-sdk has it. Promises reject with an error whose `code` is the vendor's. */
export class RtmClient extends EventEmitter<RtmClientEvents> {
  readonly #door: Door<LocalInvitation, RemoteInvitation>;

  constructor(config: RtmParameters) {
    super();
    const faces = {
      local: (core: ConstructorParameters<typeof LocalInvitation>[0]) => new LocalInvitation(core),
      remote: (core: ConstructorParameters<typeof RemoteInvitation>[0]) =>
        new RemoteInvitation(core),
    };
    this.#door = new Door(ANYRTC, config, faces, {
      // The dialect has no other reasons and messages than those of its vendor.
      connectionStateChanged: (state, reason) =>
        this.emit('ConnectionStateChanged', state, reason as ConnectionChangeReason),
      tokenWillExpire: () => this.emit('TokenWillExpired'),
      tokenExpired: () => this.emit('TokenDidExpired'),
      messageFromPeer: (message, peer, properties) =>
        this.emit(
          'MessageFromPeer',
          message as RtmMessage,
          peer,
          properties as ReceivedMessageProperties,
        ),
      remoteInvitationReceived: (invitation) => this.emit('RemoteInvitationReceived', invitation),
      peersOnlineStatusChanged: (status) => this.emit('PeersOnlineStatusChanged', status),
      loggedOut: () => this.removeAllListeners(),
    });
  }

  /** Who is logged in; empty when nobody is. */
  get uid(): UserId {
    return this.#door.standing?.uid ?? '';
  }

  /** The token of the login; null when there is none. */
  get token(): string | null {
    return this.#door.standing?.token ?? null;
  }

  /** The client of Ringline behind this login: calls, messages that are kept, records. Ringline's own. */
  get ringline(): RinglineClient {
    return this.#door.ringline;
  }

  login(options: LoginOptions): Promise<void> {
    return this.#door.login(options);
  }

  /** Ends the login and the calls of this page; the listeners of this client are gone then. */
  logout(): Promise<void> {
    return this.#door.logout();
  }

  renewToken(token: string): Promise<void> {
    return this.#door.renewToken(token);
  }

  createLocalInvitation(calleeId: UserId): LocalInvitation {
    return this.#door.invitations.create(calleeId);
  }

  /** The invitations of this user that are open, also after the page was loaded anew. Ringline's own. */
  pendingInvitations(): Promise<PendingInvitations<LocalInvitation, RemoteInvitation>> {
    return this.#door.pending();
  }

  /** The invitations of this user that were accepted and may still become a call, also after the page was loaded anew. Ringline's own. */
  acceptedInvitations(): Promise<AcceptedInvitations<LocalInvitation, RemoteInvitation>> {
    return this.#door.accepted();
  }

  /**
   * Makes a call of an invitation that was accepted: both sides raise it, and whoever is first waits.
   * Resolves when the call is established; rejects with a RinglineError, `timeout` when the other side
   * does not raise it. Ringline's own.
   */
  raise(invitation: LocalInvitation | RemoteInvitation, options?: RaiseOptions): Promise<Call> {
    return this.#door.raise(invitation, options);
  }

  /** The call manager of the vendor's native SDKs. */
  getRtmCallManager(
    handler: CallEventHandler<LocalInvitation, RemoteInvitation>,
  ): RtmCallManager<LocalInvitation, RemoteInvitation> {
    return this.#door.manage(handler);
  }

  sendMessageToPeer(
    message: RtmMessage,
    peerId: UserId,
    _options?: SendMessageOptions,
  ): Promise<PeerMessageSendResult> {
    return this.#door.messages.send(message, peerId);
  }

  createChannel(channelId: string): RtmChannel {
    return new RtmChannel(this.#door.channels.create(channelId));
  }

  setLocalUserAttributes(attributes: AttributesMap): Promise<void> {
    return this.#door.attributes.setOwn(attributes);
  }

  addOrUpdateLocalUserAttributes(attributes: AttributesMap): Promise<void> {
    return this.#door.attributes.updateOwn(attributes);
  }

  deleteLocalUserAttributesByKeys(attributeKeys: string[]): Promise<void> {
    return this.#door.attributes.deleteOwn(attributeKeys);
  }

  clearLocalUserAttributes(): Promise<void> {
    return this.#door.attributes.clearOwn();
  }

  getUserAttributes(userId: UserId): Promise<AttributesMap> {
    return this.#door.attributes.ofUser(userId);
  }

  getUserAttributesByKeys(userId: UserId, attributeKeys: string[]): Promise<AttributesMap> {
    return this.#door.attributes.ofUser(userId, attributeKeys);
  }

  queryPeersOnlineStatus(peerIds: UserId[]): Promise<PeersOnlineStatusResult> {
    return this.#door.peers.query(peerIds);
  }

  subscribePeersOnlineStatus(peerIds: UserId[]): Promise<void> {
    return this.#door.peers.subscribe(peerIds);
  }

  unsubscribePeersOnlineStatus(peerIds: UserId[]): Promise<void> {
    return this.#door.peers.unsubscribe(peerIds);
  }

  queryPeersBySubscriptionOption(option: PeerSubscriptionOption): Promise<UserId[]> {
    return this.#door.peers.subscribed(option);
  }

  setChannelAttributes(
    channelId: string,
    attributes: AttributesMap,
    options?: ChannelAttributeOptions,
  ): Promise<void> {
    return this.#door.attributes.set(channelId, attributes, options);
  }

  addOrUpdateChannelAttributes(
    channelId: string,
    attributes: AttributesMap,
    options?: ChannelAttributeOptions,
  ): Promise<void> {
    return this.#door.attributes.update(channelId, attributes, options);
  }

  deleteChannelAttributesByKeys(
    channelId: string,
    attributeKeys: string[],
    options?: ChannelAttributeOptions,
  ): Promise<void> {
    return this.#door.attributes.delete(channelId, attributeKeys, options);
  }

  clearChannelAttributes(channelId: string, options?: ChannelAttributeOptions): Promise<void> {
    return this.#door.attributes.clear(channelId, options);
  }

  getChannelAttributes(channelId: string): Promise<ChannelAttributes> {
    return this.#door.attributes.ofChannel(channelId);
  }

  getChannelAttributesByKeys(channelId: string, keys: string[]): Promise<ChannelAttributes> {
    return this.#door.attributes.ofChannel(channelId, keys);
  }

  getChannelMemberCount(channelIds: string[]): Promise<ChannelMemberCountResult> {
    return this.#door.channels.count(channelIds);
  }

  /** Says where the server is, before a login; the rest is without effect. */
  setParameters(params: RtmParameters): void {
    this.#door.configure(params);
  }
}
