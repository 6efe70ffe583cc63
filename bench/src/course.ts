import { clientFrame } from './frames.ts';
import type { Kind } from './measured.ts';
import { RawSocket } from './raw-socket.ts';
import { isLate } from './recording.ts';
import type { RecordedStep, Recording } from './recording.ts';
import { SIDES, helloOf, userOf } from './scenario.ts';
import type { Side } from './scenario.ts';
import { tokenOf } from './tokens.ts';

/** Where calls are made, and how they go there. */
export interface Course {
  readonly kind: Kind;
  /** One or more; the two devices of a pair connect to those that follow each other. */
  readonly urls: readonly string[];
  /** Frames that both devices have heard before each phase begins, and at last when the call is completed. */
  readonly dueBefore: readonly number[];
  /** On the floor every message is ready-made, by phase; the server's carry numbers and ids. */
  readonly readyMade?: readonly (readonly Buffer[])[];
}

/** The course of calls like the recorded one. */
export function courseOf(kind: Kind, urls: readonly string[], { phases }: Recording): Course {
  const dueBefore = [0];
  for (const phase of phases) {
    const answers = phase.flatMap((step) => step.answers);
    const heard = answers.filter(({ text }) => !isLate(Buffer.from(text))).length;
    dueBefore.push((dueBefore.at(-1) ?? 0) + heard);
  }
  return { kind, urls, dueBefore, ...(kind === 'floor' && { readyMade: readyMade(phases) }) };
}

/** Frames of the recorded sizes; the first byte is the step's number, by which the floor relays. */
function readyMade(phases: Recording['phases']): Buffer[][] {
  let number = 0;
  const frameOf = ({ text }: RecordedStep) =>
    clientFrame(String.fromCharCode(number++).padEnd(Buffer.byteLength(text)));
  return phases.map((phase) => phase.map(frameOf));
}

/** A connected device that has been welcomed. */
export async function connectDevice(course: Course, side: Side, pair: number): Promise<RawSocket> {
  const socket = await RawSocket.open(urlFor(course, side, pair));
  const welcome = socket.next();
  socket.say(await helloFor(course, side, pair));
  await welcome;
  return socket;
}

/** With several nodes every call crosses from one to another, and each node has as many callers as callees. */
export function urlFor({ urls }: Pick<Course, 'urls'>, side: Side, pair: number): string {
  return urls[(pair + SIDES.indexOf(side)) % urls.length] ?? '';
}

async function helloFor({ kind }: Course, side: Side, pair: number): Promise<string> {
  return kind === 'floor'
    ? `${side} ${pair}`
    : helloOf(side, pair, await tokenOf(userOf(side, pair)));
}
