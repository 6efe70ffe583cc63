import type { IceConfig } from '@ringline/protocol';
import type { IceSource } from '../../src/negotiation/ice.ts';

/** Host candidates only, and signalling that stands. */
export const PLAIN_ICE: IceSource = {
  configuration: () => ({ iceServers: [], iceTransportPolicy: 'all', bundlePolicy: 'max-bundle' }),
  canSignal: true,
  refresh: () => Promise.resolve(),
};

/** What a server with TURN says; `name` tells credentials apart. */
export function turn(name: string, more: Partial<IceConfig> = {}): IceConfig {
  return {
    servers: [{ urls: ['turn:turn.test'], username: name, credential: `secret of ${name}` }],
    expiresMs: 600_000,
    relayOnly: false,
    preconnect: 'relay',
    ...more,
  };
}
