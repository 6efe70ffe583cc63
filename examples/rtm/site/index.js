import { byId, signIn, tell } from './page.js';

// As an application of anyRTC has it; only the server's address is new.
const { ArRTM } = globalThis;
ArRTM.setServer(location.origin);
const Client = ArRTM.createInstance('0123456789abcdef0123456789abcdef');
signIn(Client);

let localInvitation = null;
let remoteInvitation = null;

// 发起呼叫邀请
byId('invite').addEventListener('submit', (event) => {
  event.preventDefault();
  localInvitation = Client.createLocalInvitation(byId('callee').value);
  localInvitation.content = 'coffee?';
  localInvitation.on('LocalInvitationReceivedByPeer', () => tell('LocalInvitationReceivedByPeer'));
  localInvitation.on('LocalInvitationAccepted', (response) =>
    tell('LocalInvitationAccepted', response),
  );
  localInvitation.on('LocalInvitationRefused', (response) =>
    tell('LocalInvitationRefused', response),
  );
  localInvitation.on('LocalInvitationCanceled', () => tell('LocalInvitationCanceled'));
  localInvitation.on('LocalInvitationFailure', (reason) => tell('LocalInvitationFailure', reason));
  localInvitation.send();
});

// 取消呼叫邀请
byId('cancel').addEventListener('click', () => localInvitation?.cancel());

// 收到远程呼叫邀请
Client.on('RemoteInvitationReceived', (invitation) => {
  remoteInvitation = invitation;
  byId('answer').hidden = false;
  tell('RemoteInvitationReceived', invitation.content);
  invitation.on('RemoteInvitationAccepted', () => tell('RemoteInvitationAccepted'));
  invitation.on('RemoteInvitationRefused', () => tell('RemoteInvitationRefused'));
  invitation.on('RemoteInvitationCanceled', () => tell('RemoteInvitationCanceled'));
  invitation.on('RemoteInvitationFailure', (reason) => tell('RemoteInvitationFailure', reason));
});

// 接受呼叫邀请
byId('accept').addEventListener('click', () => remoteInvitation?.accept());

// 拒绝呼叫邀请
byId('refuse').addEventListener('click', () => remoteInvitation?.refuse());
