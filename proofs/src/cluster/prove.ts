import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pass } from 'node:timers/promises';
import { HEARTBEAT_MS } from '@ringline/protocol';
import { mintToken } from '@ringline/server-kit';
import { SeededRandomness } from '@ringline/testkit';
import { Receiver, endpointsOf, hasToldAll } from '../records/receiver.ts';
import type { Door, People, Size } from '../records/stage.ts';
import { Stage } from '../records/stage.ts';
import type { Tally } from '../records/tally.ts';
import { tally } from '../records/tally.ts';
import type { Spans } from './blows.ts';
import { Blows } from './blows.ts';
import type { Break, Programs } from './estate.ts';
import { Estate } from './estate.ts';
import type { Recovery, Times } from './recoveries.ts';
import { recoveriesOf, timesOf } from './recoveries.ts';
import type { Judgement } from './ringing.ts';
import { judgementsOf } from './ringing.ts';
import { loseRecords, overIn, storedIn } from './stored.ts';
import type { Plan } from './trouble.ts';
import { Troubles } from './trouble.ts';
import { flawsOf, lateFarewells } from './verdict.ts';
import { Watch } from './watch.ts';

/** How large, how rough, and on what. */
export interface ClusterSize extends Size, Plan {
  readonly nodes: number;
  readonly spans: Spans;
  readonly programs: Programs;
  /** Breaks something for good: the proof has to fail. */
  readonly breaks?: Break;
  readonly mayMissKinds?: boolean;
}

/** What came of it. */
export interface ClusterProof extends Tally {
  readonly kills: number;
  readonly verdict: { readonly printed: string; readonly code: number | null };
  readonly recoveries: readonly Recovery[];
  /** How much later than the store phones on which it rang learnt that a call is over. */
  readonly farewells: Times | undefined;
  readonly repeated: number;
  /** Who had a device, and how many more had none until the end. */
  readonly people: People & { readonly absent: number };
  /** Of calls that had to ring. */
  readonly judgements: readonly Judgement[];
}

const SECRET = `whsec_${Buffer.from('a secret of the proof of clusters').toString('base64')}`;
const API_KEY = 'the-operators-key-of-the-proof-of-clusters';
const TOKEN_SECRET = 'the secret that signs tokens in the proof of clusters';
/** Of a PostgreSQL that is broken, one record of so many is lost. */
const LOSES_ONE_OF = 50;
/** What a phone missed it has learnt from its second heartbeat at the latest. */
const SETTLE_MS = 2 * HEARTBEAT_MS;
const LOOK_MS = 250;

/**
 * Makes calls of all kinds on random nodes of a cluster while processes are killed and networks fail,
 * and then compares what people did, what phones were told, what PostgreSQL has and what customers'
 * servers were told.
 */
export async function proveCluster(
  size: ClusterSize,
  say: (text: string) => void,
): Promise<ClusterProof> {
  const randomness = new SeededRandomness(size.seed);
  const receiver = await Receiver.start(SECRET, randomness.fork('receiver'));
  const folder = mkdtempSync(join(tmpdir(), 'ringline-proof-hooks-'));
  const watch = new Watch();
  const { programs, nodes, breaks } = size;
  const settings = settingsOf(folder, receiver);
  const balancing = randomness.fork('balancer');
  const parts = { programs, nodes, breaks, settings, randomness: balancing };
  const estate = await Estate.start(parts);
  try {
    if (breaks === 'records') await loseRecords(estate.postgres.url, LOSES_ONE_OF);
    return await play(size, { estate, receiver, watch, randomness, say });
  } finally {
    watch.stop();
    receiver.stop();
    await estate.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Cast {
  readonly estate: Estate;
  readonly receiver: Receiver;
  readonly watch: Watch;
  readonly randomness: SeededRandomness;
  readonly say: (text: string) => void;
}

async function play(size: ClusterSize, cast: Cast): Promise<ClusterProof> {
  const { estate, receiver, watch, randomness, say } = cast;
  const stage = new Stage({
    size,
    door: doorOf(estate),
    receiver,
    randomness,
    lastsWithTrouble: true,
    follow: (phone, user) => {
      phone.network.isHeartless = size.breaks === 'bus';
      watch.follow(phone, user);
    },
  });
  const blows = new Blows(estate, randomness.fork('blows'), size.spans);
  const breakDown = () => {
    if (size.breaks === 'deaf') estate.deafen();
  };
  const troubles = new Troubles(size, { blows, watch, receiver, randomness, say, breakDown });
  await stage.run(troubles.during(stage));
  const people = stage.people;
  say('all calls are made; waiting for what is still under way');
  await stage.arrive();
  const believers = await settle(estate, watch);
  const now = Date.now();
  await stage.leave();
  const [node] = estate.nodes;
  const verdict = (await node?.server.command('verify')) ?? { printed: '', code: null };
  const stored = await storedIn(estate.postgres.url);
  const { ledger, devices } = stage;
  const { mayMissKinds = false } = size;
  const found = tally({ ledger, devices, receiver, stored, mayMissKinds });
  const { calls, deadlines, leftover } = stored;
  const { rings, lags, drops, arrivals, farewells, beliefs, presences } = watch;
  const { dealt } = troubles;
  const judgements = judgementsOf({ calls, rings, presences, dealt, lags });
  const waits = [...drops, ...arrivals];
  const watched = { rings, lags, beliefs, judgements, waits, dealt, believers, now };
  const flaws = flawsOf({ ...watched, calls, deadlines, leftover });
  const judgedAfter = judgements.map(({ after }) => after);
  return {
    ...found,
    flaws: [...found.flaws, ...flaws, ...troubles.flaws],
    kills: blows.kills,
    verdict,
    recoveries: recoveriesOf(dealt, calls, drops, judgedAfter),
    farewells: timesOf(lateFarewells(farewells, calls)),
    repeated: receiver.repeated,
    people: { ...people, absent: stage.people.users - people.users },
    judgements,
  };
}

/** Sentences of phones that believe in calls that the store says are over, after the last heartbeats. */
async function settle({ postgres }: Estate, watch: Watch): Promise<readonly string[]> {
  const until = Date.now() + SETTLE_MS;
  for (;;) {
    const believers = watch.believers(await overIn(postgres.url));
    if (believers.length === 0 || Date.now() > until) return believers;
    await pass(LOOK_MS);
  }
}

function doorOf({ url }: Estate): Door {
  return {
    account: (user) =>
      Promise.resolve({ url, user, token: mintToken({ secret: TOKEN_SECRET, user }) }),
    // A server that does not answer has not told all.
    hasToldAll: () => hasToldAll(url, API_KEY).catch(() => false),
  };
}

/** As in production, but for loopback, and that balancers here learn sooner and devices leave sooner. */
function settingsOf(folder: string, receiver: Receiver) {
  const file = join(folder, 'webhooks.json');
  writeFileSync(file, JSON.stringify(endpointsOf(receiver, SECRET)));
  return {
    MODE: 'production',
    HOST: '127.0.0.1',
    TOKEN_SECRET,
    ALLOWED_ORIGINS: 'https://app.example.com',
    OUTBOUND_ALLOW: '127.0.0.0/8',
    WEBHOOKS_FILE: file,
    API_KEYS: API_KEY,
    DRAIN_NOTICE_MS: '500',
    DRAIN_SPREAD_MS: '2000',
    VOICE: 'off',
    LOG_LEVEL: 'error',
  };
}
