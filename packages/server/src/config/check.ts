import { isLoopback } from '../http/loopback.ts';
import { DEVELOPMENT_SECRET } from './settings.ts';
import type { Mode, SettingName, SettingValues } from './settings.ts';

/** What is wrong with one setting, continuing its name. */
export interface Problem {
  readonly name: SettingName;
  readonly flaw: string;
}

/** The shortest secret for HS256: as long as its hash (RFC 7518 §3.2). */
export const MIN_SECRET_BYTES = 32;

const HOW_TO_MAKE_ONE = 'make one with `openssl rand -base64 48`';

/** What the mode forbids, and what settings say against each other. */
export function flawsTogether(mode: Mode, values: SettingValues): Problem[] {
  const flaws = mode === 'production' ? productionFlaws(values) : developmentFlaws(values);
  const both = values.TOKEN_PUBLIC_KEY !== undefined && values.TOKEN_PUBLIC_KEY_FILE !== undefined;
  if (both)
    flaws.push({
      name: 'TOKEN_PUBLIC_KEY_FILE',
      flaw: 'and TOKEN_PUBLIC_KEY are both set; keep one',
    });
  return flaws;
}

function productionFlaws(values: SettingValues): Problem[] {
  const flaws: Problem[] = [];
  const flaw = secretFlaw(values);
  if (flaw !== undefined) flaws.push({ name: 'TOKEN_SECRET', flaw });
  if (!values.ALLOWED_ORIGINS?.length) {
    const advice = 'must list the origins of your pages in production: https://app.example.com';
    flaws.push({ name: 'ALLOWED_ORIGINS', flaw: advice });
  }
  return flaws;
}

function secretFlaw({
  TOKEN_SECRET: secrets = [],
  TOKEN_PUBLIC_KEY,
  TOKEN_PUBLIC_KEY_FILE,
}: SettingValues): string | undefined {
  if (secrets.includes(DEVELOPMENT_SECRET)) {
    return `is the one that everybody knows from the sources; ${HOW_TO_MAKE_ONE}`;
  }
  const short = secrets.find((secret) => Buffer.byteLength(secret) < MIN_SECRET_BYTES);
  if (short !== undefined) {
    return `has a secret of ${Buffer.byteLength(short)} bytes, needs ${MIN_SECRET_BYTES}; ${HOW_TO_MAKE_ONE}`;
  }
  const hasKey = TOKEN_PUBLIC_KEY !== undefined || TOKEN_PUBLIC_KEY_FILE !== undefined;
  if (secrets.length > 0 || hasKey) return undefined;
  return `must be set in production, or TOKEN_PUBLIC_KEY; ${HOW_TO_MAKE_ONE}`;
}

function developmentFlaws({ HOST = '', TOKEN_SECRET }: SettingValues): Problem[] {
  const flaws: Problem[] = [];
  if (!isLoopback(HOST)) {
    // Its secret is public and it gives anybody a token: nobody else may reach it.
    const flaw = `is “${HOST}”, but development mode serves this machine only; set MODE=production`;
    flaws.push({ name: 'HOST', flaw });
  }
  if (TOKEN_SECRET?.length === 0) flaws.push({ name: 'TOKEN_SECRET', flaw: 'holds no secret' });
  return flaws;
}
