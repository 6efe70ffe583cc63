export * from './clock.ts';
export { SeededRandomness } from './randomness.ts';
