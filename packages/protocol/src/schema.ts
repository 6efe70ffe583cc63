/** Schemas of everything that is said, on zod: for servers and tests, never for browsers. */
export * from './schema/decode.ts';
export { DEVICE_SCHEMAS } from './schema/from-device.ts';
export { SERVER_SCHEMAS } from './schema/from-server.ts';
export { DEVICE_EXAMPLES, SERVER_EXAMPLES } from './schema/examples.ts';
export * from './schema/describe.ts';
