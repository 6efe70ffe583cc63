import { MAX_AVATAR_BYTES, MAX_NAME_BYTES, MAX_TOKEN_BYTES, flawOfId } from '@ringline/protocol';
import { checkFields, isText, isTruth, isWhole } from './checks.ts';
import type { Check } from './checks.ts';
import { ArgumentError } from './errors.ts';
import { DEFAULT_TOKEN_SECONDS, MAX_TOKEN_SECONDS } from './limits.ts';
import { signerOf } from './signer.ts';
import type { SigningKey } from './signer.ts';

/** What a token says. */
export interface TokenClaims {
  /** 1 to 64 bytes, as your application names its user. */
  readonly user: string;
  /** What peers are shown, at most 256 bytes. */
  readonly name?: string | undefined;
  /** Address of a picture, http or https, at most 2048 bytes. */
  readonly avatar?: string | undefined;
  /** How long the token lives; an hour unless given, a year at most. */
  readonly ttlSeconds?: number | undefined;
  /** False takes away: holding calls. */
  readonly hold?: boolean | undefined;
  /** False takes away: asking for a picture in a call that has none. */
  readonly addVideo?: boolean | undefined;
  /** False takes away: a second call. */
  readonly callWaiting?: boolean | undefined;
  /** False takes away: the voice that tells others why they do not reach this user. */
  readonly announcements?: boolean | undefined;
  /** False takes away: that others are told what this user has read. */
  readonly readReceipts?: boolean | undefined;
  /** False takes away: records of calls as messages. */
  readonly recordMessages?: boolean | undefined;
  /** False takes away: the list of users that the server has seen. */
  readonly directory?: boolean | undefined;
  /** False takes away: seeing who is there. */
  readonly presence?: boolean | undefined;
  /** False takes away: RTM. */
  readonly rtm?: boolean | undefined;
  /** What the server has as `TOKEN_AUDIENCE`. */
  readonly audience?: string | undefined;
  /** What the server has as `TOKEN_ISSUER`. */
  readonly issuer?: string | undefined;
  /** Epoch milliseconds; the clock of this machine unless given. */
  readonly now?: number | undefined;
}

/** What a token says, and by what it is signed. */
export type TokenOptions = TokenClaims & SigningKey;

/** A token for a user whom your backend has signed in. Throws an ArgumentError that names the field. */
export function mintToken(options: TokenOptions): string {
  const signer = signerOf(options);
  checkFields(options, CHECKS);
  if ((options.user as unknown) === undefined) throw new ArgumentError('user', 'is missing');
  const head = `${encoded({ alg: signer.algorithm, typ: 'JWT' })}.${encoded(payloadOf(options))}`;
  const token = `${head}.${signer.sign(head)}`;
  if (token.length <= MAX_TOKEN_BYTES) return token;
  throw new ArgumentError('token', `would be longer than ${MAX_TOKEN_BYTES} bytes`);
}

function payloadOf(options: TokenOptions): object {
  const { user, name, avatar, audience, issuer } = options;
  const { ttlSeconds = DEFAULT_TOKEN_SECONDS, now = Date.now() } = options;
  const iat = Math.floor(now / 1000);
  return {
    sub: user,
    name,
    avatar,
    ...Object.fromEntries(POLICY.map((claim) => [claim, options[claim]])),
    aud: audience,
    iss: issuer,
    iat,
    exp: iat + ttlSeconds,
  };
}

/** What a token may deny its user. */
const POLICY = [
  'hold',
  'addVideo',
  'callWaiting',
  'announcements',
  'readReceipts',
  'recordMessages',
  'directory',
  'presence',
  'rtm',
] as const satisfies readonly (keyof TokenClaims)[];

function encoded(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

const isWebAddress: Check = (value) => {
  const flaw = isText(MAX_AVATAR_BYTES)(value);
  if (flaw !== undefined) return flaw;
  const { protocol } = URL.canParse(String(value)) ? new URL(String(value)) : { protocol: '' };
  return ['https:', 'http:'].includes(protocol) ? undefined : 'must be an http or https address';
};

/** Keys are checked by who signs. */
const isChecked: Check = () => undefined;

const CHECKS: Readonly<Record<keyof TokenClaims | 'secret' | 'privateKey', Check>> = {
  secret: isChecked,
  privateKey: isChecked,
  user: (value) => (typeof value === 'string' ? flawOfId(value) : 'must be text'),
  name: isText(MAX_NAME_BYTES),
  avatar: isWebAddress,
  ttlSeconds: isWhole('seconds', 1, MAX_TOKEN_SECONDS),
  hold: isTruth,
  addVideo: isTruth,
  callWaiting: isTruth,
  announcements: isTruth,
  readReceipts: isTruth,
  recordMessages: isTruth,
  directory: isTruth,
  presence: isTruth,
  rtm: isTruth,
  audience: isText(MAX_TOKEN_BYTES),
  issuer: isText(MAX_TOKEN_BYTES),
  now: (value) => (Number.isFinite(value) ? undefined : 'must be epoch milliseconds'),
};
