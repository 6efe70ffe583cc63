import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { EngineVoice, Listener } from '@ringline/server/voice';
import { instant } from './messages.ts';
import type { FromReceivers, ToReceivers } from './messages.ts';

const RECEIVERS = fileURLToPath(new URL('receivers.ts', import.meta.url));

/** What all listeners together have received. */
export interface Counted {
  readonly packets: number;
  readonly missing: number;
}

/** Devices of a process of their own that listen to a voice. */
export class Audience {
  readonly #voice: EngineVoice;
  readonly #receivers: ChildProcess;
  readonly #listeners = new Map<number, Listener>();
  readonly #waiting = new Map<number, (at: number) => void>();
  #counted: ((counted: Counted) => void) | undefined;

  constructor(voice: EngineVoice) {
    this.#voice = voice;
    this.#receivers = fork(RECEIVERS);
    this.#receivers.on('message', (message) => this.#told(message as unknown as FromReceivers));
  }

  /** Lets one more listen; gives the milliseconds from asking for it until its first packet is there. */
  async join(): Promise<number> {
    const id = this.#listeners.size;
    const first = Promise.withResolvers<number>();
    this.#waiting.set(id, first.resolve);
    const askedAt = instant();
    const listener = this.#voice.listen(
      { prompt: 'hold', language: 'en' },
      {
        offered: (sdp) => this.#send({ type: 'offer', id, sdp }),
        finished: () => undefined,
        failed: () => first.reject(new Error('a listener was lost')),
      },
    );
    if (typeof listener === 'string') throw new Error(`the voice is ${listener}`);
    this.#listeners.set(id, listener);
    return (await first.promise) - askedAt;
  }

  count(): Promise<Counted> {
    return new Promise((resolve) => {
      this.#counted = resolve;
      this.#send({ type: 'count' });
    });
  }

  leave(): void {
    for (const listener of this.#listeners.values()) listener.close();
    this.#receivers.disconnect();
  }

  #told(message: FromReceivers): void {
    switch (message.type) {
      case 'answer':
        return this.#listeners.get(message.id)?.answer(message.sdp);
      case 'first-packet':
        return this.#waiting.get(message.id)?.(message.at);
      case 'counted':
        return this.#counted?.(message);
    }
  }

  #send(message: ToReceivers): void {
    this.#receivers.send(message);
  }
}
