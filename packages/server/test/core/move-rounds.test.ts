import { VirtualClock } from '@ringline/testkit';
import { expect, test } from 'vitest';
import {
  MOVES_PAGE,
  MoveRounds,
  PAGE_PAUSE_MS,
  PRESENCE_PAGE,
  PRESENCE_SWEEP_MS,
} from '../../src/presence/move-rounds.ts';
import { MemoryStore } from '../../src/store/memory/store.ts';
import type { Device, Move, Moves } from '../../src/store/store.ts';
import { MemoryLog } from '../observe/memory-log.ts';
import { bound, commit } from '../store/builders.ts';
import { Gate } from '../support/gate.ts';

/** In which some portions are read. */
const ENOUGH_MS = 8 * PAGE_PAUSE_MS;

const usersOf = (count: number) => Array.from({ length: count }, (_, i) => `user${i}`);

/** The users that are watched here, with what is known of each. */
class Watched {
  readonly known = new Map<string, number>();
  /** The readings, in order. */
  readonly read: (readonly string[])[] = [];
  readonly #store: MemoryStore;
  users: readonly string[];

  constructor(store: MemoryStore, users: readonly string[]) {
    this.#store = store;
    this.users = users;
  }

  rounds(clock: VirtualClock, store: Pick<MemoryStore, 'moves'>, log = new MemoryLog()) {
    const users = {
      count: () => this.users.length,
      all: () => this.users,
      unknown: (moves: readonly Move[]) =>
        moves
          .filter(({ user, move }) => this.users.includes(user) && this.known.get(user) !== move)
          .map(({ user }) => user),
      read: async (some: readonly string[]) => {
        this.read.push(some);
        for (const { user, move } of await this.#store.presence(some)) this.known.set(user, move);
      },
    };
    return new MoveRounds({ clock, log, store, users });
  }
}

/** Rounds over users who are all watched and known, and what of the store is asked. */
async function rounds(watched: readonly string[]) {
  const clock = new VirtualClock();
  const store = new MemoryStore();
  const gate = new Gate();
  const log = new MemoryLog();
  const here = new Watched(store, watched);
  const running = here.rounds(clock, gate.before(store), log);
  running.start();
  await clock.advanceAsync(PAGE_PAUSE_MS * Math.ceil(watched.length / PRESENCE_PAGE));
  const began = { read: [...here.read] };
  here.read.length = 0;
  gate.asked.clear();
  const devices = new Map<string, Device>();
  /** They come, and nobody here hears of it. */
  const come = (...users: readonly string[]) => {
    const changed = users.map((user) => {
      const version = (devices.get(user)?.version ?? 0) + 1;
      const binding = { incarnation: 'n1', connection: `c${version}`, boundAt: version };
      const device = bound({ user, device: 'd' }, { version, binding });
      devices.set(user, device);
      return device;
    });
    return clock.untilSettled(commit(store, { devices: changed }));
  };
  return { clock, store, gate, log, here, running, began, come };
}

test('[PRS14] a round reads who moved since the one before, and nobody whose move is known here', async () => {
  const { clock, gate, here, come } = await rounds(usersOf(9));
  await clock.advanceAsync(3 * PRESENCE_SWEEP_MS);
  expect([gate.asked.get('moves'), here.read]).toEqual([3, []]);
  await come('user3', 'user7', 'stranger');
  here.known.set('user7', 2);
  await clock.advanceAsync(PRESENCE_SWEEP_MS);
  expect(here.read).toEqual([['user3']]);
  await come('user3');
  await clock.advanceAsync(2 * PRESENCE_SWEEP_MS);
  expect(here.read).toEqual([['user3'], ['user3']]);
});

test('[PRS14] a move that becomes visible after later ones were read is found, though its number is lower', async () => {
  const clock = new VirtualClock();
  const store = new MemoryStore();
  const here = new Watched(store, usersOf(5));
  const pages: Moves[] = [
    { moves: [], horizon: 4 },
    { moves: [{ user: 'user1', move: 6 }], horizon: 4 },
    { moves: [{ user: 'user1', move: 5 }], horizon: 7 },
  ];
  const asked: number[] = [];
  const moves = ({ move }: Move) => {
    asked.push(move);
    return Promise.resolve(pages.shift() ?? { moves: [], horizon: 7 });
  };
  here.rounds(clock, { moves }).start();
  await clock.advanceAsync(0);
  here.read.length = 0;
  await clock.advanceAsync(PRESENCE_SWEEP_MS);
  here.known.set('user1', 6);
  await clock.advanceAsync(2 * PRESENCE_SWEEP_MS);
  expect(here.read).toEqual([['user1'], ['user1']]);
  expect(asked).toEqual([0, 4, 4, 7]);
});

test('[PRS15] the first round reads all, and so does one that finds as many moves as users are watched', async () => {
  const { clock, here, began, come } = await rounds(usersOf(3));
  expect(began.read).toEqual([usersOf(3)]);
  await come('user1', 'stranger');
  await clock.advanceAsync(PRESENCE_SWEEP_MS);
  expect(here.read).toEqual([['user1']]);
  await come('a', 'b', 'c', 'd');
  await clock.advanceAsync(PRESENCE_SWEEP_MS);
  expect(here.read).toEqual([['user1'], usersOf(3)]);
  await clock.advanceAsync(2 * PRESENCE_SWEEP_MS);
  expect(here.read).toHaveLength(2);
});

test('[PRS15] a store that went back to what it was before has all read, and goes on from there', async () => {
  const { clock, store, here, come } = await rounds(usersOf(4));
  await come('user1', 'user2');
  await clock.advanceAsync(PRESENCE_SWEEP_MS);
  here.read.length = 0;
  const before = store.moves.bind(store);
  store.moves = () => Promise.resolve({ moves: [], horizon: 1 });
  await clock.advanceAsync(PRESENCE_SWEEP_MS);
  expect(here.read).toEqual([usersOf(4)]);
  store.moves = before;
  await come('user3');
  here.read.length = 0;
  await clock.advanceAsync(PRESENCE_SWEEP_MS);
  expect(here.read).toEqual([['user3']]);
});

test('[PRS10] moves are read in portions of MOVES_PAGE, and where users stand in portions of PRESENCE_PAGE', async () => {
  const watched = usersOf(MOVES_PAGE + PRESENCE_PAGE + 1);
  const { clock, gate, here, began, come } = await rounds(watched);
  const portions = [500, 500, 500, 500, 500, 1];
  expect(began.read.map(({ length }) => length)).toEqual(portions);
  await clock.advanceAsync(PRESENCE_SWEEP_MS);
  gate.asked.clear();
  await come(...watched.slice(0, MOVES_PAGE - 1));
  await clock.advanceAsync(PRESENCE_SWEEP_MS + ENOUGH_MS);
  expect([gate.asked.get('moves'), here.read.map(({ length }) => length)]).toEqual([
    1,
    [500, 500, 500, 499],
  ]);
  here.read.length = 0;
  await come(...watched.slice(0, MOVES_PAGE + 1));
  await clock.advanceAsync(PRESENCE_SWEEP_MS + ENOUGH_MS);
  expect([gate.asked.get('moves'), here.read.map(({ length }) => length)]).toEqual([
    3,
    [500, 500, 500, 500, 1],
  ]);
});

test('[PRS10] the store rests for PAGE_PAUSE_MS between two portions', async () => {
  const { clock, here, come } = await rounds(usersOf(3 * PRESENCE_PAGE));
  await come(...usersOf(PRESENCE_PAGE + 1));
  await clock.advanceAsync(PRESENCE_SWEEP_MS - PAGE_PAUSE_MS);
  for (let ms = 0; here.read.length === 0; ms++) await clock.advanceAsync(1);
  await clock.advanceAsync(PAGE_PAUSE_MS - 1);
  expect(here.read.map(({ length }) => length)).toEqual([PRESENCE_PAGE]);
  await clock.advanceAsync(1);
  expect(here.read.map(({ length }) => length)).toEqual([PRESENCE_PAGE, 1]);
});

test('[PRS4] a round that fails is said once and not the last, and what it did not read the next one does', async () => {
  const { clock, gate, log, here, come } = await rounds(usersOf(4));
  gate.fail(['moves']);
  await come('user2');
  await clock.advanceAsync(3 * PRESENCE_SWEEP_MS);
  expect(log.lines.map(({ level }) => level)).toEqual(['error']);
  gate.mend();
  await clock.advanceAsync(PRESENCE_SWEEP_MS);
  expect(here.read).toEqual([['user2']]);
  gate.fail(['moves']);
  await clock.advanceAsync(PRESENCE_SWEEP_MS);
  expect(log.lines).toHaveLength(2);
});

test('[BUS12] a gap during a round makes one more, as soon as it asks', async () => {
  const { clock, gate, here, running, come } = await rounds(usersOf(4));
  const goOn = gate.hold('moves');
  running.lookAgain(100);
  await clock.advanceAsync(100);
  await come('user2');
  running.lookAgain(200);
  running.lookAgain(300);
  goOn();
  await clock.advanceAsync(199);
  expect([gate.asked.get('moves'), here.read]).toEqual([1, []]);
  await clock.advanceAsync(1);
  expect([gate.asked.get('moves'), here.read]).toEqual([2, [['user2']]]);
  await clock.advanceAsync(PRESENCE_SWEEP_MS - 1);
  expect(gate.asked.get('moves')).toBe(2);
});

test('[PRS9] once nobody is watched no round goes on, and later ones go on from where this has come', async () => {
  const { clock, gate, here, running, come } = await rounds(usersOf(4));
  const goOn = gate.hold('moves');
  running.lookAgain(0);
  await clock.advanceAsync(0);
  await come('user1');
  running.stop();
  goOn();
  running.lookAgain(0);
  await clock.advanceAsync(3 * PRESENCE_SWEEP_MS);
  expect([gate.asked.get('moves'), here.read]).toEqual([1, []]);
  running.start();
  running.start();
  await clock.advanceAsync(0);
  expect([gate.asked.get('moves'), here.read]).toEqual([2, [['user1']]]);
});

test('[PRS14] what became visible while a round read its portions is found by the next', async () => {
  const clock = new VirtualClock();
  const store = new MemoryStore();
  const here = new Watched(store, usersOf(MOVES_PAGE + 1));
  const full = usersOf(MOVES_PAGE).map((user, i) => ({ user, move: 10 + i }));
  for (const { user, move } of full) here.known.set(user, move);
  const pages: Moves[] = [
    { moves: [], horizon: 9 },
    { moves: full, horizon: 9 },
    { moves: [], horizon: 9_999 },
  ];
  const asked: Move[] = [];
  const moves = (after: Move) => {
    asked.push(after);
    return Promise.resolve(pages.shift() ?? { moves: [], horizon: 9_999 });
  };
  here.rounds(clock, { moves }).start();
  await clock.advanceAsync(PRESENCE_SWEEP_MS);
  for (const { user, move } of full) here.known.set(user, move);
  await clock.advanceAsync(2 * PRESENCE_SWEEP_MS);
  const from = (move: number) => ({ user: '', move });
  expect(asked.slice(0, 4)).toEqual([from(0), from(9), full.at(-1), from(9)]);
});

test('[PRS10] a round asks for no more moves than users are watched, also when they become few meanwhile', async () => {
  const { clock, store, here, come } = await rounds(usersOf(2 * MOVES_PAGE));
  const limits: number[] = [];
  const moves = store.moves.bind(store);
  store.moves = (after, limit) => {
    limits.push(limit);
    return moves(after, limit);
  };
  await come(...usersOf(MOVES_PAGE));
  for (const { user, move } of (await moves({ user: '', move: 0 }, MOVES_PAGE)).moves) {
    here.known.set(user, move);
  }
  while (limits.length === 0) await clock.advanceAsync(PAGE_PAUSE_MS - 1);
  here.users = ['user0'];
  await clock.advanceAsync(PAGE_PAUSE_MS);
  expect(limits).toEqual([MOVES_PAGE, 0]);
  expect(here.read).toEqual([['user0']]);
  await clock.advanceAsync(PRESENCE_SWEEP_MS);
  expect(limits).toEqual([MOVES_PAGE, 0, 1]);
});
