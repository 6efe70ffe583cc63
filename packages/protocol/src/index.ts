/** What is said between devices and servers. This entry runs in browsers and carries no schema library. */
export * from './close-codes.ts';
export * from './codec.ts';
export * from './ids.ts';
export * from './limits.ts';
export * from './messages/index.ts';
export * from './reasons.ts';
export * from './refusals.ts';
export * from './text.ts';
export * from './version.ts';
