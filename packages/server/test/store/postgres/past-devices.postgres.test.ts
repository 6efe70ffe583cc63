import { expect, test } from 'vitest';
import { restOf } from '../../../src/store/device-row.ts';
import { deviceVersionAfter } from '../../../src/store/device-version.ts';
import type { Device, Store } from '../../../src/store/store.ts';
import { flawsOf } from '../../verify/flaws-of.ts';
import { MAX_ATTEMPTS } from '../../../src/steps/step-runner.ts';
import { T0, alice1, bound, commit, lineOf, lost, stepOf } from '../builders.ts';
import { connect, newDatabase, openStore, untilSomebodyWaits } from './databases.ts';

const COUNT = 60;
const DAY_MS = 86_400_000;
const LATER = T0 + 2 * DAY_MS;
const ALL = { from: 0, limit: COUNT };

/** Devices of as many users that are gone. */
async function gone(store: Store): Promise<readonly Device[]> {
  const devices = Array.from({ length: COUNT }, (_, i) => bound({ user: `u${i}`, device: 'd' }));
  await commit(store, { devices });
  const after = devices.map((device, i) => lost(device, T0 + i));
  await commit(store, { devices: after });
  return after;
}

/** The device as it is when its page is back. */
function back(device: Device, version: number): Device {
  const binding = { incarnation: 'n2', connection: 'c2', boundAt: LATER };
  return { ...device, version, binding, lostAt: null };
}

/** Binds it as a node does: on what is there, and again when that has changed. */
async function bind(store: Store, of: Device): Promise<void> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const { actor, lines } = await store.load({ users: [of.user], actor: of });
    const version = deviceVersionAfter(actor?.version ?? 0, LATER);
    const line = lineOf(of.user, (lines[0]?.version ?? 0) + 1);
    const step = stepOf({ at: LATER, lines: [line], devices: [back(of, version)] });
    if ((await store.commit(step)).moved) return;
  }
  throw new Error('it loses every race');
}

test('[RET6] a device that is back when it is removed stays, with what it was found by already', async () => {
  const url = await newDatabase();
  const store = await openStore(url);
  const away = lost(bound(alice1), T0);
  await commit(store, { lines: [lineOf('alice', 1)], devices: [bound(alice1)] });
  await commit(store, { devices: [away] });
  const [holder, watcher] = [await connect(url), await connect(url)];
  await holder.exec(`begin; select from lines where user_id = 'alice' for update`);
  const removing = store.forgetDevices(LATER, ALL);
  // By now it is found.
  await untilSomebodyWaits(holder, watcher);
  const rest = JSON.stringify(restOf(back(away, 3)));
  await holder.run(
    { name: 'bind', text: 'update devices set version = 3, rest = $1 where device = $2' },
    [rest, alice1.device],
  );
  await holder.exec('commit');
  expect(await removing).toEqual({ count: 0, nextFrom: null });
  expect((await store.load({ users: [], actor: alice1 })).actor).toMatchObject({ version: 3 });
});

test('[RET6] devices that come while they are removed are there, each whole', async () => {
  const url = await newDatabase();
  const [one, two] = [await openStore(url), await openStore(url)];
  const devices = await gone(one);
  const removing = async () => {
    for (let i = 0; i < COUNT; i++) await one.forgetDevices(LATER, { from: 0, limit: 1 });
  };
  await Promise.all([removing(), ...devices.toReversed().map((device) => bind(two, device))]);
  const users = devices.map(({ user }) => user);
  const { devices: there } = await one.load({ users: [], devicesOf: users });
  expect(there.map(({ user }) => user)).toEqual(users);
  expect(await flawsOf(one)).toEqual([]);
});

test('[RET6] nodes that remember a forgotten device take nothing of it for the one that is back', async () => {
  const url = await newDatabase();
  const [one, two] = [await openStore(url), await openStore(url)];
  // With a new connection all that was known is forgotten: those that it takes are made first.
  await one.load({ users: [], actor: alice1 });
  let device = bound(alice1, { version: deviceVersionAfter(0, T0), resumeHash: 'first' });
  await commit(one, { devices: [device] });
  for (let i = 0; i < 5; i++) {
    device = { ...device, version: device.version + 1, lastSeq: i };
    await commit(one, { devices: [device] });
  }
  await commit(one, { devices: [lost(device, T0)] });
  expect((await two.forgetDevices(LATER, ALL)).count).toBe(1);
  let anew = bound(alice1, { version: deviceVersionAfter(0, LATER), resumeHash: 'second' });
  await commit(two, { devices: [anew] });
  // Each node after the other, through as many versions as the first had.
  for (let i = 0; i < 9; i++) {
    const store = i % 2 === 0 ? one : two;
    expect((await store.load({ users: [], actor: alice1 })).actor).toEqual(anew);
    anew = { ...anew, version: anew.version + 1, lastSeq: i };
    await commit(store, { devices: [anew] });
  }
});

test('[SHR18] nodes that remove old devices at once remove each once', async () => {
  const url = await newDatabase();
  const stores = [await openStore(url), await openStore(url), await openStore(url)];
  await gone(stores[0]!);
  let sum = 0;
  for (let left = true; left;) {
    const portions = stores.map((store) => store.forgetDevices(LATER, { from: 0, limit: 7 }));
    const done = await Promise.all(portions);
    for (const { count } of done) sum += count;
    left = done.some(({ nextFrom }) => nextFrom !== null);
  }
  expect(sum).toBe(COUNT);
});
