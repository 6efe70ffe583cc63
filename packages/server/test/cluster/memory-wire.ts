import type { Topic } from '../../src/cluster/topics.ts';
import type { Wire, WireConnection, WireEvents } from '../../src/cluster/wire.ts';

/** A service in memory, whose connections a test cuts. */
export class MemoryService {
  isUp = true;
  /** What each connection may send before the service is full. */
  room = Infinity;
  /** It takes what it is asked to listen to, and does so later, when the test says so. */
  isSlow = false;
  /** How often it was asked whether it listens. */
  questions = 0;
  connects = 0;
  readonly connections = new Set<MemoryConnection>();

  wire(): Wire {
    return {
      name: 'memory',
      connect: (events) => {
        this.connects += 1;
        if (!this.isUp) return Promise.reject(new Error('nobody is there'));
        return Promise.resolve(new MemoryConnection(this, events));
      },
    };
  }

  /** Says it to all, as another program might. */
  say(topic: Topic, text: string): void {
    for (const { events } of this.connections) events.heard(topic, text);
  }

  /** It listens to all that it was asked to. */
  catchUp(): void {
    this.isSlow = false;
    for (const connection of this.connections) connection.catchUp();
  }

  fall(): void {
    this.isUp = false;
    for (const { events } of this.connections) events.lost(new Error('it fell'));
    this.connections.clear();
  }
}

class MemoryConnection implements WireConnection {
  readonly events: WireEvents;
  readonly #service: MemoryService;
  readonly #topics = new Set<Topic>(['gap']);
  /** What it does once the service catches up. */
  readonly #late: (() => void)[] = [];

  constructor(service: MemoryService, events: WireEvents) {
    this.#service = service;
    this.events = events;
    service.connections.add(this);
  }

  /** To which it listens. */
  get topics(): readonly Topic[] {
    return [...this.#topics];
  }

  send(topic: Topic, text: string): boolean {
    if (this.#service.room < 1) return false;
    this.#service.room -= 1;
    for (const other of this.#service.connections) {
      if (other !== this && other.#topics.has(topic)) other.events.heard(topic, text);
    }
    return true;
  }

  listen(topic: Topic): void {
    this.#inTime(() => this.#topics.add(topic));
  }

  unlisten(topic: Topic): void {
    this.#inTime(() => this.#topics.delete(topic));
  }

  listening(): Promise<void> {
    this.#service.questions += 1;
    return new Promise((resolve) => this.#inTime(resolve));
  }

  catchUp(): void {
    for (const act of this.#late.splice(0)) act();
  }

  #inTime(act: () => void): void {
    if (this.#service.isSlow) this.#late.push(act);
    else act();
  }

  close(): Promise<void> {
    this.#service.connections.delete(this);
    return Promise.resolve();
  }
}
