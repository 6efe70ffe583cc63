import { RinglineClient } from '@ringline/client';
import type { Surroundings } from '@ringline/server';
import { InProcessBus, RinglineNode } from '@ringline/server';
import { MemoryStore } from '@ringline/server/store/memory';
import { SeededRandomness, VirtualClock, Wire } from '@ringline/testkit';
import { expect, test } from 'vitest';
import { Counts, ErrorLog } from '../src/quiet.ts';

type Outbound = NonNullable<Surroundings['preCall']>['outbound'];

/** A customer's server that takes its time: it never answers. */
class Pondering implements Outbound {
  asked = 0;
  givenUp = 0;
  post({ signal }: Parameters<Outbound['post']>[0]): ReturnType<Outbound['post']> {
    this.asked++;
    return new Promise((_, reject) => {
      signal?.addEventListener('abort', () => {
        this.givenUp++;
        reject(signal.reason);
      });
    });
  }
  async close(): Promise<void> {}
}

/** One node that asks before each call, and SDKs that talk to it. */
class World {
  readonly clock = new VirtualClock();
  readonly store = new MemoryStore();
  readonly outbound = new Pondering();
  readonly #randomness = new SeededRandomness('taken back');
  readonly #log = new ErrorLog();
  readonly #node = new RinglineNode({
    authenticator: {
      verify: async (user) => {
        const identity = { peer: { user }, policy: {}, expiresAt: null };
        return { kind: 'valid', identity };
      },
    },
    bus: new InProcessBus(this.#log),
    clock: this.clock,
    log: this.#log,
    metrics: new Counts(),
    preCall: {
      outbound: this.outbound,
      settings: {
        url: 'https://app.example.com/before-call',
        secrets: [`whsec_${'a'.repeat(32)}`],
        timeoutMs: 4_000,
        byDefault: 'allow',
      },
    },
    randomness: this.#randomness,
    store: this.store,
    ownsStore: true,
  });

  start(): Promise<void> {
    return this.clock.untilSettled(this.#node.start());
  }

  async client(user: string): Promise<RinglineClient> {
    const client = new RinglineClient({
      url: 'ws://ringline.test',
      token: user,
      clock: this.clock,
      randomness: this.#randomness.fork(user),
      openSocket: (_, events) =>
        new Wire(this.clock, events, { accept: (socket) => this.#node.accept(socket) }).client,
      onWake: () => () => undefined,
      onNetworkChange: () => () => undefined,
      media: null,
    });
    await this.clock.untilSettled(client.connect());
    return client;
  }
}

test('a call that is aborted while the customer’s server is asked rings nowhere and leaves no record', async () => {
  const world = new World();
  await world.start();
  const alice = await world.client('alice');
  const bob = await world.client('bob');
  const rang: string[] = [];
  bob.on('incoming', ({ id }) => rang.push(id));

  const taken = new AbortController();
  const outcome = alice.call('bob', { signal: taken.signal }).catch((error: unknown) => error);
  await world.clock.advanceAsync(500);
  expect(world.outbound).toMatchObject({ asked: 1, givenUp: 0 });
  taken.abort(new Error('taken back'));
  // No time passes.
  expect(await outcome).toMatchObject({ message: 'taken back' });

  await world.clock.advanceAsync(10_000);
  expect(world.outbound).toMatchObject({ asked: 1, givenUp: 1 });
  expect([rang, alice.calls, bob.calls]).toEqual([[], [], []]);
  expect(await world.store.records({ user: 'bob', limit: 1 })).toEqual([]);
  expect(await world.store.inbox('alice', 0, 1)).toEqual([]);
});
