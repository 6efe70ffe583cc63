/** What a call is: the pure machine, without clock, randomness or I/O. */
export * from './call.ts';
export * from './command.ts';
export * from './countdown.ts';
export * from './deadline.ts';
export * from './decide.ts';
export * from './decision.ts';
export * from './events.ts';
export * from './fold.ts';
export * from './invariants.ts';
export * from './record.ts';
export * from './view.ts';
