import { stunUrl, turnUrl } from './ice-urls.ts';
import { PRECONNECT } from '@ringline/protocol';
import { anyText, databaseUrl, ipAddress, listOf, oneOf, origin, wholeNumber } from './readers.ts';
import { apiKey } from './api-key.ts';
import { natsPrefix, natsUrl } from './nats.ts';
import { allowedAddresses } from './outbound.ts';
import { serverUrl, webhookSecret } from './pre-call.ts';
import { RETENTION_SETTINGS } from './retention.ts';
import { DEFAULT_TURN_TTL_SECONDS, turnTtl } from './turn-ttl.ts';
import type { Reader } from './readers.ts';
import {
  DEFAULT_PRE_CALL_TIMEOUT_MS,
  MAX_PRE_CALL_TIMEOUT_MS,
  MIN_PRE_CALL_TIMEOUT_MS,
} from '../pre-call/limits.ts';
import { DRAIN_SPREAD_MS } from '../gateway/gateway.ts';
import { PRE_CALL_DEFAULTS } from '../pre-call/pre-call.ts';

/** Development needs no configuration and serves this machine only; production takes nothing for granted. */
export const MODES = ['development', 'production'] as const;
export type Mode = (typeof MODES)[number];

/** How much is logged, least last. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Known to everybody who reads this file, and therefore refused in production. */
export const DEVELOPMENT_SECRET = 'ringline-development-secret-known-to-everybody';

/** One setting: the environment variable of its name, and the flag `--name` in small letters. */
export interface Setting<T> {
  /** Text taken when neither flag nor variable is set; absent where there is none. */
  readonly default: { readonly [mode in Mode]?: string };
  readonly meaning: string;
  readonly read: Reader<T>;
  /** Holds what nobody else may see, and may stand in a file that `<name>_FILE` names. */
  readonly isSecret?: true;
}

/** Whether media may go straight from device to device, or over TURN only. */
export const ICE_POLICIES = ['all', 'relay'] as const;

/** Whether something is permitted. */
export const SWITCH = ['on', 'off'] as const;

/**
 * Fixed, so that a firewall can name it, and under 32768: from there on Linux gives ports to whoever asks for
 * any. Kubernetes can map it to the same number (30000–32767). In development nobody has to know it.
 */
const DEFAULT_VOICE_PORT = '30000';

/** An hour: nobody waits longer for a restart. */
const MAX_DRAIN_MS = 3_600_000;

const inBoth = (text: string) => ({ development: text, production: text });

/** Every setting; `--help`, `docs/configuration.md` and the checks at start are made from it. */
export const SETTINGS = {
  MODE: {
    default: inBoth('development'),
    meaning: '`development` needs no configuration and serves this machine only; `production`.',
    read: oneOf(MODES),
  },
  HOST: {
    default: { development: '127.0.0.1', production: '0.0.0.0' },
    meaning: 'Address to listen on. In development it must be a loopback address.',
    read: anyText,
  },
  PORT: {
    default: inBoth('8080'),
    meaning: 'TCP port to listen on; 0 takes a free one.',
    read: wholeNumber(0, 65_535),
  },
  DATA_DIR: {
    default: inBoth('./data'),
    meaning: 'Folder of the database; made when missing. Back this up.',
    read: anyText,
  },
  DATABASE_URL: {
    default: {},
    meaning:
      'PostgreSQL that keeps everything instead of a file in DATA_DIR, as in `postgres://ringline:password@db.example.com:5432/ringline`; any number of servers may share it. See `docs/postgresql.md`.',
    read: databaseUrl,
    isSecret: true,
  },
  TOKEN_SECRET: {
    default: { development: DEVELOPMENT_SECRET },
    meaning:
      'Secret that signs tokens (HS256), in production at least 32 bytes. Several, separated by commas, rotate it: the first signs, all verify.',
    read: listOf(anyText),
    isSecret: true,
  },
  TOKEN_PUBLIC_KEY: {
    default: {},
    meaning:
      'Public key (PEM) of tokens that your backend signs: Ed25519 (EdDSA), P-256 (ES256) or RSA (RS256). `\\n` may stand for line breaks.',
    read: anyText,
  },
  TOKEN_PUBLIC_KEY_FILE: {
    default: {},
    meaning: 'File that holds the public key, instead of TOKEN_PUBLIC_KEY.',
    read: anyText,
  },
  TOKEN_AUDIENCE: {
    default: {},
    meaning: 'When set, the `aud` of every token must contain it.',
    read: anyText,
  },
  TOKEN_ISSUER: {
    default: {},
    meaning: 'When set, the `iss` of every token must equal it.',
    read: anyText,
  },
  ALLOWED_ORIGINS: {
    default: {},
    meaning:
      'Origins of the pages that may connect, separated by commas, as in `https://app.example.com`. Required in production; in development pages of this machine may always.',
    read: listOf(origin),
  },
  TURN_URLS: {
    default: {},
    meaning:
      'Addresses of your TURN server, separated by commas, as in `turn:turn.example.com,turns:turn.example.com:443?transport=tcp`. How to run one: `docs/turn.md`.',
    read: listOf(turnUrl),
  },
  TURN_SECRET: {
    default: {},
    meaning: 'The secret that the TURN server knows too: `static-auth-secret` of coturn.',
    read: anyText,
    isSecret: true,
  },
  TURN_TTL_SECONDS: {
    default: inBoth(String(DEFAULT_TURN_TTL_SECONDS)),
    meaning:
      'How long a TURN credential may be used to begin relaying. Devices renew theirs in time; what is relayed already goes on.',
    read: turnTtl,
  },
  STUN_URLS: {
    default: {},
    meaning:
      'Addresses of STUN servers, separated by commas, as in `stun:turn.example.com`. Not needed beside TURN, which does it as well.',
    read: listOf(stunUrl),
  },
  ICE_POLICY: {
    default: inBoth('all'),
    meaning:
      '`all`; `relay` sends all media over TURN, so that no user learns the address of another.',
    read: oneOf(ICE_POLICIES),
  },
  PRECONNECT: {
    default: {},
    meaning:
      'What is connected while it rings, so that answering is instant: `relay` over TURN only, which shows no addresses; `direct` everything, which shows a callee’s address to whoever calls; `off`. When not set, `relay` where there is TURN, else `off`.',
    read: oneOf(PRECONNECT),
  },
  HOLD: {
    default: inBoth('on'),
    meaning:
      '`off`: nobody may hold a call. A token with `hold: false` denies it to its user, an invitation with `holdable: false` to both parties of that call.',
    read: oneOf(SWITCH),
  },
  ADD_VIDEO: {
    default: inBoth('on'),
    meaning:
      '`off`: nobody may ask for a picture in a call that has none. A token with `addVideo: false` denies it to its user.',
    read: oneOf(SWITCH),
  },
  CALL_WAITING: {
    default: inBoth('on'),
    meaning:
      '`off`: whoever is in a call is busy. Else a page that says so takes a second call beside the first, which is held. A token with `callWaiting: false` denies it to its user.',
    read: oneOf(SWITCH),
  },
  ANNOUNCEMENTS: {
    default: inBoth('on'),
    meaning:
      '`off`: no voice tells a caller that the other side is busy, refused, did not answer or cannot be reached. A token with `announcements: false` turns it off for those who call its user.',
    read: oneOf(SWITCH),
  },
  READ_RECEIPTS: {
    default: inBoth('on'),
    meaning:
      '`off`: nobody is told what others have read, only what has come to one of their devices. A token with `readReceipts: false` turns it off for what its user reads.',
    read: oneOf(SWITCH),
  },
  DIRECTORY: {
    default: inBoth('on'),
    meaning:
      '`off`: nobody may list the users that the server has seen, as any user may else. A token with `directory: false` denies it to its user.',
    read: oneOf(SWITCH),
  },
  PRESENCE: {
    default: inBoth('on'),
    meaning:
      '`off`: nobody is told who is there and when others were seen last, as any user is else of anybody. A token with `presence: false` denies it to its user. What RTM shows all the same: `docs/migrate/rtm.md`.',
    read: oneOf(SWITCH),
  },
  RTM: {
    default: inBoth('on'),
    meaning:
      '`off`: no page may speak RTM, as one of `@ringline/compat` does, so that users send each other neither bare invitations nor its messages. A token with `rtm: false` denies it to its user. Who is kept apart by `PRE_CALL_URL` is asked about for bare invitations too, and not for messages.',
    read: oneOf(SWITCH),
  },
  ...RETENTION_SETTINGS,
  VOICE: {
    default: inBoth('on'),
    meaning:
      '`off`: the server itself plays nothing, and apps play tones of their own. See `docs/voice.md`.',
    read: oneOf(SWITCH),
  },
  VOICE_PORT: {
    default: { development: '0', production: DEFAULT_VOICE_PORT },
    meaning:
      'The one UDP port over which the server’s voice is heard; 0 takes a free one. Open it in firewalls, and map it to the same number.',
    read: wholeNumber(0, 65_535),
  },
  PUBLIC_IP: {
    default: {},
    meaning:
      'Address at which devices reach VOICE_PORT, behind NAT and in containers; one IPv4 and one IPv6 address may be given, separated by a comma. When not set, the addresses of this machine.',
    read: listOf(ipAddress),
  },
  VOICE_LISTENERS: {
    default: inBoth('500'),
    meaning:
      'Most devices that hear the server’s voice at once; apps of further ones play tones of their own. 500 take up to half a processor core.',
    read: wholeNumber(1, 5_000),
  },
  PROMPTS_DIR: {
    default: {},
    meaning:
      'Folder with sounds of your own, as in `hold.opus` and `zh/busy.opus`. What is not there is ours.',
    read: anyText,
  },
  RINGBACK: {
    default: inBoth('off'),
    meaning:
      '`on`: a caller hears the server’s ringing tone, or the music in PROMPTS_DIR, while it rings. Else apps play one of their own.',
    read: oneOf(SWITCH),
  },
  ANNOUNCEMENT_PLAYS: {
    default: inBoth('3'),
    meaning: 'How often an announcement is played before it ends by itself.',
    read: wholeNumber(1, 10),
  },
  RECORD_MESSAGES: {
    default: inBoth('on'),
    meaning:
      '`off`: records are kept and listed, and not put into inboxes as messages. A token with `recordMessages: false` denies it to its user, an invitation with `recordMessage: false` to both parties of that call.',
    read: oneOf(SWITCH),
  },
  API_KEYS: {
    default: {},
    meaning:
      'Keys of operators for the REST API of webhooks, separated by commas, at least 32 bytes each; any of them is taken. Without one that part of the API is closed.',
    read: listOf(apiKey),
    isSecret: true,
  },
  WEBHOOKS_FILE: {
    default: {},
    meaning:
      'File (JSON) of the endpoints that are told what happens: `docs/webhooks.md`. Others may be added over REST.',
    read: anyText,
  },
  WEBHOOK_KEEP_DAYS: {
    default: inBoth('7'),
    meaning: 'How long webhooks can be looked at and sent again, in days.',
    read: wholeNumber(1, 90),
  },
  PRE_CALL_URL: {
    default: {},
    meaning:
      'Address of your server that is asked before each call, and may allow, deny or alter it. See `docs/pre-call.md`.',
    read: serverUrl,
  },
  PRE_CALL_SECRET: {
    default: {},
    meaning:
      'Secret that signs these questions, `whsec_` and base64. Several, separated by commas, rotate it: each signs.',
    read: listOf(webhookSecret),
    isSecret: true,
  },
  PRE_CALL_TIMEOUT_MS: {
    default: inBoth(String(DEFAULT_PRE_CALL_TIMEOUT_MS)),
    meaning: 'How long it may take; the caller hears nothing until then.',
    read: wholeNumber(MIN_PRE_CALL_TIMEOUT_MS, MAX_PRE_CALL_TIMEOUT_MS),
  },
  PRE_CALL_DEFAULT: {
    default: inBoth('deny'),
    meaning:
      'What becomes of a call when it does not answer, or answers what cannot be read: `deny`, or `allow`.',
    read: oneOf(PRE_CALL_DEFAULTS),
  },
  OUTBOUND_ALLOW: {
    default: { development: '127.0.0.0/8,::1' },
    meaning:
      'Addresses that are not public and that the server may send requests to nevertheless, separated by commas, as in `10.0.0.0/8,192.168.1.7`; `all`. All others are refused, so that nobody reaches your inner servers by a webhook.',
    read: allowedAddresses,
  },
  NATS_URL: {
    default: {},
    meaning:
      'NATS server that carries deliveries between nodes, as in `nats://name:password@nats.example.com:4222`; `tls://` for TLS, a name alone is a token (a CA of your own: NODE_EXTRA_CA_CERTS). Several of one cluster, separated by commas. When not set, PostgreSQL does it, if there is one.',
    read: listOf(natsUrl),
    isSecret: true,
  },
  NATS_PREFIX: {
    default: inBoth('ringline'),
    meaning:
      'First part of every NATS subject: a name of its own for each Ringline that shares a NATS. The account must be allowed to publish and subscribe to `ringline.>`.',
    read: natsPrefix,
  },
  MAX_CONNECTIONS: {
    default: inBoth('10000'),
    meaning: 'Most WebSocket connections at once; further ones are answered 503.',
    read: wholeNumber(1, 1_000_000),
  },
  DRAIN_NOTICE_MS: {
    default: inBoth('0'),
    meaning:
      'A server that is asked to stop says so at `/readyz` for so long before it asks its devices to go elsewhere: as long as your balancer takes to see it. 0 where there is no other server.',
    read: wholeNumber(0, MAX_DRAIN_MS),
  },
  DRAIN_SPREAD_MS: {
    default: inBoth(String(DRAIN_SPREAD_MS)),
    meaning:
      'Its devices are asked to go elsewhere one after the other, evenly over so long: as long as the other servers need for that many hellos. What stops the process must leave it both times and ten seconds.',
    read: wholeNumber(0, MAX_DRAIN_MS),
  },
  LOG_LEVEL: {
    default: inBoth('info'),
    meaning: '`debug`, `info`, `warn`, `error` or `silent`. Logs are JSON lines on standard error.',
    read: oneOf(LOG_LEVELS),
  },
} as const satisfies Readonly<Record<string, Setting<unknown>>>;

export type SettingName = keyof typeof SETTINGS;
export const SETTING_NAMES = Object.keys(SETTINGS) as readonly SettingName[];

/** Settings whose value may stand in a file. */
export type SecretName = {
  [K in SettingName]: (typeof SETTINGS)[K] extends { readonly isSecret: true } ? K : never;
}[SettingName];
export const SECRET_NAMES = SETTING_NAMES.filter(isSecret);

/** Whether the value of this setting may stand in a file. */
export function isSecret(name: SettingName): name is SecretName {
  return 'isSecret' in SETTINGS[name];
}

/** What a setting is set by: its own variable, or the one that names the file of a secret. */
export type Variable = SettingName | `${SecretName}_FILE`;

/** The variable that names the file of a secret: TOKEN_SECRET_FILE for TOKEN_SECRET. */
export function fileVariableOf(name: SecretName): Variable {
  return `${name}_FILE`;
}

type ValueOf<S> = S extends Setting<infer T> ? T : never;

/** What the settings say, each as its reader made it; undefined where nothing does. */
export type SettingValues = {
  readonly [K in SettingName]: ValueOf<(typeof SETTINGS)[K]> | undefined;
};

/** Every variable that the server knows. */
export const VARIABLES: readonly Variable[] = [
  ...SETTING_NAMES,
  ...SECRET_NAMES.map(fileVariableOf),
];

/** The flag of a variable: `--data-dir` for DATA_DIR. */
export function flagOf(name: Variable): string {
  return name.toLowerCase().replaceAll('_', '-');
}
