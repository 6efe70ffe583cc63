import type { FromEngine, ToEngine } from '../../../src/prompts/engine-messages.ts';
import type { EngineProcess, EngineProcessEvents } from '../../../src/prompts/engine-process.ts';

/** A process that does what a test says, and notes what it was asked. */
export class ScriptedProcess implements EngineProcess {
  readonly pid = 4711;
  readonly asked: ToEngine[] = [];
  readonly #events: EngineProcessEvents;
  answersPings = true;
  isReleased = false;
  isKilled = false;

  constructor(events: EngineProcessEvents) {
    this.#events = events;
  }

  send(message: ToEngine): void {
    this.asked.push(message);
    if (message.type === 'ping' && this.answersPings) this.tell({ type: 'pong' });
  }

  release(): void {
    this.isReleased = true;
  }

  kill(): void {
    this.isKilled = true;
  }

  tell(message: FromEngine): void {
    this.#events.told(message);
  }

  exit(why = 'ended by SIGSEGV'): void {
    this.#events.exited(why);
  }

  /** What it was asked but for the questions whether it lives. */
  get orders(): ToEngine[] {
    return this.asked.filter(({ type }) => type !== 'ping');
  }
}

/** Processes in the order in which they were started. */
export class ScriptedProcesses {
  readonly all: ScriptedProcess[] = [];
  readonly start = (events: EngineProcessEvents): EngineProcess => {
    const process = new ScriptedProcess(events);
    this.all.push(process);
    return process;
  };

  get last(): ScriptedProcess {
    const process = this.all.at(-1);
    if (process === undefined) throw new Error('no process was started');
    return process;
  }
}
