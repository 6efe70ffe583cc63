/** What became of two peer connections of one page that may meet at the relay only. */
export interface RelayMeeting {
  /** Kinds of the candidates that were found, in no order: `relay` alone. */
  readonly kinds: readonly string[];
  /** Whether a message came through. */
  readonly hasMet: boolean;
  /** Kinds of the two candidates over which it went. */
  readonly pair: readonly (string | undefined)[];
}

/**
 * Joins two bare peer connections of this page that have the relay and need it not, and leaves them open;
 * the kinds of the two candidates over which they meet, once that is no way by the relay, or after a while.
 */
export type MeetBesideRelay = (servers: RTCIceServer[]) => Promise<RelayMeeting['pair']>;

/** Joins two bare peer connections of this page over the relay; no candidates: nothing met. */
export type MeetOverRelay = (servers: RTCIceServer[]) => Promise<RelayMeeting>;

declare global {
  interface Window {
    meetOverRelay: MeetOverRelay;
    meetBesideRelay: MeetBesideRelay;
  }
}

function gathered(connection: RTCPeerConnection): Promise<void> {
  return new Promise((resolve) => {
    connection.addEventListener('icegatheringstatechange', () => {
      if (connection.iceGatheringState === 'complete') resolve();
    });
  });
}

function kindsIn(connection: RTCPeerConnection): string[] {
  return [...(connection.localDescription?.sdp ?? '').matchAll(/ typ (\w+)/g)].flatMap(
    ([, kind]) => kind ?? [],
  );
}

async function negotiate(one: RTCPeerConnection, other: RTCPeerConnection): Promise<void> {
  const isOneDone = gathered(one);
  await one.setLocalDescription();
  await isOneDone;
  if (one.localDescription !== null) await other.setRemoteDescription(one.localDescription);
  const isOtherDone = gathered(other);
  await other.setLocalDescription();
  await isOtherDone;
  if (other.localDescription !== null) await one.setRemoteDescription(other.localDescription);
}

async function pairOf(connection: RTCPeerConnection): Promise<(string | undefined)[]> {
  const report = await connection.getStats();
  const stats = [
    ...(report as Map<string, RTCStats & Record<string, string | undefined>>).values(),
  ];
  const transport = stats.find(({ type }) => type === 'transport');
  const pair = stats.find(({ id }) => id === transport?.['selectedCandidatePairId']);
  return [pair?.['localCandidateId'], pair?.['remoteCandidateId']].map(
    (id) => stats.find((stat) => stat.id === id)?.['candidateType'],
  );
}

interface Two {
  readonly one: RTCPeerConnection;
  readonly other: RTCPeerConnection;
  readonly channel: RTCDataChannel;
  /** A message came through. */
  readonly greeting: Promise<boolean>;
}

async function two(configuration: RTCConfiguration): Promise<Two> {
  const one = new RTCPeerConnection(configuration);
  const other = new RTCPeerConnection(configuration);
  const channel = one.createDataChannel('greeting');
  const greeting = new Promise<boolean>((resolve) => {
    other.addEventListener('datachannel', () => resolve(true));
  });
  await negotiate(one, other);
  return { one, other, channel, greeting };
}

/** The better way may be found after one by the relay. */
const BETTER_WITHIN_MS = 30_000;

window.meetBesideRelay = async (iceServers) => {
  const { one, greeting } = await two({ iceServers });
  await greeting;
  const until = performance.now() + BETTER_WITHIN_MS;
  let pair = await pairOf(one);
  while (pair.includes('relay') && performance.now() < until) {
    await new Promise((resolve) => void setTimeout(resolve, 100));
    pair = await pairOf(one);
  }
  return pair;
};

window.meetOverRelay = async (iceServers) => {
  const { one, other, channel, greeting } = await two({
    iceServers,
    iceTransportPolicy: 'relay',
  });
  const kinds = [...kindsIn(one), ...kindsIn(other)];
  const hasMet = kinds.length > 0 && (await greeting);
  const pair = hasMet ? await pairOf(one) : [];
  channel.close();
  for (const connection of [one, other]) connection.close();
  return { kinds, hasMet, pair };
};
