import type { ServerMessage } from '@ringline/protocol';
import { decodeFromServer, encode } from '@ringline/protocol';
import { RawSocket } from './raw-socket.ts';
import { PHASES, RECORDED_PAIR, SIDES, callIdOf, helloOf, textOf, userOf } from './scenario.ts';
import type { Side, Step } from './scenario.ts';
import { tokenOf } from './tokens.ts';

/** A frame that a server sent to one device. */
export interface RecordedFrame {
  readonly to: Side;
  readonly text: string;
}

/** A device's message, and all that the server sent because of it. */
export interface RecordedStep {
  readonly name: string;
  readonly by: Side;
  readonly text: string;
  readonly answers: readonly RecordedFrame[];
}

/** One completed call on the wire, from the welcomes to the acknowledgements. */
export interface Recording {
  readonly welcome: string;
  readonly phases: readonly (readonly RecordedStep[])[];
}

/** `{"type":"co…`: of all that a server says only `conversations` begins so. */
const LATE = Buffer.from('{"type":"co');

/**
 * Whether a frame tells how conversations stand. That comes a while after what changed them: no
 * phase waits for it, and it may come in the midst of the next call.
 */
export function isLate(frame: Buffer): boolean {
  return LATE.equals(frame.subarray(0, LATE.length));
}

/** Makes one call through a server, one message at a time, and notes every frame. */
export async function record(url: string): Promise<Recording> {
  const devices = {
    caller: await Device.hello(url, 'caller'),
    callee: await Device.hello(url, 'callee'),
  };
  const phases: Noted[][] = [];
  for (const phase of PHASES) {
    const steps: Noted[] = [];
    for (const step of phase) steps.push(await recordStep(step, devices));
    phases.push(steps);
  }
  const last = phases.at(-1)?.at(-1);
  // On the floor they leave with the answers to the last message.
  for (const to of SIDES) last?.answers.push({ to, text: await devices[to].late });
  for (const side of SIDES) devices[side].close();
  return { welcome: devices.caller.welcome, phases };
}

type Devices = Readonly<Record<Side, Device>>;

/** A step to whose answers more may come. */
interface Noted extends RecordedStep {
  readonly answers: RecordedFrame[];
}

async function recordStep(step: Step, devices: Devices): Promise<Noted> {
  const by = devices[step.by];
  const text = by.next(step);
  by.say(text);
  const answers: RecordedFrame[] = [];
  // Requests of one device are done in turn: with the answer to a later one, all of this is sent.
  for (const side of [step.by, otherOf(step.by)]) {
    await devices[side].hearAll();
    answers.push(...devices[side].takeHeard().map((heard) => ({ to: side, text: heard })));
  }
  return { name: step.name, by: step.by, text, answers };
}

function otherOf(side: Side): Side {
  return side === 'caller' ? 'callee' : 'caller';
}

/** A device that keeps what it hears, but for the answers to its own questions. */
class Device {
  readonly welcome: string;
  /** How its conversations stand after the call. */
  readonly late: Promise<string>;
  readonly #socket: RawSocket;
  #seq = 0;
  #heard: string[] = [];
  #heardAll: () => void = () => undefined;
  readonly #heardLate: (text: string) => void;

  private constructor(socket: RawSocket, welcome: string) {
    const late = Promise.withResolvers<string>();
    this.late = late.promise;
    this.#heardLate = late.resolve;
    this.#socket = socket;
    this.welcome = welcome;
    socket.hear = (payload) =>
      isLate(payload) ? this.#heardLate(payload.toString()) : this.#hear(payload.toString());
  }

  static async hello(url: string, side: Side): Promise<Device> {
    const socket = await RawSocket.open(url);
    socket.say(helloOf(side, RECORDED_PAIR, await tokenOf(userOf(side, RECORDED_PAIR))));
    return new Device(socket, await socket.next());
  }

  /** The text of its next message. */
  next(step: Step): string {
    const callee = userOf('callee', RECORDED_PAIR);
    return textOf(step, { call: callIdOf(RECORDED_PAIR, 1), callee, seq: ++this.#seq, cursor: 1 });
  }

  say(text: string): void {
    this.#socket.say(text);
  }

  /** Resolves when everything sent to it so far has come. */
  hearAll(): Promise<void> {
    this.say(encode({ type: 'history', seq: ++this.#seq, peer: 'nobody', limit: 1 }));
    return new Promise((resolve) => (this.#heardAll = resolve));
  }

  takeHeard(): readonly string[] {
    const heard = this.#heard;
    this.#heard = [];
    return heard;
  }

  close(): void {
    this.#socket.close();
  }

  #hear(text: string): void {
    const message = decodeFromServer(text);
    if (message?.type === 'history-page') this.#heardAll();
    else this.#heard.push(accepted(message, text));
  }
}

function accepted(message: ServerMessage | undefined, text: string): string {
  if (!message || message.type === 'refused') throw new Error(`not what a call brings: ${text}`);
  return text;
}
