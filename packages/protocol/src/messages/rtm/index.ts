/** What pages that speak RTM say and hear beside everything else. */
export * from './attributes.ts';
export * from './from-device.ts';
export * from './from-server.ts';
export * from './invitation.ts';
export * from './message.ts';
