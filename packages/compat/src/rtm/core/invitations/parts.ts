import type { Clock, UserId } from '@ringline/client';
import type { RequestBody } from '@ringline/client/extension';
import type { InvitationId } from '@ringline/protocol';
import type { CodeName, Dialect } from '../dialect.ts';
import { RtmError } from '../rtm-error.ts';

/** What an invitation needs of its door. */
export interface InvitationParts {
  readonly clock: Clock;
  readonly dialect: Dialect;
  /** Whether somebody is logged in. */
  isLoggedIn(): boolean;
  /** Whether there is a connection at this moment. */
  isConnected(): boolean;
  /** Whether this page is that device. */
  isOwnDevice(device: string | undefined): boolean;
  /** Says it, and again until the server takes it, while it is wanted; at most so long. Rejects with what the server says for good. */
  insist(
    build: () => RequestBody,
    isWanted: () => boolean,
    options?: { readonly withinMs?: number },
  ): Promise<unknown>;
  /** It was accepted, and may become a call. */
  accepted(invitation: { readonly id: InvitationId }): void;
  /** It was accepted, and becomes no call any more. */
  done(invitation: InvitationId): void;
  /** Tells the door of the callee that an accepted invitation is over. */
  hangUp(peer: UserId, invitation: InvitationId): void;
}

type CallError = Extract<CodeName, `INVITATION_API_CALL_ERR_${string}`>;

const WORDS: Readonly<Record<CallError, string>> = {
  INVITATION_API_CALL_ERR_INVALID_ARGUMENT: 'A property is not what it may be.',
  INVITATION_API_CALL_ERR_NOT_STARTED: 'It was not sent yet: call send() first.',
  INVITATION_API_CALL_ERR_ALREADY_END: 'It has ended: create a new one.',
  INVITATION_API_CALL_ERR_ALREADY_ACCEPT: 'It was accepted already: wait for the event.',
  INVITATION_API_CALL_ERR_ALREADY_SENT: 'It was sent already: create a new one for another.',
};

/** An error of a command on an invitation: `ALREADY_END` and the like. */
export function callError(
  { codes }: Dialect,
  name: 'INVALID_ARGUMENT' | 'NOT_STARTED' | 'ALREADY_END' | 'ALREADY_ACCEPT' | 'ALREADY_SENT',
  words?: string,
): RtmError {
  const code = `INVITATION_API_CALL_ERR_${name}` as const;
  return new RtmError(codes, code, words ?? WORDS[code]);
}
