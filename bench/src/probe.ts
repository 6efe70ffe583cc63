import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { answerParent } from './ask.ts';

/** Loaded into a measured process before its program: tells what that uses. */
const service = {
  /** User and system time of all threads so far, microseconds. */
  cpu: (): number => {
    const { user, system } = process.cpuUsage();
    return user + system;
  },
  /** Resident bytes once garbage is collected. */
  memory: async (): Promise<number> => {
    for (let i = 0; i < 3; i++) {
      globalThis.gc?.();
      await sleep(200);
    }
    return process.memoryUsage.rss();
  },
  /** Transactions that SQLite has committed so far. */
  commits: (): number => commits,
};
export type ProbeService = typeof service;

let commits = 0;
DatabaseSync.prototype.exec = new Proxy(Reflect.get(DatabaseSync.prototype, 'exec'), {
  apply: (exec, database, args: [string]) => {
    if (args[0] === 'COMMIT') commits++;
    Reflect.apply(exec, database, args);
  },
});

answerParent(service);
