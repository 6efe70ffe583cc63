import type { VerificationKey } from '../auth/keys.ts';
import type { CallPolicy } from '../calls/call-policy.ts';
import type { Retention } from '../inbox/retention.ts';
import type { IceSettings } from '../ice/ice-servers.ts';
import type { NatsSettings } from '../cluster/nats-settings.ts';
import type { AllowedAddresses } from '../outbound/addresses.ts';
import type { PreCallSettings } from '../pre-call/pre-call.ts';
import type { CallRetentionLimits } from '../records/call-retention.ts';
import type { DeviceRetentionLimits } from '../registrar/device-retention.ts';
import type { VoiceSettings } from '../prompts/engine-voice.ts';
import type { Endpoint } from '../store/outbox.ts';
import type { LogLevel, Mode } from './settings.ts';

/** How tokens are signed and checked. */
export interface TokenConfig {
  /** The first signs, all verify; may be empty when there is a public key. */
  readonly secrets: readonly string[];
  readonly publicKey?: VerificationKey;
  readonly audience?: string;
  readonly issuer?: string;
}

/** Who is told what happens, as far as the configuration says it. */
export interface WebhookSettings {
  readonly endpoints: readonly Endpoint[];
  readonly keepMs: number;
}

/** How a server that is asked to stop lets go its devices, in milliseconds. */
export interface DrainSettings {
  /** From `/readyz` saying no until the first device is asked to go. */
  readonly noticeMs: number;
  /** From then until the last one is. */
  readonly spreadMs: number;
}

/** Everything the server is told at start, checked. */
export interface Config {
  readonly mode: Mode;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly dataDir: string;
  /** A PostgreSQL, with its password; absent: SQLite in `dataDir`. */
  readonly databaseUrl?: string;
  readonly tokens: TokenConfig;
  readonly allowedOrigins: readonly string[];
  readonly ice: IceSettings;
  /** What users may do, and what is told of them. */
  readonly policy: CallPolicy;
  /** How much of inboxes is kept. */
  readonly retention: Retention;
  /** How long calls that are over are kept, and their logs. */
  readonly callRetention: CallRetentionLimits;
  /** How long devices that are gone are known. */
  readonly deviceRetention: DeviceRetentionLimits;
  /** Absent: nobody is asked before a call. */
  readonly preCall?: PreCallSettings;
  /** Absent: the server itself plays nothing. */
  readonly voice?: VoiceSettings;
  /** Whether a caller hears the server's ringing tone. */
  readonly hasRingback: boolean;
  /** Keys of operators; without one nobody is. */
  readonly apiKeys: readonly string[];
  readonly webhooks: WebhookSettings;
  /** What may be reached besides public addresses. */
  readonly allowedAddresses: AllowedAddresses;
  /** What carries deliveries between nodes; absent: the database, or nothing. */
  readonly nats?: NatsSettings;
  readonly maxConnections: number;
  readonly drain: DrainSettings;
  readonly logLevel: LogLevel;
}

/** The configuration, or everything that is wrong with it. */
export type LoadedConfig =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly problems: readonly string[] };
