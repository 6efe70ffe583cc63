import { MAX_ICE_URLS } from '@ringline/protocol';
import type { IceSettings } from '../ice/ice-servers.ts';
import type { Problem } from './check.ts';
import { DEFAULT_TURN_TTL_SECONDS } from './turn-ttl.ts';
import type { Mode, SettingValues } from './settings.ts';

/**
 * The shortest secret in production: every user holds credentials made with it, and may try at leisure
 * which secret makes them.
 */
export const MIN_TURN_SECRET_BYTES = 16;

/** What the settings of STUN and TURN say against each other. */
export function iceFlaws(mode: Mode, values: SettingValues): Problem[] {
  const flaws: Problem[] = [];
  const check = (isFlawed: boolean, name: Problem['name'], flaw: string) => {
    if (isFlawed) flaws.push({ name, flaw });
  };
  const { TURN_SECRET: secret, ICE_POLICY: policy, PRECONNECT: preconnect } = values;
  const hasTurn = (values.TURN_URLS ?? []).length > 0;
  check(
    hasTurn && secret === undefined,
    'TURN_SECRET',
    'must be set with TURN_URLS: it is what coturn calls static-auth-secret',
  );
  check(
    !hasTurn && secret !== undefined,
    'TURN_URLS',
    'must be set with TURN_SECRET: turn:turn.example.com',
  );
  check(
    mode === 'production' && isShort(secret),
    'TURN_SECRET',
    `needs ${MIN_TURN_SECRET_BYTES} bytes in production; make one with \`openssl rand -hex 32\``,
  );
  const needsTurn = 'is “relay”, which needs a TURN server: set TURN_URLS and TURN_SECRET';
  check(policy === 'relay' && !hasTurn, 'ICE_POLICY', needsTurn);
  check(preconnect === 'relay' && !hasTurn, 'PRECONNECT', needsTurn);
  check(
    policy === 'relay' && preconnect === 'direct',
    'PRECONNECT',
    'is “direct”, which shows the addresses that ICE_POLICY=relay hides; set “relay” or “off”',
  );
  for (const name of ['TURN_URLS', 'STUN_URLS'] as const) {
    const flaw = `names more than ${MAX_ICE_URLS} addresses; browsers ask each of them in every call`;
    check((values[name]?.length ?? 0) > MAX_ICE_URLS, name, flaw);
  }
  return flaws;
}

/** The settings together, once nothing is wrong with them. */
export function iceSettingsOf(values: SettingValues): IceSettings {
  const { TURN_URLS: urls = [] } = values;
  const { TURN_SECRET: secret = '', TURN_TTL_SECONDS: ttlSeconds = DEFAULT_TURN_TTL_SECONDS } =
    values;
  const hasTurn = urls.length > 0;
  return {
    stunUrls: values.STUN_URLS ?? [],
    ...(hasTurn && { turn: { urls, secret, ttlSeconds } }),
    relayOnly: values.ICE_POLICY === 'relay',
    preconnect: values.PRECONNECT ?? (hasTurn ? 'relay' : 'off'),
  };
}

function isShort(secret: string | undefined): boolean {
  return secret !== undefined && Buffer.byteLength(secret) < MIN_TURN_SECRET_BYTES;
}
