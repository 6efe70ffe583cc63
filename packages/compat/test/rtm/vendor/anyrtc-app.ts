/** An app as they are written for ar-rtm-sdk 1.0.15. Its import is all that is changed before it is compiled against our door. */
import type {
  ChannelAttributes,
  LocalInvitation,
  PeersOnlineStatusMap,
  ReceivedMessageProperties,
  RemoteInvitation,
  RtmChannel,
  RtmClient,
  RtmEvents,
  RtmMessage,
  RtmParameters,
} from 'ar-rtm-sdk';
import { ArRTM, RtmErrorCode, RtmStatusCode } from 'ar-rtm-sdk';

const parameters: RtmParameters = {
  logFilter: ArRTM.LOG_FILTER_WARNING,
  confPriCloudAddr: { ServerAdd: 'calls.example.com', Port: 443, Wss: true },
};

/** Keeps what an app keeps of a call. */
export class CallService {
  readonly client: RtmClient;
  local: LocalInvitation | null = null;
  remote: RemoteInvitation | null = null;

  constructor(appId: string) {
    this.client = ArRTM.createInstance(appId, parameters);
    this.client.on('ConnectionStateChanged', (newState, reason) => {
      if (newState === RtmStatusCode.ConnectionState.DISCONNECTED) console.log(reason);
      if (reason === RtmStatusCode.ConnectionChangeReason.REMOTE_LOGIN) void this.client.logout();
    });
    this.client.on('RemoteInvitationReceived', (remoteInvitation: RemoteInvitation) => {
      remoteInvitation.accept();
    });
    this.client.on('TokenWillExpired', () => void this.client.renewToken('token'));
    this.client.on('TokenDidExpired', () => console.log('too late'));
    this.client.on('MessageFromPeer', this.heard);
    this.client.on('PeersOnlineStatusChanged', (status: PeersOnlineStatusMap) => {
      const offline = RtmStatusCode.PeerOnlineState.OFFLINE;
      if (status[this.local?.calleeId ?? ''] === offline) this.local?.cancel();
    });
  }

  readonly heard: RtmEvents.RtmClientEvents['MessageFromPeer'] = (
    message: RtmMessage,
    peerId: string,
    { isOfflineMessage, serverReceivedTs }: ReceivedMessageProperties,
  ) => {
    console.log(message.text, peerId, isOfflineMessage, serverReceivedTs.toFixed(0));
  };

  async login(uid: string): Promise<void> {
    try {
      await this.client.login({ uid, token: '' });
    } catch (error) {
      const { code } = error as { code: number };
      if (code === RtmErrorCode.LoginError.LOGIN_ERR_ALREADY_LOGIN) return;
      throw error;
    }
  }

  async invite(calleeId: string): Promise<void> {
    const found = await this.client.queryPeersOnlineStatus([calleeId]);
    if (!found[calleeId]) return;
    this.local = this.client.createLocalInvitation(calleeId);
    this.local.content = JSON.stringify({ Mode: 1 });
    this.local.on('LocalInvitationReceivedByPeer', () => console.log('rings'));
    this.local.on('LocalInvitationAccepted', (response) => console.log(response.length));
    this.local.on('LocalInvitationRefused', (response: string) => console.log(response));
    this.local.on('LocalInvitationFailure', (reason) => {
      if (reason === RtmStatusCode.LocalInvitationFailureReason.PEER_OFFLINE) this.local = null;
    });
    this.local.send();
    if (this.local.state === 'IDLE') console.log(this.local.response);
  }

  answer(remoteInvitation: RemoteInvitation): void {
    remoteInvitation.response = JSON.stringify({ to: remoteInvitation.callerId });
    remoteInvitation.on('RemoteInvitationAccepted', () => console.log('accepted'));
    remoteInvitation.on('RemoteInvitationRefused', () => console.log('refused'));
    remoteInvitation.once('RemoteInvitationCanceled', (content) => console.log(content));
    remoteInvitation.on('RemoteInvitationFailure', (reason) => console.log(reason));
    remoteInvitation.removeAllListeners('RemoteInvitationFailure');
    if (remoteInvitation.state === 'INVITATION_RECEIVED') remoteInvitation.refuse();
    remoteInvitation.emit('RemoteInvitationAccepted');
    this.remote = remoteInvitation;
  }

  async channel(id: string): Promise<RtmChannel> {
    const channel = this.client.createChannel(id);
    channel.on('ChannelMessage', (message, memberId, { serverReceivedTs }) => {
      console.log(message.text, memberId, serverReceivedTs);
    });
    channel.on('MemberJoined', (memberId) => console.log(memberId));
    channel.on('AttributesUpdated', (attributes: ChannelAttributes) => console.log(attributes));
    await channel.join();
    await channel.sendMessage({ text: 'hello' }, { enableHistoricalMessaging: false });
    console.log(await channel.getMembers());
    return channel;
  }

  async say(peerId: string): Promise<boolean> {
    const sent = await this.client.sendMessageToPeer({ text: 'hello' }, peerId, {
      enableOfflineMessaging: true,
    });
    await this.client.subscribePeersOnlineStatus([peerId]);
    await this.client.queryPeersBySubscriptionOption(
      RtmStatusCode.PeerSubscriptionOption.ONLINE_STATUS,
    );
    return sent.hasPeerReceived;
  }

  async attributes(): Promise<string | undefined> {
    await this.client.addOrUpdateLocalUserAttributes({ name: 'Alice' });
    await this.client.addOrUpdateChannelAttributes('room', { topic: 'tea' });
    await this.client.getChannelMemberCount(['room']);
    const { topic } = await this.client.getChannelAttributes('room');
    this.client.setParameters(parameters);
    return topic?.value;
  }
}
