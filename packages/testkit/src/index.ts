export * from './clock.ts';
export { SeededRandomness } from './randomness.ts';
export type { WireWebSocket } from './wire/web-socket.ts';
export * from './wire/wire.ts';
