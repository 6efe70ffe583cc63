import { describe, expect, test } from 'vitest';
import { MemoryStore } from '../../src/store/memory/store.ts';
import { commit, established, invitation, invited, stepOf } from './builders.ts';
import { storeContract } from './contract.ts';

describe('the store in memory', () => {
  storeContract(() => new MemoryStore());

  test('nobody can change what it holds', async () => {
    const store = new MemoryStore();
    const call = invited();
    await commit(store, invitation(call));
    const { calls, lines } = await store.load({ users: ['alice'] });
    expect(() => Object.assign(calls[0]!.caller, { name: 'Mallory' })).toThrow(TypeError);
    expect(() => (lines[0]!.calls as string[]).push('x')).toThrow(TypeError);
  });

  test('two nodes over one store race: what was loaded may have moved', async () => {
    const waiting: (() => void)[] = [];
    const slow = () => new Promise<void>((go) => waiting.push(go));
    const settleAll = async () => {
      for (let i = 0; i < 4; i++) {
        waiting.splice(0).forEach((go) => go());
        await Promise.resolve();
      }
    };
    const store = new MemoryStore(slow);
    const call = invited();
    const first = store.commit(stepOf({ calls: [call] }));
    await settleAll();
    await first;
    const loads = [
      store.load({ users: [], call: call.id }),
      store.load({ users: [], call: call.id }),
    ];
    await settleAll();
    const seen = await Promise.all(loads);
    expect(seen.map(({ calls }) => calls[0]?.version)).toEqual([1, 1]);
    const commits = seen.map(() => store.commit(stepOf({ calls: [established(call)] })));
    await settleAll();
    const moved = (await Promise.all(commits)).map((committed) => committed.moved);
    expect(moved).toEqual([true, false]);
  });
});
