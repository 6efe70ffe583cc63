import { connectDevice } from './course.ts';
import type { Course } from './course.ts';
import { clientFrame } from './frames.ts';
import type { RawSocket } from './raw-socket.ts';
import { isLate } from './recording.ts';
import { PHASES, SIDES, callIdOf, textOf, userOf } from './scenario.ts';
import type { Side, Step } from './scenario.ts';

/** What is told of calls. */
export interface CallEvents {
  /** The callee's device has heard of the invitation, so many milliseconds after it was sent. */
  rang(ms: number): void;
  completed(pair: Pair): void;
}

/** `{"type":"r…`: of all that a server says only `refused` begins so. */
const PLACE_OF_TYPE = 9;
const REFUSED = 'r'.charCodeAt(0);

/** What a device is told of its call begins so, … */
const OF_CALL = Buffer.from('{"type":"call","at":');
/** … with a time of 13 digits and an id of 22 characters before the version, which has one digit. */
const PLACE_OF_VERSION = '{"type":"call","at":,"call":{"id":"","version":'.length + 13 + 22;

/** The version of the call that a frame tells of. */
export function versionIn(frame: Buffer): number | undefined {
  if (!OF_CALL.equals(frame.subarray(0, OF_CALL.length))) return undefined;
  return (frame[PLACE_OF_VERSION] ?? 0) - '0'.charCodeAt(0);
}

/** Two devices that call each other, one call at a time. They count what they hear and read nothing, but for refusals. */
export class Pair {
  readonly #number: number;
  readonly #course: Course;
  readonly #sockets: Readonly<Record<Side, RawSocket>>;
  readonly #seq: Record<Side, number> = { caller: 0, callee: 0 };
  #events: CallEvents | undefined;
  readonly #versions: Record<Side, number> = { caller: 0, callee: 0 };
  #calls = 0;
  #phase = 0;
  #heard = 0;
  #invitedAt: number | undefined;

  private constructor(number: number, course: Course, sockets: Readonly<Record<Side, RawSocket>>) {
    this.#number = number;
    this.#course = course;
    this.#sockets = sockets;
    for (const side of SIDES) sockets[side].hear = (payload) => this.#hear(side, payload);
  }

  static async connect(course: Course, number: number): Promise<Pair> {
    const caller = await connectDevice(course, 'caller', number);
    const callee = await connectDevice(course, 'callee', number);
    return new Pair(number, course, { caller, callee });
  }

  /** Begins a call; the one before must be completed. */
  call(events: CallEvents): void {
    this.#events = events;
    this.#calls++;
    this.#phase = 0;
    this.#heard = 0;
    for (const side of SIDES) this.#versions[side] = 0;
    this.#invitedAt = performance.now();
    this.#goOn();
  }

  close(): void {
    for (const side of SIDES) this.#sockets[side].close();
  }

  #hear(side: Side, payload: Buffer): void {
    if (payload[PLACE_OF_TYPE] === REFUSED) throw new Error(`refused: ${payload.toString()}`);
    if (isLate(payload)) return;
    if (side === 'callee' && this.#invitedAt !== undefined) {
      this.#events?.rang(performance.now() - this.#invitedAt);
      this.#invitedAt = undefined;
    }
    this.#heard += this.#newIn(side, payload);
    this.#goOn();
  }

  /** A view that a newer one overtook on its way between nodes is not told: the newer one counts for both. */
  #newIn(side: Side, payload: Buffer): number {
    const version = versionIn(payload);
    if (version === undefined) return 1;
    const newer = Math.max(0, version - this.#versions[side]);
    this.#versions[side] += newer;
    return newer;
  }

  #goOn(): void {
    const { dueBefore } = this.#course;
    while (this.#heard === dueBefore[this.#phase] && this.#phase < PHASES.length) {
      this.#say(this.#phase++);
    }
    if (this.#phase === PHASES.length && this.#heard === dueBefore[this.#phase]) {
      this.#events?.completed(this);
    }
  }

  #say(phase: number): void {
    for (const [place, step] of (PHASES[phase] ?? []).entries()) {
      const frame = this.#course.readyMade?.[phase]?.[place] ?? this.#frameOf(step);
      this.#sockets[step.by].write(frame);
    }
  }

  #frameOf(step: Step): Buffer {
    const call = callIdOf(this.#number, this.#calls);
    const callee = userOf('callee', this.#number);
    const seq = ++this.#seq[step.by];
    return clientFrame(textOf(step, { call, callee, seq, cursor: this.#calls }));
  }
}
