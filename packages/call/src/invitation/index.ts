/** Bare invitations, those of RTM: a machine of their own beside that of calls. */
export * from './command.ts';
export * from './deadline.ts';
export * from './decide.ts';
export * from './events.ts';
export * from './invariants.ts';
export * from './invitation.ts';
export * from './view.ts';
