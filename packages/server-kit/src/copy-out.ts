import { createHash } from 'node:crypto';
import { CallRecordError, readCopyOut } from '@ringline/protocol/netease';
import type { CopyOut } from '@ringline/protocol/netease';
import { ArgumentError, VerificationError } from './errors.ts';
import { bytesOf, checkAge, headerOf, isSame, optionalHeaderOf, textOf } from './request.ts';
import type { RequestHeaders } from './request.ts';

/** A copy-out as it came, and the secret of the app that it is for. */
export interface CopyOutRequest {
  readonly appSecret: string;
  readonly headers: RequestHeaders;
  /** The text or bytes before any parsing. */
  readonly body: string | Uint8Array;
  /** Epoch milliseconds; the clock of this machine unless given. */
  readonly now?: number;
  /** How old or new it may be; any age unless given, as the vendor asks for none. */
  readonly toleranceSeconds?: number;
}

/** A copy-out that is certainly of whoever has the secret. `id` stays when it is sent again: act on each id once. */
export type ReceivedCopyOut = CopyOut & { readonly id: string };

/**
 * What a copy-out in NetEase's form tells. Throws a VerificationError that says what is wrong. Never
 * answer a failure of your own with 500: for the sender that counts as delivered.
 */
export function verifyCopyOut(request: CopyOutRequest): ReceivedCopyOut {
  const { appSecret, headers, now = Date.now(), toleranceSeconds = Infinity } = request;
  if (appSecret === '') throw new ArgumentError('appSecret', 'is empty');
  const body = bytesOf(request.body);
  const curTime = headerOf(headers, 'CurTime');
  if (!/^\d{1,15}$/.test(curTime)) {
    throw new VerificationError('bad-header', 'CurTime', 'must be milliseconds since 1970');
  }
  // The digest is taken of what came; the header MD5 only repeats what the sender says of it.
  const md5 = createHash('md5').update(body).digest('hex');
  const expected = createHash('sha1').update(`${appSecret}${md5}${curTime}`).digest('hex');
  if (!isSame(headerOf(headers, 'CheckSum'), expected)) {
    throw new VerificationError('bad-signature', 'CheckSum', 'is not that of this body and secret');
  }
  checkAge('CurTime', Number(curTime), now, toleranceSeconds);
  const copyOut = read(textOf(body), optionalHeaderOf(headers, 'type'));
  return { ...copyOut, id: idOf(copyOut) ?? `body ${md5}` };
}

function read(text: string, type: string | undefined): CopyOut {
  try {
    return readCopyOut(text, type);
  } catch (cause) {
    if (!(cause instanceof CallRecordError)) throw cause;
    const { field, message } = cause;
    const flaw = message.slice(field.length + 2);
    throw new VerificationError('bad-body', field === 'record' ? 'body' : field, flaw, { cause });
  }
}

/** By what the same copy-out is known again; undefined where only its bytes tell. */
function idOf(copyOut: CopyOut): string | undefined {
  switch (copyOut.kind) {
    case 'record':
    case 'message': {
      const id = copyOut.message.serverId ?? copyOut.message.clientId;
      return id === null ? undefined : `message ${id}`;
    }
    case 'duration': {
      const { roomId, isRunning, seconds } = copyOut.duration;
      return `duration ${roomId}${isRunning ? ` at ${seconds}` : ''}`;
    }
    case 'room-start':
    case 'room-end':
      return `${copyOut.kind} ${copyOut.room.roomId}`;
    case 'check':
    case 'unknown':
      return undefined;
  }
}
