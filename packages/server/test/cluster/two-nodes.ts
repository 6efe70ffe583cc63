import type { Bus } from '../../src/cluster/bus.ts';

/** The bus as two nodes have it. */
export interface TwoNodes {
  readonly a: Bus;
  readonly b: Bus;
  /** Resolves when what either has said and asked so far has come to the other. */
  readonly settled: () => Promise<void>;
}

/** How soon an unanswered question is put again: until a node listens it hears nothing. */
const AGAIN_MS = 20;

/** Joins two buses of one service; resolves when they hear each other. */
export async function twoNodes(a: Bus, b: Bus): Promise<TwoNodes> {
  const ways = [wayOf(a, b, 'to b'), wayOf(b, a, 'to a')];
  await Promise.all(ways.map((way) => way.untilOpen()));
  // There and back: what `a` said comes before the question, and what `b` asked for before its answer.
  const settled = async () => {
    for (const way of [...ways, ...ways]) await way.ask();
  };
  return { a, b, settled };
}

function wayOf(from: Bus, to: Bus, name: string) {
  const probe = `probe ${name}`;
  const waiting = new Map<string, () => void>();
  let asked = 0;
  to.subscribe(probe, (delivery) => {
    if (delivery.kind === 'rtm-heard') waiting.get(delivery.message)?.();
  });
  const ask = () => {
    const message = String(asked++);
    return new Promise<void>((resolve) => {
      waiting.set(message, resolve);
      from.publish({ kind: 'rtm-heard', to: probe, by: name, message });
    });
  };
  const untilOpen = async () => {
    for (;;) {
      const pause = new Promise((resolve) => setTimeout(resolve, AGAIN_MS, 'silent'));
      if ((await Promise.race([ask(), pause])) !== 'silent') return;
    }
  };
  return { ask, untilOpen };
}
