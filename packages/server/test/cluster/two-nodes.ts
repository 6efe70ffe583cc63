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
  return { a, b, settled: await joined([a, b]) };
}

/** Joins buses of one service; what it gives resolves when what each has said and asked so far has come to the others. */
export async function joined(buses: readonly Bus[]): Promise<() => Promise<void>> {
  const ways = buses.flatMap((from, i) =>
    buses.flatMap((to, j) => (from === to ? [] : [wayOf(from, to, `from ${i} to ${j}`)])),
  );
  await Promise.all(ways.map((way) => way.untilOpen()));
  // There and back: what one said comes before the question, and what another asked for before its answer.
  return async () => {
    for (let round = 0; round < 2; round++) await Promise.all(ways.map((way) => way.ask()));
  };
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
