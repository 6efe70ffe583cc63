import { publicKey } from '../auth/keys.ts';
import type { VerificationKey } from '../auth/keys.ts';
import { iceFlaws, iceSettingsOf } from './ice.ts';
import type { CallPolicy } from '../calls/call-policy.ts';
import { flawsTogether } from './check.ts';
import type { Problem } from './check.ts';
import type { Config, DrainSettings, LoadedConfig } from './config.ts';
import { DRAIN_SPREAD_MS as DEFAULT_SPREAD_MS } from '../gateway/gateway.ts';
import { givenFor } from './given.ts';
import type { ConfigSources } from './given.ts';
import { natsFlaws, natsSettingsOf } from './nats.ts';
import { preCallFlaws, preCallSettingsOf } from './pre-call.ts';
import { MODES, SETTINGS, SETTING_NAMES } from './settings.ts';
import { callRetentionOf, deviceRetentionOf, retentionFlaws, retentionOf } from './retention.ts';
import { voiceFlaws, voiceSettingsOf } from './voice.ts';
import { configuredEndpoints, webhookSettingsOf } from './webhooks.ts';
import type { Mode, Setting, SettingName, SettingValues } from './settings.ts';

/** Reads and checks every setting; reports all problems at once, each saying what to mend. */
export function loadConfig(sources: ConfigSources): LoadedConfig {
  const problems: Problem[] = [];
  const mode = MODES.find((word) => word === givenFor('MODE', sources, 'development').text);
  const { values, called } = readSettings(sources, mode ?? 'production', problems);
  const key = readPublicKey(values, sources.readFile, problems);
  const endpoints = configuredEndpoints(values, sources.readFile, problems);
  problems.push(...voiceFlaws(values), ...preCallFlaws(values), ...natsFlaws(values));
  problems.push(...retentionFlaws(values));
  // Which rules hold is not known before the mode is.
  if (mode) problems.push(...flawsTogether(mode, values), ...iceFlaws(mode, values));
  if (mode && problems.length === 0) {
    const webhooks = webhookSettingsOf(values, endpoints);
    return { ok: true, config: { ...configOf(mode, values, key), webhooks } };
  }
  return { ok: false, problems: onePerSetting(problems, called) };
}

/** What the settings say, and what problems call each. */
interface Read {
  readonly values: SettingValues;
  readonly called: ReadonlyMap<SettingName, string>;
}

function readSettings(sources: ConfigSources, mode: Mode, problems: Problem[]): Read {
  const called = new Map<SettingName, string>();
  const entries = SETTING_NAMES.map((name) => {
    const given = givenFor(name, sources, mode);
    called.set(name, given.called);
    if (given.flaw !== undefined) problems.push({ name, flaw: given.flaw });
    if (given.text === undefined) return [name, undefined];
    const setting: Setting<unknown> = SETTINGS[name];
    const reading = setting.read(given.text);
    if ('value' in reading) return [name, reading.value];
    problems.push({ name, flaw: reading.flaw });
    return [name, undefined];
  });
  return { values: Object.fromEntries(entries) as SettingValues, called };
}

function readPublicKey(
  { TOKEN_PUBLIC_KEY: inline, TOKEN_PUBLIC_KEY_FILE: path }: SettingValues,
  readFile: ConfigSources['readFile'],
  problems: Problem[],
): VerificationKey | undefined {
  const name = inline === undefined ? 'TOKEN_PUBLIC_KEY_FILE' : 'TOKEN_PUBLIC_KEY';
  const pem = inline?.replaceAll('\\n', '\n') ?? textIn(path, readFile);
  if (pem === undefined && path === undefined) return undefined;
  const key =
    pem === undefined ? { flaw: `names “${path}”, which cannot be read` } : publicKey(pem);
  if (!('flaw' in key)) return key;
  problems.push({ name, flaw: key.flaw });
  return undefined;
}

function textIn(path: string | undefined, readFile: ConfigSources['readFile']): string | undefined {
  try {
    return path === undefined ? undefined : readFile(path);
  } catch {
    return undefined;
  }
}

/** The first problem of a setting hides what follows from it. */
function onePerSetting(
  problems: readonly Problem[],
  called: ReadonlyMap<SettingName, string>,
): string[] {
  const first = new Map<SettingName, string>();
  for (const { name, flaw } of problems) {
    if (!first.has(name)) first.set(name, `${called.get(name) ?? name} ${flaw}`);
  }
  return [...first.values()];
}

/** The fallbacks only satisfy the types: what has a default has a value, or a problem was met. */
function configOf(
  mode: Mode,
  values: SettingValues,
  key: VerificationKey | undefined,
): Omit<Config, 'webhooks'> {
  const { TOKEN_AUDIENCE: audience, TOKEN_ISSUER: issuer } = values;
  const voice = voiceSettingsOf(values);
  const preCall = preCallSettingsOf(values);
  return {
    mode,
    host: values.HOST ?? '127.0.0.1',
    port: values.PORT ?? 8080,
    dataDir: values.DATA_DIR ?? './data',
    ...(values.DATABASE_URL !== undefined && { databaseUrl: values.DATABASE_URL }),
    tokens: {
      secrets: values.TOKEN_SECRET ?? [],
      ...(key && { publicKey: key }),
      ...(audience !== undefined && { audience }),
      ...(issuer !== undefined && { issuer }),
    },
    allowedOrigins: values.ALLOWED_ORIGINS ?? [],
    ice: iceSettingsOf(values),
    policy: policyOf(values),
    retention: retentionOf(values),
    callRetention: callRetentionOf(values),
    deviceRetention: deviceRetentionOf(values),
    ...(preCall && { preCall }),
    ...(voice && { voice }),
    ...natsSettingsOf(values),
    hasRingback: values.RINGBACK === 'on',
    apiKeys: values.API_KEYS ?? [],
    allowedAddresses: values.OUTBOUND_ALLOW ?? [],
    maxConnections: values.MAX_CONNECTIONS ?? 10_000,
    drain: drainOf(values),
    logLevel: values.LOG_LEVEL ?? 'info',
  };
}

function drainOf({ DRAIN_NOTICE_MS, DRAIN_SPREAD_MS }: SettingValues): DrainSettings {
  return { noticeMs: DRAIN_NOTICE_MS ?? 0, spreadMs: DRAIN_SPREAD_MS ?? DEFAULT_SPREAD_MS };
}

function policyOf(values: SettingValues): CallPolicy {
  const { HOLD, ADD_VIDEO, CALL_WAITING, ANNOUNCEMENTS, READ_RECEIPTS, VOICE } = values;
  return {
    hold: HOLD !== 'off',
    addVideo: ADD_VIDEO !== 'off',
    callWaiting: CALL_WAITING !== 'off',
    // What nobody can say is not promised.
    announcements: ANNOUNCEMENTS !== 'off' && VOICE !== 'off',
    readReceipts: READ_RECEIPTS !== 'off',
    recordMessages: values.RECORD_MESSAGES !== 'off',
    directory: values.DIRECTORY !== 'off',
    presence: values.PRESENCE !== 'off',
    rtm: values.RTM !== 'off',
  };
}
