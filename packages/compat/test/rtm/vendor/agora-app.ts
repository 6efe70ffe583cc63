/** An app as they are written for agora-rtm-sdk 1.5.1. Its import is all that is changed before it is compiled against our door. */
import type {
  LocalInvitation,
  RemoteInvitation,
  RtmChannel,
  RtmClient,
  RtmEvents,
  RtmMessage,
  RtmRawMessage,
  RtmStatusCode,
  RtmTextMessage,
} from './agora-rtm-sdk.js';
import AgoraRTM from './agora-rtm-sdk.js';

/** Keeps what an app keeps of a call. */
export class CallService {
  readonly client: RtmClient;
  local: LocalInvitation | null = null;
  remote: RemoteInvitation | null = null;
  state: RtmStatusCode.ConnectionState = AgoraRTM.ConnectionState.DISCONNECTED;

  constructor(appId: string) {
    this.client = AgoraRTM.createInstance(appId, {
      enableLogUpload: false,
      logFilter: AgoraRTM.LOG_FILTER_WARNING,
    });
    this.client.on('ConnectionStateChanged', (newState, reason) => {
      this.state = newState;
      if (newState === AgoraRTM.ConnectionState.ABORTED) console.log(reason);
      if (reason === AgoraRTM.ConnectionChangeReason.REMOTE_LOGIN) void this.leave();
    });
    this.client.on('RemoteInvitationReceived', (remoteInvitation) => this.ring(remoteInvitation));
    this.client.on('TokenPrivilegeWillExpire', () => void this.client.renewToken('token'));
    this.client.on('MessageFromPeer', this.heard);
    this.client.once('PeersOnlineStatusChanged', (status) => {
      for (const [peer, state] of Object.entries(status)) {
        if (state === AgoraRTM.PeerOnlineState.OFFLINE) console.log(peer);
      }
    });
  }

  readonly heard: RtmEvents.RtmClientEvents['MessageFromPeer'] = (message, peerId, props) => {
    console.log(textOf(message), peerId, props.serverReceivedTs.toFixed(0));
  };

  async invite(calleeId: string, channelId: string): Promise<void> {
    const { [calleeId]: isThere } = await this.client.queryPeersOnlineStatus([calleeId]);
    if (isThere !== true) return;
    const invitation = this.client.createLocalInvitation(calleeId);
    invitation.content = JSON.stringify({ Mode: 0 });
    invitation.channelId = channelId;
    invitation
      .on('LocalInvitationReceivedByPeer', () => console.log('rings'))
      .on('LocalInvitationAccepted', (response) => console.log(response.length))
      .on('LocalInvitationRefused', (response: string) => this.end(response))
      .on('LocalInvitationCanceled', () => this.end())
      .on('LocalInvitationFailure', (reason) => {
        const { PEER_OFFLINE, INVITATION_EXPIRE } = AgoraRTM.LocalInvitationFailureReason;
        if (reason === PEER_OFFLINE || reason === INVITATION_EXPIRE) this.end(reason);
      });
    this.local = invitation;
    invitation.send();
  }

  ring(remoteInvitation: RemoteInvitation): void {
    if (
      this.remote !== null ||
      this.local?.state === AgoraRTM.LocalInvitationState.SENT_TO_REMOTE
    ) {
      remoteInvitation.response = JSON.stringify({
        Reason: 'calling',
        from: remoteInvitation.callerId,
      });
      remoteInvitation.refuse();
      return;
    }
    this.remote = remoteInvitation;
    remoteInvitation.removeAllListeners();
    remoteInvitation.on('RemoteInvitationCanceled', (content) => this.end(content));
    remoteInvitation.on('RemoteInvitationFailure', (reason) => this.end(reason));
    remoteInvitation.on('RemoteInvitationAccepted', () => this.join(remoteInvitation.channelId));
    if (remoteInvitation.listenerCount('RemoteInvitationRefused') === 0) remoteInvitation.accept();
  }

  join(channelId: string): RtmChannel {
    const channel = this.client.createChannel(channelId);
    channel.on('ChannelMessage', (message, memberId) => console.log(textOf(message), memberId));
    channel.on('MemberCountUpdated', (count) => console.log(count + 1));
    channel.on('AttributesUpdated', ({ topic }) => console.log(topic?.value, topic?.lastUpdateTs));
    void channel.join().then(() => channel.sendMessage({ text: 'hello', messageType: 'TEXT' }));
    return channel;
  }

  async say(peerId: string): Promise<boolean> {
    const text = this.client.createMessage<RtmTextMessage>({ text: 'hello' });
    const raw: RtmRawMessage = { rawMessage: new Uint8Array(3), description: 'three' };
    await this.client.sendMessageToPeer(raw, peerId);
    const { hasPeerReceived } = await this.client.sendMessageToPeer(text, peerId);
    return hasPeerReceived;
  }

  async profile(): Promise<string | undefined> {
    await this.client.setLocalUserAttributes({ name: 'Alice' });
    await this.client.setChannelAttributes(
      'room',
      { topic: 'tea' },
      {
        enableNotificationToChannelMembers: true,
      },
    );
    const peers = await this.client.queryPeersBySubscriptionOption('ONLINE_STATUS');
    const { name } = await this.client.getUserAttributes(peers[0] ?? 'bob');
    return name;
  }

  end(why?: string): void {
    console.log(why, this.local?.response);
    this.local = this.remote = null;
  }

  async leave(): Promise<void> {
    await this.client.logout();
  }
}

function textOf(message: RtmMessage): string {
  return 'text' in message ? message.text : (message.description ?? '');
}
