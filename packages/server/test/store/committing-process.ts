import { writeSync } from 'node:fs';
import { openSqliteStore } from '../../src/store/sqlite/store.ts';
import { bound, cancelled, invited, stepOf, textOf } from './builders.ts';

/*
 * Run as a process of its own with a file and a run's name: commits without end, and prints the
 * id of each message once its step is acknowledged, until it is killed.
 */
const [file = '', run = ''] = process.argv.slice(2);
const store = openSqliteStore(file);

async function commitForEver(user: string): Promise<void> {
  const by = { user, device: 'd' };
  for (let i = 1; ; i++) {
    const call = invited(by, 'bob', { id: `${run}-${user}-call-${i}`, roomId: roomIdOf(user, i) });
    const { version } = (await store.load({ users: [], actor: by })).actor ?? bound(by);
    await store.commit(stepOf({ calls: [call], devices: [bound(by, { version: version + 1 })] }));
    const over = cancelled(call);
    const message = { ...textOf(user, 'bob', over.id), id: `${run}-${user}-${i}` };
    await store.commit(stepOf({ calls: [over], records: [over.record], inbox: [message] }));
    writeSync(1, `${message.id}\n`);
  }
}

function roomIdOf(user: string, i: number): number {
  return (Number(run) * 100 + Number(user)) * 1_000_000 + i;
}

await Promise.all(Array.from({ length: 20 }, (_, i) => commitForEver(String(i))));
