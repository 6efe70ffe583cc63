import { isIP } from 'node:net';
import { addressGuard } from '../outbound/addresses.ts';
import { flawOfWebhookSecret } from '../outbound/standard-webhooks.ts';
import { flawOfUrl, hostOf } from '../outbound/url.ts';
import { DEFAULT_PRE_CALL_TIMEOUT_MS } from '../pre-call/limits.ts';
import type { PreCallSettings } from '../pre-call/pre-call.ts';
import type { Problem } from './check.ts';
import type { Reader } from './readers.ts';
import type { SettingValues } from './settings.ts';

/** The address of somebody's server. */
export const serverUrl: Reader<string> = (text) => read(text, flawOfUrl(text));

/** A secret of Standard Webhooks. */
export const webhookSecret: Reader<string> = (text) => read(text, flawOfWebhookSecret(text));

function read(text: string, flaw: string | undefined): ReturnType<Reader<string>> {
  return flaw === undefined ? { value: text } : { flaw };
}

/** What the settings of the question before a call say against each other. */
export function preCallFlaws(values: SettingValues): Problem[] {
  const { PRE_CALL_URL: url, PRE_CALL_SECRET: secrets = [] } = values;
  if (url === undefined) {
    const flaw = 'must be set with PRE_CALL_SECRET: https://app.example.com/before-call';
    return secrets.length > 0 ? [{ name: 'PRE_CALL_URL', flaw }] : [];
  }
  const flaws: Problem[] = [];
  if (secrets.length === 0) {
    const flaw = `must be set with PRE_CALL_URL; it ${flawOfWebhookSecret('') ?? ''}`;
    flaws.push({ name: 'PRE_CALL_SECRET', flaw });
  }
  const host = hostOf(new URL(url));
  const mayReach = addressGuard(values.OUTBOUND_ALLOW ?? []);
  if (isIP(host) > 0 && !mayReach(host)) {
    const flaw = `is at ${host}, which is not public; name that in OUTBOUND_ALLOW`;
    flaws.push({ name: 'PRE_CALL_URL', flaw });
  }
  return flaws;
}

/** The settings together, once nothing is wrong with them; undefined where nobody is asked. */
export function preCallSettingsOf(values: SettingValues): PreCallSettings | undefined {
  const { PRE_CALL_URL: url, PRE_CALL_SECRET: secrets = [] } = values;
  if (url === undefined) return undefined;
  return {
    url,
    secrets,
    timeoutMs: values.PRE_CALL_TIMEOUT_MS ?? DEFAULT_PRE_CALL_TIMEOUT_MS,
    byDefault: values.PRE_CALL_DEFAULT ?? 'deny',
  };
}
