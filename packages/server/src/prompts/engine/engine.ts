import type { FromEngine, Play, ToEngine } from '../engine-messages.ts';
import type { Sounds } from '../sounds.ts';
import { Hearing } from './hearing.ts';
import type { ClipPlay, EnginePorts } from './hearing.ts';

/** What the server asks once the engine is ready. */
export type EngineCommand = Exclude<ToEngine, { readonly type: 'start' }>;

/** All listeners, by the ids that the server gave them. */
export class Engine {
  readonly #hearings = new Map<number, Hearing>();
  readonly #ports: EnginePorts;
  readonly #sounds: Sounds;
  readonly #tell: (message: FromEngine) => void;

  constructor(ports: EnginePorts, sounds: Sounds, tell: (message: FromEngine) => void) {
    this.#ports = ports;
    this.#sounds = sounds;
    this.#tell = tell;
  }

  /** Does what the server asks; what concerns a listener that is gone is left undone. */
  obey(command: EngineCommand): void {
    switch (command.type) {
      case 'open':
        return this.#open(command.id, command.play);
      case 'answer':
        return this.#hearings.get(command.id)?.answer(command.sdp);
      case 'play':
        return this.#hearings.get(command.id)?.play(this.#withSound(command.play));
      case 'close':
        return this.#close(command.id);
      case 'ping':
        return this.#tell({ type: 'pong' });
    }
  }

  /** Hangs up on everybody. */
  closeAll(): void {
    for (const id of this.#hearings.keys()) this.#close(id);
  }

  #open(id: number, play: Play): void {
    const hearing = new Hearing(this.#ports, this.#withSound(play), {
      finished: (turn) => this.#tell({ type: 'finished', id, turn }),
      failed: (why) => {
        this.#hearings.delete(id);
        this.#tell({ type: 'failed', id, why });
      },
    });
    this.#hearings.set(id, hearing);
    this.#tell({ type: 'offered', id, sdp: hearing.offer });
  }

  #close(id: number): void {
    this.#hearings.get(id)?.close();
    this.#hearings.delete(id);
  }

  #withSound({ clip, plays, turn }: Play): ClipPlay {
    return { clip: this.#sounds[clip], plays: plays === 'endless' ? Infinity : plays, turn };
  }
}
