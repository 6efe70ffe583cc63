interface Emitting<Events extends string> {
  on(name: Events, listener: (...args: never[]) => void): unknown;
}

const LOCAL = [
  'LocalInvitationReceivedByPeer',
  'LocalInvitationAccepted',
  'LocalInvitationRefused',
  'LocalInvitationCanceled',
  'LocalInvitationFailure',
] as const;

const REMOTE = [
  'RemoteInvitationAccepted',
  'RemoteInvitationRefused',
  'RemoteInvitationCanceled',
  'RemoteInvitationFailure',
] as const;

const CLIENT = [
  'ConnectionStateChanged',
  'MessageFromPeer',
  'RemoteInvitationReceived',
  'PeersOnlineStatusChanged',
  'TokenExpired',
  'TokenPrivilegeWillExpire',
  'TokenWillExpired',
  'TokenDidExpired',
] as const;

const CHANNEL = [
  'ChannelMessage',
  'MemberJoined',
  'MemberLeft',
  'MemberCountUpdated',
  'AttributesUpdated',
] as const;

/** Everything that an object tells from now on: each event as its name and what it was told with. */
export function toldBy(emitter: object): unknown[][] {
  const told: unknown[][] = [];
  for (const name of [...LOCAL, ...REMOTE, ...CLIENT, ...CHANNEL]) {
    const listener = (...args: never[]) => void told.push([name, ...args]);
    (emitter as Emitting<typeof name>).on(name, listener);
  }
  return told;
}
