import { setTimeout as pass } from 'node:timers/promises';
import type { SeededRandomness } from '@ringline/testkit';
import type { ServerProcess } from '../server-process.ts';
import type { Mood, Receiver } from './receiver.ts';
import type { Stage, Trouble } from './stage.ts';

/** How often it is looked whether enough calls were made; then it is killed within so many milliseconds, in the midst of whatever goes on. */
const COUNT_MS = 20;
const SUDDEN_MS = 500;
const MOODS: readonly Mood[] = ['well', 'failing', 'stalling', 'dead', 'well'];

/** How rough it is. */
export interface Roughness {
  /** The server is killed so often at least. */
  readonly kills: number;
  /** So many calls are made between two kills, at random: on a slow machine it lives as much, not as long. */
  readonly between: { readonly min: number; readonly max: number };
}

/** Who is killed, and who takes webhooks meanwhile. */
export interface KillParts {
  readonly size: Roughness;
  readonly server: ServerProcess;
  readonly receiver: Receiver;
  readonly randomness: SeededRandomness;
}

/** Kills the one server again and again, and the receiver is unwell. */
export class Kills {
  count = 0;
  readonly #parts: KillParts;

  constructor(parts: KillParts) {
    this.#parts = parts;
  }

  /** Until enough calls were made, and it was killed often enough. */
  during(stage: Stage, say: (text: string) => void): Trouble {
    return async (isOver) => {
      const { receiver, server, size, randomness } = this.#parts;
      const { calls } = stage.ledger;
      while (!isOver() || this.count < size.kills) {
        const due = calls.size + randomness.integer(size.between.min, size.between.max);
        while (calls.size < due && !isOver()) await pass(COUNT_MS);
        await pass(randomness.integer(0, SUDDEN_MS));
        if (receiver.mood !== 'well') receiver.recover();
        await server.kill();
        this.count++;
        receiver.mood = randomness.pick(MOODS);
        await server.restart();
        stage.networkChanged();
        if (this.count % 5 === 0) say(`${calls.size} calls, ${this.count} kills`);
      }
      receiver.recover();
    };
  }
}
