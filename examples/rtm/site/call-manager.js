import { byId, signIn, tell } from './page.js';

const { ArRTM } = globalThis;
ArRTM.setServer(location.origin);
const client = ArRTM.createInstance('0123456789abcdef0123456789abcdef');
signIn(client);

/** The callbacks of the document, each written down. */
const callEventHandler = Object.fromEntries(
  [
    'onLocalInvitationReceivedByPeer',
    'onLocalInvitationAccepted',
    'onLocalInvitationRefused',
    'onLocalInvitationCanceled',
    'onLocalInvitationFailure',
    'onRemoteInvitationAccepted',
    'onRemoteInvitationRefused',
    'onRemoteInvitationCanceled',
    'onRemoteInvitationFailure',
  ].map((name) => [name, (invitation, word = '') => tell(name, word)]),
);

let remoteInvitation = null;
callEventHandler.onRemoteInvitationReceived = (invitation) => {
  remoteInvitation = invitation;
  byId('answer').hidden = false;
  tell('onRemoteInvitationReceived', invitation.content);
};

/** The document's CArRtmInstance, from C++. */
class ArRtmInstance {
  #callManager = null;
  #callInvitation = null;

  // 获取呼叫邀请管理器。
  initCallManager() {
    this.#callManager = client.getRtmCallManager(callEventHandler);
    return this.#callManager !== null;
  }

  callRemoteUser(remoteUserId) {
    if (!this.#callManager) return false;
    // 创建 LocalInvitation
    this.#callInvitation = this.#callManager.createLocalCallInvitation(remoteUserId);
    if (!this.#callInvitation) return false;
    this.#callInvitation.content = 'tea?';
    // 发送呼叫邀请
    return this.#callManager.sendLocalInvitation(this.#callInvitation) === 0;
  }

  // 取消呼叫邀请
  cancelLocalInvitation() {
    if (!this.#callManager || !this.#callInvitation) return false;
    return this.#callManager.cancelLocalInvitation(this.#callInvitation) === 0;
  }

  // 接受呼叫邀请
  acceptRemoteInvitation(invitation) {
    return this.#callManager.acceptRemoteInvitation(invitation) === 0;
  }

  // 拒绝呼叫邀请
  refuseRemoteInvitation(invitation) {
    return this.#callManager.refuseRemoteInvitation(invitation) === 0;
  }
}

const instance = new ArRtmInstance();
instance.initCallManager();
byId('invite').addEventListener('submit', (event) => {
  event.preventDefault();
  if (!instance.callRemoteUser(byId('callee').value)) tell('it could not be sent');
});
byId('cancel').addEventListener('click', () => {
  if (!instance.cancelLocalInvitation()) tell('it could not be cancelled');
});
byId('accept').addEventListener('click', () => instance.acceptRemoteInvitation(remoteInvitation));
byId('refuse').addEventListener('click', () => instance.refuseRemoteInvitation(remoteInvitation));
