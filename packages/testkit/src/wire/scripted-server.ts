import type {
  DeviceMessage,
  DeviceRequest,
  Hello,
  RefusalCode,
  ServerMessage,
  Welcome,
} from '@ringline/protocol';
import { REFUSALS } from '@ringline/protocol';
import type { VirtualClock } from '../clock.ts';
import type { AcceptSocket, ClientSocket, ClientSocketEvents, ServerSocket } from './wire.ts';
import { Wire } from './wire.ts';

type OfType<Type extends DeviceMessage['type']> = Extract<DeviceMessage, { readonly type: Type }>;
type Reply = Extract<ServerMessage, { readonly re: number }>;
type WithoutRe<Message> = Message extends unknown ? Omit<Message, 're'> : never;

/** An answer before it says to what. */
export type Answer = WithoutRe<Reply>;

/** A server that says what the test tells it to; unless told otherwise it welcomes, and answers every request. */
export class ScriptedServer {
  readonly wires: Wire[] = [];
  /** Everything that devices said, over all connections. */
  readonly heard: DeviceMessage[] = [];
  /** Requests that are left unanswered, by type. */
  readonly silentOn = new Set<DeviceMessage['type']>();
  /** Answers by type, instead of the usual. */
  readonly answers = new Map<DeviceMessage['type'], Answer>();
  /** What the next welcomes say beside the usual. */
  welcome: Partial<Welcome> = {};
  /** Answers hello with this close code instead of a welcome. */
  turnAwayWith: number | undefined;
  isReachable = true;
  /** The server's ends of all connections, and with what the device closed each. */
  readonly sockets: ServerSocket[] = [];
  readonly closes: (number | undefined)[] = [];
  protected readonly clock: VirtualClock;
  #socket: ServerSocket | undefined;

  constructor(clock: VirtualClock) {
    this.clock = clock;
  }

  /** For the SDK's socket port. */
  connect(events: ClientSocketEvents): ClientSocket {
    const accept: AcceptSocket = (socket) => {
      this.#socket = socket;
      const n = this.sockets.push(socket) - 1;
      return {
        text: (frame) => this.#hear(JSON.parse(frame) as DeviceMessage, socket),
        pong: () => {},
        closed: (code) => void (this.closes[n] = code),
      };
    };
    const wire = new Wire(this.clock, events, { accept: this.isReachable ? accept : undefined });
    this.wires.push(wire);
    return wire.client;
  }

  /** The newest connection. */
  get wire(): Wire {
    const wire = this.wires.at(-1);
    if (wire === undefined) throw new Error('nobody has connected');
    return wire;
  }

  /** Over the newest connection unless told otherwise. */
  say(message: ServerMessage, socket = this.#socket): void {
    socket?.send(JSON.stringify(message));
  }

  close(code: number): void {
    this.#socket?.close(code, '');
  }

  refuse(
    type: DeviceMessage['type'],
    code: RefusalCode,
    more: { retryAfterMs?: number; path?: string } = {},
  ): void {
    this.answers.set(type, { type: 'refused', code, message: REFUSALS[code], ...more });
  }

  /** The connection breaks, and nobody gets through for so many milliseconds. */
  dropFor(ms: number): void {
    this.isReachable = false;
    this.wire.drop();
    this.clock.after(ms, () => (this.isReachable = true));
  }

  /** Answers a request, as told or as usual. */
  answer(request: DeviceRequest): void {
    const answer = this.answers.get(request.type) ?? this.usual(request);
    if (answer !== undefined) this.say({ ...answer, re: request.seq });
  }

  all<Type extends DeviceMessage['type']>(type: Type): OfType<Type>[] {
    return this.heard.filter((message): message is OfType<Type> => message.type === type);
  }

  last<Type extends DeviceMessage['type']>(type: Type): OfType<Type> {
    const found = this.all(type).at(-1);
    if (found === undefined) throw new Error(`no ${type} was said`);
    return found;
  }

  /** Welcomes a device whose hello was left unanswered. */
  greet(): void {
    this.#welcome(this.last('hello'));
  }

  /** How a request is answered unless the test says otherwise; undefined: not at all. */
  protected usual(request: DeviceRequest): Answer | undefined {
    if (request.type === 'invite') return { type: 'invited', call: request.call };
    return { type: 'done' };
  }

  /** What every welcome of this server says beside the least. */
  protected usualWelcome(_hello: Hello): Partial<Welcome> {
    return {};
  }

  /** The welcome is said: what follows it every time. */
  protected welcomed(): void {}

  #hear(message: DeviceMessage, socket: ServerSocket): void {
    this.heard.push(message);
    if (message.type === 'hello') return this.#greet(message, socket);
    if (this.silentOn.has(message.type)) return;
    if (message.type === 'heartbeat') this.say({ type: 'alive', at: this.clock.now(), gone: [] });
    else if ('seq' in message) this.answer(message);
  }

  #greet(hello: Hello, socket: ServerSocket): void {
    if (this.turnAwayWith !== undefined) return socket.close(this.turnAwayWith, '');
    if (this.silentOn.has('hello')) return;
    this.#welcome(hello);
  }

  #welcome(hello: Hello): void {
    this.say({
      type: 'welcome',
      at: this.clock.now(),
      version: 1,
      user: 'alice',
      device: hello.device,
      resumeKey: 'resume',
      lastSeq: 0,
      inbox: { head: 0, from: 0, revision: 0 },
      gone: [],
      ...this.usualWelcome(hello),
      ...this.welcome,
    });
    this.welcomed();
  }
}
