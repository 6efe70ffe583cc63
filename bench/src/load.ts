import { setTimeout as sleep } from 'node:timers/promises';
import { encode } from '@ringline/protocol';
import { answerParent } from './ask.ts';
import { connectDevice, courseOf } from './course.ts';
import type { Course } from './course.ts';
import { clientFrame } from './frames.ts';
import type { Kind } from './measured.ts';
import { Pair } from './pair.ts';
import type { RawSocket } from './raw-socket.ts';
import type { Recording } from './recording.ts';
import { Run } from './run.ts';
import type { Ran } from './run.ts';
import { SIDES, userOf } from './scenario.ts';

/** Devices connecting at once: fewer than a listening socket lets wait. */
const CONNECTING = 50;
/** Longer than a loss takes, so that each is written by itself. */
const LEAVING_MS = 5;

/** Makes load on one measured process, from a process of its own. */
const service = {
  aimAt: (at: { kind: Kind; urls: readonly string[]; recording: Recording }): void => {
    course = courseOf(at.kind, at.urls, at.recording);
  },
  /** Connects so many pairs of devices, for calls, numbered from there on. */
  connectPairs: ({ from, count }: { from: number; count: number }): Promise<void> =>
    inBatches(count, async (number) => void free.push(await Pair.connect(aimed(), from + number))),
  /** Connects so many pairs of devices that stay silent, numbered from there on. */
  connectIdle: ({ from, count }: { from: number; count: number }): Promise<void> =>
    inBatches(count, async (number) => {
      for (const side of SIDES) idle.push(await connectDevice(aimed(), side, from + number));
    }),
  /** Connects so many silent pairs one after the other, as devices come to a node of which many are there. */
  arrive: async ({ from, count }: { from: number; count: number }): Promise<void> => {
    for (let number = from; number < from + count; number++) {
      for (const side of SIDES) idle.push(await connectDevice(aimed(), side, number));
    }
  },
  /** Each of so many silent devices watches as many users of so many, one device after the other. */
  watch: async ({ first, devices, each, users, seq }: Watching): Promise<void> => {
    for (const [place, device] of idle.slice(first, first + devices).entries()) {
      const watched = Array.from({ length: each }, (_, i) => (place * each + i) % users.count);
      const names = watched.map((number) => userOf('caller', users.from + number));
      const told = device.next();
      device.say(encode({ type: 'watch', seq, users: names }));
      await told;
    }
  },
  /** Silent devices in turn say that they are there, so many a second together, for a time; how long each waited for its answer, ms. */
  beat: async ({
    perSecond,
    ms,
  }: {
    perSecond: number;
    ms: number;
  }): Promise<readonly number[]> => {
    const begun = performance.now();
    const frame = clientFrame(encode({ type: 'heartbeat', calls: [] }));
    const said = idle.map((): number[] => []);
    const answersMs: number[] = [];
    for (const [place, device] of idle.entries()) {
      device.hear = () => {
        const saidAt = said[place]?.shift();
        if (saidAt !== undefined) answersMs.push(performance.now() - saidAt);
      };
    }
    let beats = 0;
    for (let passed = 0; passed < ms; passed = performance.now() - begun) {
      for (const due = (passed * perSecond) / 1000; beats < due; beats++) {
        const place = beats % idle.length;
        said[place]?.push(performance.now());
        idle[place]?.write(frame);
      }
      await sleep(1);
    }
    while (answersMs.length < beats) await sleep(1);
    return answersMs;
  },
  /** The last so many silent devices go, one after the other. */
  leave: async ({ count }: { count: number }): Promise<void> => {
    for (const device of idle.splice(-count)) {
      device.close();
      await sleep(LEAVING_MS);
    }
  },
  /** Keeps so many calls under way for a time, and completes those that are. */
  callsInFlight: async ({ inFlight, ms }: { inFlight: number; ms: number }): Promise<Ran> => {
    const until = performance.now() + ms;
    const run = new Run(free, () => {
      if (performance.now() < until) run.begin();
    });
    for (let i = 0; i < inFlight; i++) run.begin();
    return run.drained();
  },
  /** Begins calls at random moments, so many a second on average, for a time. */
  callsAtRate: async ({ perSecond, ms }: { perSecond: number; ms: number }): Promise<Ran> => {
    const run = new Run(free);
    const until = performance.now() + ms;
    for (let at = performance.now(); at < until; at += gapMs(perSecond)) {
      const wait = at - performance.now();
      if (wait >= 1) await sleep(wait);
      run.begin();
    }
    return run.drained();
  },
};

/** Users `from` there on, of which silent devices from `first` on watch some. */
interface Watching {
  readonly first: number;
  readonly devices: number;
  readonly each: number;
  readonly users: { readonly from: number; readonly count: number };
  readonly seq: number;
}
export type LoadService = typeof service;

let course: Course | undefined;
const free: Pair[] = [];
const idle: RawSocket[] = [];

function aimed(): Course {
  if (!course) throw new Error('aimed at nothing yet');
  return course;
}

async function inBatches(count: number, act: (number: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count) await act(next++);
  };
  await Promise.all(Array.from({ length: CONNECTING }, worker));
}

/** Between arrivals that know nothing of each other. */
function gapMs(perSecond: number): number {
  return (-Math.log(1 - Math.random()) * 1000) / perSecond;
}

answerParent(service);
