import type { NatsSettings } from '../cluster/nats-settings.ts';
import type { Problem } from './check.ts';
import type { Reader } from './readers.ts';
import type { SettingValues } from './settings.ts';

/** One address of NATS_URL. */
export type NatsUrl = Omit<NatsSettings, 'servers' | 'prefix'> & { readonly server: string };

/** Words that may stand between the dots of a subject, and mean nothing to NATS. */
const PREFIX = /^[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*$/;
/** With the longest name of a user, escaped, a subject stays far below what a server takes (4 KB). */
export const MAX_NATS_PREFIX = 64;

/** An address of a NATS server; what is wrong with it is said without repeating it, for it may hold a password. */
export const natsUrl: Reader<NatsUrl> = (text) => {
  const url = /^(?:nats|tls):\/\/[^/?#]+\/?$/.test(text) ? urlOf(text) : undefined;
  const user = url && decoded(url.username);
  const password = url && decoded(url.password);
  if (!url || url.hostname === '' || user === undefined || password === undefined) return FLAW;
  if (user === '' && password !== '') return FLAW;
  return {
    value: {
      server: url.host,
      tls: url.protocol === 'tls:',
      ...(user !== '' && (password === '' ? { token: user } : { user, password })),
    },
  };
};

const FLAW = {
  flaw: 'must be addresses such as nats://nats.example.com:4222 or tls://name:password@nats.example.com:4222; in names and passwords write @, :, / and % as %40, %3A, %2F and %25',
};

function urlOf(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** The first part of every subject. */
export const natsPrefix: Reader<string> = (text) =>
  PREFIX.test(text) && text.length <= MAX_NATS_PREFIX
    ? { value: text }
    : {
        flaw: `must be letters, digits, _ and -, in parts with dots between, at most ${MAX_NATS_PREFIX} characters, is “${text}”`,
      };

/** What the settings of NATS say against each other. */
export function natsFlaws({ NATS_URL: urls }: SettingValues): Problem[] {
  if (urls === undefined) return [];
  if (urls.length === 0) return [{ name: 'NATS_URL', flaw: 'names no server' }];
  const ways = new Set(urls.map((url) => JSON.stringify({ ...url, server: '' })));
  if (ways.size === 1) return [];
  const flaw = 'must have the same scheme, name and password for all servers';
  return [{ name: 'NATS_URL', flaw }];
}

/** The settings together, once nothing is wrong with them; nothing without NATS. */
export function natsSettingsOf(values: SettingValues): { readonly nats?: NatsSettings } {
  const { NATS_URL: urls = [], NATS_PREFIX: prefix = 'ringline' } = values;
  const [first] = urls;
  if (first === undefined) return {};
  const { server: _first, ...way } = first;
  return { nats: { ...way, servers: urls.map(({ server }) => server), prefix } };
}
