import type { Mode } from '../config/settings.ts';
import { isLoopback } from './loopback.ts';

/** Whether pages of this origin (RFC 6454 §6.2) may connect and read answers. */
export type AllowsOrigin = (origin: string) => boolean;

/** The configured origins, compared exactly; in development pages of this machine too. */
export function allowedOrigins(mode: Mode, origins: readonly string[]): AllowsOrigin {
  const allowed = new Set(origins);
  return (origin) => allowed.has(origin) || (mode === 'development' && isLoopbackOrigin(origin));
}

function isLoopbackOrigin(origin: string): boolean {
  if (!URL.canParse(origin)) return false;
  const { protocol, hostname } = new URL(origin);
  return ['http:', 'https:'].includes(protocol) && isLoopback(hostname);
}
