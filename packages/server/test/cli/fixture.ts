import type { Config } from '../../src/config/config.ts';
import { MemoryStore } from '../../src/store/memory/store.ts';
import type { Running, World } from '../../src/cli/world.ts';

/** A world for commands that remembers what was printed and asked of it. */
export function testWorld(given: Partial<World> = {}) {
  const out: string[] = [];
  const err: string[] = [];
  const composed: Config[] = [];
  let closes = 0;
  const running: Running = { url: 'http://127.0.0.1:4711', close: async () => void closes++ };
  const world: World = {
    env: {},
    compose: async (config) => {
      composed.push(config);
      return running;
    },
    openStore: async () => new MemoryStore(),
    transferStore: async () => 0,
    readFile: (path) => {
      throw new Error(`ENOENT ${path}`);
    },
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
    now: () => Date.UTC(2026, 0, 1),
    stopAsked: () => Promise.resolve(),
    ...given,
  };
  return {
    world,
    composed,
    closes: () => closes,
    out: () => out.join('\n'),
    err: () => err.join('\n'),
  };
}
