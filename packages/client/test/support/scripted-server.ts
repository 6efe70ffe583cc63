import type {
  CallView,
  DeviceMessage,
  DeviceRequest,
  Hello,
  InboxItem,
  RefusalCode,
  ServerMessage,
  Welcome,
} from '@ringline/protocol';
import { REFUSALS } from '@ringline/protocol';
import type { AcceptSocket, ServerSocket, VirtualClock } from '@ringline/testkit';
import { Wire } from '@ringline/testkit';
import type { Socket, SocketEvents } from '../../src/index.ts';

type OfType<Type extends DeviceMessage['type']> = Extract<DeviceMessage, { readonly type: Type }>;
type Reply = Extract<ServerMessage, { readonly re: number }>;
type WithoutRe<Message> = Message extends unknown ? Omit<Message, 're'> : never;

/** A server that says what the test tells it to; unless told otherwise it welcomes, and answers every request. */
export class ScriptedServer {
  readonly wires: Wire[] = [];
  /** Everything that devices said, over all connections. */
  readonly heard: DeviceMessage[] = [];
  /** Requests that are left unanswered, by type. */
  readonly silentOn = new Set<DeviceMessage['type']>();
  /** Answers by type, instead of the usual. */
  readonly answers = new Map<DeviceMessage['type'], WithoutRe<Reply>>();
  /** What the next welcomes say beside the usual. */
  welcome: Partial<Welcome> = {};
  /** Answers hello with this close code instead of a welcome. */
  turnAwayWith: number | undefined;
  isReachable = true;
  readonly #clock: VirtualClock;
  #socket: ServerSocket | undefined;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  /** For the SDK's socket port. */
  connect(events: SocketEvents): Socket {
    const accept: AcceptSocket = (socket) => {
      this.#socket = socket;
      return {
        text: (frame) => this.#hear(JSON.parse(frame) as DeviceMessage, socket),
        pong: () => {},
        closed: () => {},
      };
    };
    const wire = new Wire(this.#clock, events, { accept: this.isReachable ? accept : undefined });
    this.wires.push(wire);
    return wire.client;
  }

  get wire(): Wire {
    return this.wires.at(-1)!;
  }

  say(message: ServerMessage): void {
    this.#socket?.send(JSON.stringify(message));
  }

  show(call: CallView): void {
    this.say({ type: 'call', at: this.#clock.now(), call });
  }

  bring(...items: InboxItem[]): void {
    this.say({ type: 'inbox', items });
  }

  close(code: number): void {
    this.#socket?.close(code, '');
  }

  refuse(
    type: DeviceMessage['type'],
    code: RefusalCode,
    more: { retryAfterMs?: number } = {},
  ): void {
    this.answers.set(type, { type: 'refused', code, message: REFUSALS[code], ...more });
  }

  /** Answers a request that was left unanswered. */
  answer(request: DeviceRequest): void {
    const answer = this.answers.get(request.type) ?? usual(request);
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

  #hear(message: DeviceMessage, socket: ServerSocket): void {
    this.heard.push(message);
    if (message.type === 'hello') return this.#greet(message, socket);
    if (this.silentOn.has(message.type)) return;
    if (message.type === 'heartbeat') this.say({ type: 'alive', at: this.#clock.now(), gone: [] });
    else if ('seq' in message) this.answer(message);
  }

  #greet(hello: Hello, socket: ServerSocket): void {
    if (this.turnAwayWith !== undefined) return socket.close(this.turnAwayWith, '');
    if (this.silentOn.has('hello')) return;
    const cursor = hello.cursor ?? 0;
    this.say({
      type: 'welcome',
      at: this.#clock.now(),
      version: 1,
      user: 'alice',
      device: hello.device,
      resumeKey: 'resume',
      lastSeq: 0,
      inbox: { head: cursor, from: cursor, revision: 0 },
      gone: [],
      ...this.welcome,
    });
  }
}

function usual(request: DeviceRequest): WithoutRe<Reply> | undefined {
  if (request.type === 'invite') return { type: 'invited', call: request.call };
  const usually: Partial<Record<DeviceRequest['type'], WithoutRe<Reply> | null>> = {
    send: { type: 'sent', id: 'message', at: 1 },
    history: { type: 'history-page', items: [], more: false },
    'query-presence': { type: 'presence-found', users: [] },
    'renew-ice': {
      type: 'ice-renewed',
      ice: { servers: [], relayOnly: false, preconnect: 'off' },
    },
    // Answered only when refused.
    signal: null,
    'answer-voice': null,
    'stop-voice': null,
  };
  const answer = usually[request.type];
  return answer === null ? undefined : (answer ?? { type: 'done' });
}
