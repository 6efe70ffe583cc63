import type { Endpoint } from '../store/outbox.ts';
import { readEndpoints } from '../webhooks/endpoint-schema.ts';
import type { Problem } from './check.ts';
import type { WebhookSettings } from './config.ts';
import type { SettingValues } from './settings.ts';

const DAY_MS = 86_400_000;

/** The endpoints of WEBHOOKS_FILE; what is wrong with it goes to the problems. */
export function configuredEndpoints(
  { WEBHOOKS_FILE: path }: SettingValues,
  readFile: (path: string) => string,
  problems: Problem[],
): readonly Endpoint[] {
  if (path === undefined) return [];
  const name = 'WEBHOOKS_FILE';
  let text: string;
  try {
    text = readFile(path);
  } catch {
    problems.push({ name, flaw: `names “${path}”, which cannot be read` });
    return [];
  }
  const read = readEndpoints(text);
  if ('value' in read) return read.value;
  problems.push({ name, flaw: read.flaw });
  return [];
}

/** What the settings say of webhooks. */
export function webhookSettingsOf(
  values: SettingValues,
  endpoints: readonly Endpoint[],
): WebhookSettings {
  return { endpoints, keepMs: (values.WEBHOOK_KEEP_DAYS ?? 7) * DAY_MS };
}
