export * from './calls.ts';
export * from './from-device.ts';
export * from './from-server.ts';
export * from './ice.ts';
export * from './inbox.ts';
export * from './quality.ts';
export * from './record.ts';
export * from './signal.ts';
