import type { PeerConnection, Stat } from '../media/media.ts';

/** What getStats says at one moment: totals since the connection began, and what was measured last. */
export interface Reading {
  /** Milliseconds of the clock. */
  readonly at: number;
  readonly audio: Stat;
  readonly video: Stat;
  /** What the other side says of the sound that it receives. */
  readonly remote: Stat;
  /** The path that is used. */
  readonly pair: Stat;
  readonly relayed: boolean | undefined;
}

const NOTHING: Stat = { type: '' };

/** Reads the statistics of a connection; undefined where there are none. */
export async function read(connection: PeerConnection, at: number): Promise<Reading | undefined> {
  const stats: Stat[] = [];
  try {
    (await connection.getStats?.())?.forEach((stat) => stats.push(stat));
  } catch {
    // Closed meanwhile.
  }
  return stats.length === 0 ? undefined : readingOf(stats, at);
}

/** Picks what counts; one audio and one video come in over a connection. */
export function readingOf(stats: readonly Stat[], at: number): Reading {
  const find = (type: string, kind?: string): Stat =>
    stats.find((stat) => stat.type === type && (kind === undefined || stat.kind === kind)) ??
    NOTHING;
  const byId = (id: string | undefined) => stats.find((stat) => stat.id === id && id !== undefined);
  // Firefox has no transport and says which pair is `selected` (webrtc-stats §8.8 names only the former).
  const pair =
    byId(find('transport').selectedCandidatePairId) ??
    stats.find(({ type, selected }) => type === 'candidate-pair' && selected) ??
    NOTHING;
  const ends = [byId(pair.localCandidateId), byId(pair.remoteCandidateId)];
  const types = ends.map((end) => end?.candidateType);
  return {
    at,
    audio: find('inbound-rtp', 'audio'),
    video: find('inbound-rtp', 'video'),
    remote: find('remote-inbound-rtp', 'audio'),
    pair,
    relayed: types.includes('relay') || (types.includes(undefined) ? undefined : false),
  };
}
