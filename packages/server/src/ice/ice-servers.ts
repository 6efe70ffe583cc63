import { createHmac } from 'node:crypto';
import type { IceConfig, IceServer, Preconnect, UserId } from '@ringline/protocol';
import type { Clock } from '../clock.ts';

/** What the operator says of STUN, TURN and the addresses that may be shown. */
export interface IceSettings {
  readonly stunUrls: readonly string[];
  /** Undefined where there is no TURN. */
  readonly turn?: TurnSettings;
  readonly relayOnly: boolean;
  readonly preconnect: Preconnect;
}

/** A TURN server that shares a secret with this one. */
export interface TurnSettings {
  readonly urls: readonly string[];
  readonly secret: string;
  /** How long a credential may be used to begin relaying. */
  readonly ttlSeconds: number;
}

/** The ICE servers of one user's devices, with credentials made for it now. */
export type IceServersOf = (user: UserId) => IceConfig;

/** A server that knows neither STUN nor TURN: devices reach each other by themselves, or not. */
export const NO_ICE_SERVERS: IceServersOf = () => ({
  servers: [],
  relayOnly: false,
  preconnect: 'off',
});

/** Gives out ICE servers by these settings. */
export function iceServers(settings: IceSettings, clock: Clock): IceServersOf {
  const { stunUrls, turn, relayOnly, preconnect } = settings;
  const stun: IceServer[] = stunUrls.length > 0 ? [{ urls: stunUrls }] : [];
  const policy = { relayOnly, preconnect };
  if (turn === undefined) return () => ({ servers: stun, ...policy });
  const expiresMs = turn.ttlSeconds * 1000;
  return (user) => ({
    servers: [...stun, { urls: turn.urls, ...credentialOf(user, turn, clock.now() + expiresMs) }],
    expiresMs,
    ...policy,
  });
}

/**
 * A credential that the TURN server can check without knowing the user
 * (draft-uberti-behave-turn-rest-00 §2.2). The user is encoded: a colon ends the expiry, and TURN
 * servers differ over other letters than ASCII.
 */
function credentialOf(user: UserId, { secret }: TurnSettings, expiresAt: number) {
  const username = `${Math.floor(expiresAt / 1000)}:${encodeURIComponent(user)}`;
  return { username, credential: createHmac('sha1', secret).update(username).digest('base64') };
}
