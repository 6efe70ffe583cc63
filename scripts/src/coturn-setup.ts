import { NO_COTURN, ensureCoturn } from './coturn.ts';

/** Gives the relay tests their coturn in `TURNSERVER_PATH`; without one they are not run, which a CI does not accept. */
export function setup(): void {
  const path = ensureCoturn();
  if (path !== undefined) process.env['TURNSERVER_PATH'] = path;
  else if (process.env['CI']) throw new Error(NO_COTURN);
}

/** Says at the end, where it is read, that tests were left out. */
export function teardown(): void {
  if (process.env['TURNSERVER_PATH']) return;
  console.error(`\nNOT RUN: the tests of calls through a TURN relay. ${NO_COTURN}\n`);
}
