import type { Socket, SocketEvents } from '@ringline/client';
import type {
  DeviceMessage,
  DeviceRequest,
  Hello,
  InvitationView,
  Presence,
  RefusalCode,
  ServerMessage,
  Welcome,
} from '@ringline/protocol';
import { REFUSALS } from '@ringline/protocol';
import type { AcceptSocket, ServerSocket, VirtualClock } from '@ringline/testkit';
import { Wire } from '@ringline/testkit';

type OfType<Type extends DeviceMessage['type']> = Extract<DeviceMessage, { readonly type: Type }>;
type Reply = Extract<ServerMessage, { readonly re: number }>;
type WithoutRe<Message> = Message extends unknown ? Omit<Message, 're'> : never;

/** A server that says what the test tells it to; unless told otherwise it welcomes alice, and answers every request. */
export class ScriptedServer {
  readonly wires: Wire[] = [];
  /** Everything that the page said, over all connections. */
  readonly heard: DeviceMessage[] = [];
  /** Requests that are left unanswered, by type. */
  readonly silentOn = new Set<DeviceMessage['type']>();
  /** Answers by type, instead of the usual. */
  readonly answers = new Map<DeviceMessage['type'], WithoutRe<Reply>>();
  /** Where users stand; those that are not here are online. */
  readonly presences = new Map<string, Presence>();
  /** What the next welcomes say beside the usual. */
  welcome: Partial<Welcome> = {};
  /** Answers hello with this close code instead of a welcome. */
  turnAwayWith: number | undefined;
  /** What follows the next welcomes. */
  afterWelcome: readonly InvitationView[] = [];
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

  show(invitation: InvitationView): void {
    this.say({ type: 'rtm-invitation', at: this.#clock.now(), invitation });
  }

  /** The connection breaks, and nobody gets through for so many milliseconds. */
  dropFor(ms: number): void {
    this.isReachable = false;
    this.wire.drop();
    this.#clock.after(ms, () => (this.isReachable = true));
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

  all<Type extends DeviceMessage['type']>(type: Type): OfType<Type>[] {
    return this.heard.filter((message): message is OfType<Type> => message.type === type);
  }

  last<Type extends DeviceMessage['type']>(type: Type): OfType<Type> {
    const found = this.all(type).at(-1);
    if (found === undefined) throw new Error(`no ${type} was said`);
    return found;
  }

  /** Answers a request, as told or as usual. */
  answer(request: DeviceRequest): void {
    if (request.type === 'watch') {
      this.say({ type: 'presence', users: request.users.map((user) => this.#presenceOf(user)) });
    }
    const answer = this.answers.get(request.type) ?? this.#usual(request);
    this.say({ ...answer, re: request.seq });
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
    this.say({
      type: 'welcome',
      at: this.#clock.now(),
      version: 1,
      user: 'alice',
      device: hello.device,
      resumeKey: 'resume',
      lastSeq: 0,
      inbox: { head: 0, from: 0, revision: 0 },
      gone: [],
      rtm: { resumed: false, gone: [] },
      ...this.welcome,
    });
    for (const view of this.afterWelcome) this.show(view);
  }

  #presenceOf(user: string): Presence {
    return this.presences.get(user) ?? { user, state: 'online' };
  }

  #usual(request: DeviceRequest): WithoutRe<Reply> {
    const { type } = request;
    if (type === 'invite') return { type: 'invited', call: request.call };
    if (type === 'rtm-count') return { type: 'rtm-counted', counts: request.channels.map(() => 0) };
    if (type === 'query-presence') {
      return { type: 'presence-found', users: request.users.map((user) => this.#presenceOf(user)) };
    }
    const usually: Partial<Record<DeviceRequest['type'], WithoutRe<Reply>>> = {
      'rtm-send': { type: 'rtm-sent', received: true },
      'rtm-get-attributes': { type: 'rtm-attributes-found', attributes: [] },
      'rtm-members': { type: 'rtm-members-found', members: ['alice'] },
    };
    return usually[type] ?? { type: 'done' };
  }
}
