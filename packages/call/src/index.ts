/** What a call is, and a bare invitation: the pure machines, without clock, randomness or I/O. */
export * from './call.ts';
export * from './command.ts';
export * from './countdown.ts';
export * from './deadline.ts';
export * from './decide.ts';
export * from './decision.ts';
export * from './events.ts';
export * from './fold.ts';
export * from './invariants.ts';
export * from './invitation/index.ts';
export * from './record.ts';
export * from './view.ts';
