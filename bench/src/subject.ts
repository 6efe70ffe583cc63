import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ask } from './ask.ts';
import type { LoadService } from './load.ts';
import { probe } from './measured.ts';
import type { Kind, Measured } from './measured.ts';
import type { Recording } from './recording.ts';
import type { Ran } from './run.ts';

/** Calls that were made, and what they cost the process that carried them. */
export interface Costs extends Ran {
  readonly cpuMicros: number;
  readonly commits: number;
}

const LOAD = fileURLToPath(new URL('load.ts', import.meta.url));
/** Acknowledgements are not answered: they get this long to be done. */
const SETTLE_MS = 100;

/** Starts the process that makes load on these. */
export async function loadOn(
  kind: Kind,
  urls: readonly string[],
  recording: Recording,
): Promise<ChildProcess> {
  const load = fork(LOAD);
  await ask<LoadService, 'aimAt'>(load, 'aimAt', { kind, urls, recording });
  return load;
}

/** A measured process and the process that makes load on it. */
export class Subject {
  readonly measured: Measured;
  readonly #load: ChildProcess;

  private constructor(measured: Measured, load: ChildProcess) {
    this.measured = measured;
    this.#load = load;
  }

  static async of(measured: Measured, recording: Recording): Promise<Subject> {
    const { kind, url } = measured;
    return new Subject(measured, await loadOn(kind, [url], recording));
  }

  get kind(): Kind {
    return this.measured.kind;
  }

  connectPairs(count: number): Promise<void> {
    return ask<LoadService, 'connectPairs'>(this.#load, 'connectPairs', { from: 0, count });
  }

  connectIdle(from: number, count: number): Promise<void> {
    return ask<LoadService, 'connectIdle'>(this.#load, 'connectIdle', { from, count });
  }

  callsInFlight(inFlight: number, ms: number): Promise<Costs> {
    return this.#costsOf(() =>
      ask<LoadService, 'callsInFlight'>(this.#load, 'callsInFlight', { inFlight, ms }),
    );
  }

  callsAtRate(perSecond: number, ms: number): Promise<Costs> {
    return this.#costsOf(() =>
      ask<LoadService, 'callsAtRate'>(this.#load, 'callsAtRate', { perSecond, ms }),
    );
  }

  /** Resident bytes of the measured process without garbage. */
  residentBytes(): Promise<number> {
    return probe(this.measured, 'memory');
  }

  /** Ends the load. */
  disconnect(): void {
    this.#load.kill();
  }

  /** Ends the load and the measured process. */
  async stop(): Promise<void> {
    this.disconnect();
    await this.measured.stop();
  }

  async #costsOf(run: () => Promise<Ran>): Promise<Costs> {
    const before = await this.#used();
    const ran = await run();
    await sleep(SETTLE_MS);
    const after = await this.#used();
    return {
      ...ran,
      cpuMicros: after.cpuMicros - before.cpuMicros,
      commits: after.commits - before.commits,
    };
  }

  async #used(): Promise<Pick<Costs, 'cpuMicros' | 'commits'>> {
    return {
      cpuMicros: await probe(this.measured, 'cpu'),
      commits: await probe(this.measured, 'commits'),
    };
  }
}
