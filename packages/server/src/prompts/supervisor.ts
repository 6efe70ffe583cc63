import type { Clock, Timer } from '../clock.ts';
import type { Log } from '../observe/log.ts';
import type { EngineProcess, StartEngine } from './engine-process.ts';
import type { EngineStart, FromEngine, ToEngine } from './engine-messages.ts';

/** A process is given so long to say that it can play: starting Node takes a tenth of it on a slow machine. */
export const READY_WITHIN_MS = 10_000;
/** As often it is asked whether it lives. */
export const PING_EVERY_MS = 2_000;
/** One that does not answer two questions, each for so long, hangs. One alone may be this process's own standstill. */
export const PONG_WITHIN_MS = 2_000;
/** The first start after a death waits so long, each further one twice as long as the one before. */
export const RESTART_AFTER_MS = 200;
/** And never longer: a port that was somebody else's is found free within half a minute. */
export const MAX_RESTART_AFTER_MS = 30_000;
/** What lived so long was well: after it the waiting begins anew. */
export const WELL_AFTER_MS = 60_000;
/** One that is let go of ends within milliseconds; after this it is killed. */
export const LEAVE_WITHIN_MS = 2_000;

/** What a supervisor's owner is told. */
export interface EngineEvents {
  told(message: FromEngine): void;
  /** The process that was ready is gone, with everything that it played. */
  gone(): void;
  /** Another one is started in place of one that died. */
  restarted(): void;
}

/** What a supervisor needs. */
export interface SupervisorPorts {
  readonly startEngine: StartEngine;
  readonly settings: EngineStart;
  readonly clock: Clock;
  readonly log: Log;
}

/** Keeps one engine process running: starts it, asks whether it lives, and starts another when it does not. */
export class Supervisor {
  readonly #ports: SupervisorPorts;
  readonly #events: EngineEvents;
  #process: EngineProcess | undefined;
  #isReady = false;
  #readyAt = 0;
  #deaths = 0;
  /** What is known of why it will end; else its end has to tell. */
  #trouble: string | undefined;
  /** What is waited for: the first word, the next question, its answer, or the next start. */
  #timer: Timer | undefined;
  #stopped: PromiseWithResolvers<void> | undefined;

  constructor(ports: SupervisorPorts, events: EngineEvents) {
    this.#ports = ports;
    this.#events = events;
  }

  get isReady(): boolean {
    return this.#isReady;
  }

  start(): void {
    const { startEngine, settings } = this.#ports;
    this.#process = startEngine({
      told: (message) => this.#told(message),
      exited: (why) => this.#exited(why),
    });
    this.#process.send({ type: 'start', ...settings });
    this.#wait(READY_WITHIN_MS, () => this.#kill('it did not start in time'));
  }

  /** For the process that is ready; without one it is nobody's. */
  send(message: ToEngine): void {
    if (this.#isReady) this.#process?.send(message);
  }

  /** Ends the process; resolves when it is gone. */
  async stop(): Promise<void> {
    this.#timer?.cancel();
    this.#isReady = false;
    if (this.#process === undefined) return;
    this.#stopped ??= Promise.withResolvers();
    this.#process.release();
    this.#wait(LEAVE_WITHIN_MS, () => this.#process?.kill());
    await this.#stopped.promise;
  }

  #told(message: FromEngine): void {
    if (this.#stopped !== undefined) return;
    if (message.type === 'ready') this.#nowReady(message.port);
    else if (message.type === 'port-taken') this.#kill(portTaken(message.port));
    else if (message.type === 'pong') this.#wait(PING_EVERY_MS, () => this.#ping());
    else this.#events.told(message);
  }

  #nowReady(port: number): void {
    const { clock, log } = this.#ports;
    log.info({ port, pid: this.#process?.pid }, 'the voice is ready on this UDP port');
    this.#isReady = true;
    this.#readyAt = clock.now();
    this.#wait(PING_EVERY_MS, () => this.#ping());
  }

  #ping(isRepeated = false): void {
    this.#wait(PONG_WITHIN_MS, () => {
      if (isRepeated) this.#kill('it does not answer');
      else this.#ping(true);
    });
    this.#process?.send({ type: 'ping' });
  }

  #kill(trouble: string): void {
    this.#trouble = trouble;
    this.#process?.kill();
  }

  #exited(why: string): void {
    this.#process = undefined;
    this.#timer?.cancel();
    this.#leaveReady();
    if (this.#stopped !== undefined) {
      this.#stopped.resolve();
      return;
    }
    const ms = this.#nextDelay();
    this.#ports.log.error(
      { why: this.#trouble ?? why, ms },
      'the voice is away, and started again',
    );
    this.#trouble = undefined;
    this.#wait(ms, () => {
      this.#events.restarted();
      this.start();
    });
  }

  #leaveReady(): void {
    if (!this.#isReady) return;
    this.#isReady = false;
    if (this.#ports.clock.now() - this.#readyAt >= WELL_AFTER_MS) this.#deaths = 0;
    this.#events.gone();
  }

  #nextDelay(): number {
    const ms = Math.min(MAX_RESTART_AFTER_MS, RESTART_AFTER_MS * 2 ** this.#deaths);
    this.#deaths++;
    return ms;
  }

  #wait(ms: number, run: () => void): void {
    this.#timer?.cancel();
    this.#timer = this.#ports.clock.after(ms, run);
  }
}

function portTaken(port: number): string {
  return `UDP port ${port} is in use, or closed to this user; end the program that has it, or set VOICE_PORT`;
}
