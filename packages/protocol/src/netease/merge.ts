import { RECORD_STATUS } from '../messages/record.ts';
import type { ParsedCallRecord } from './record.ts';

/** Two producers' records of one completed call come within this of each other: what the vendor's newest program does. */
export const SAME_CALL_WITHIN_MS = 2_000;

/**
 * Records without those that tell of a call a second time, in the order given. The same message, and
 * the same room of the same two users with the same outcome, are one call. A completed call may come
 * from the caller's app and from the server, which name its room differently: what an app tells
 * within 2 s of the server, of the same type and from the same user to the same user, is the same
 * call, and the server's record stays. Time alone makes no two records one.
 */
export function mergeRecords<Each extends ParsedCallRecord>(records: readonly Each[]): Each[] {
  const unique = withoutRepeats(records);
  const servers = unique.filter((record) => producerOf(record) === 'server');
  return unique.filter(
    (record) =>
      producerOf(record) !== 'app' || !servers.some((server) => isSameCall(server, record)),
  );
}

function withoutRepeats<Each extends ParsedCallRecord>(records: readonly Each[]): Each[] {
  const seen = new Set<string>();
  return records.filter((record) => {
    const identities = identitiesOf(record);
    const isRepeat = identities.some((identity) => seen.has(identity));
    for (const identity of identities) seen.add(identity);
    return !isRepeat;
  });
}

/** All by which a record is known; a room alone is not enough, as apps may name rooms themselves. */
function identitiesOf({ message, roomId, status }: ParsedCallRecord): string[] {
  if (message === null) return [];
  const { serverId, clientId, from, to } = message;
  return [
    ...(serverId === null ? [] : [`server ${serverId}`]),
    ...(clientId === null ? [] : [`client ${clientId}`]),
    ...(roomId === null || from === null || to === null
      ? []
      : [JSON.stringify(['room', roomId, from, to, status])]),
  ];
}

/** Who wrote a record: the server names its room by a number, an app by the 32 hex digits of its signalling channel. */
function producerOf({ roomId, durations }: ParsedCallRecord): 'server' | 'app' | undefined {
  if (durations.some(({ isCaller }) => isCaller === true)) return 'server';
  if (roomId === null) return undefined;
  if (/^[0-9a-f]{32}$/i.test(roomId)) return 'app';
  return /^\d+$/.test(roomId) ? 'server' : undefined;
}

function isSameCall(server: ParsedCallRecord, app: ParsedCallRecord): boolean {
  const completed = completedCallOf(server);
  if (completed === undefined || completed !== completedCallOf(app)) return false;
  const apart = (server.message?.at ?? NaN) - (app.message?.at ?? NaN);
  return Math.abs(apart) <= SAME_CALL_WITHIN_MS;
}

/** What two records of one completed call have in common; undefined for any other outcome. */
function completedCallOf({ type, status, message }: ParsedCallRecord): string | undefined {
  const { from = null, to = null } = message ?? {};
  if (status !== RECORD_STATUS.completed || from === null || to === null) return undefined;
  return JSON.stringify([from, to, type]);
}
