/** A Ringline server to embed: a node and the ports that it needs. `ringline serve` is the whole program. */
export type * from './auth/authenticator.ts';
export type * from './clock.ts';
export type * from './cluster/bus.ts';
export { InProcessBus } from './cluster/in-process-bus.ts';
export type * from './gateway/socket.ts';
export type { Retention } from './inbox/retention.ts';
export { NO_ICE_SERVERS, iceServers } from './ice/ice-servers.ts';
export type * from './ice/ice-servers.ts';
export { openStore } from './compose.ts';
export { RinglineNode } from './node.ts';
export type { Surroundings } from './node.ts';
export type * from './observe/log.ts';
export type * from './observe/metrics.ts';
export { SILENT_VOICE } from './prompts/voice.ts';
export type * from './prompts/voice.ts';
export type * from './randomness.ts';
export * from './store/store.ts';
export { verify } from './verify/verify.ts';
