import type {
  CallView,
  Conversation,
  DeviceMessage,
  DeviceRequest,
  InboxItem,
  Presence,
  Reply,
  ServerMessage,
  UserId,
} from '@ringline/protocol';
import { decodeFromServer, encode } from '@ringline/protocol';
import type { AcceptSocket, VirtualClock } from '@ringline/testkit';
import { Wire } from '@ringline/testkit';

type WithoutSeq<T> = T extends unknown ? Omit<T, 'seq'> : never;

/** A device that speaks the bare protocol. */
export class TestDevice {
  readonly wire: Wire;
  readonly heard: ServerMessage[] = [];
  closedWith: number | undefined;
  seq = 0;
  /** The one that it was given last. */
  resumeKey: string | undefined;

  constructor(clock: VirtualClock, accept: AcceptSocket) {
    this.wire = new Wire(
      clock,
      {
        opened: () => undefined,
        text: (frame) => this.#hear(frame),
        closed: (code) => (this.closedWith = code),
      },
      { accept, delayMs: 0 },
    );
  }

  hello(user: string, device: string, more: object = {}): void {
    this.say({ type: 'hello', versions: [1], token: user, device, calls: [], ...more });
  }

  /** Sends a message as it is. */
  say(message: DeviceMessage): void {
    this.raw(encode(message));
  }

  raw(frame: string): void {
    this.wire.client.send(frame);
  }

  /** Sends a request with the next sequence number, and returns that. */
  ask(request: WithoutSeq<DeviceRequest>): number {
    this.seq++;
    this.say({ ...request, seq: this.seq });
    return this.seq;
  }

  invite(call: string, to: string, more: object = {}): number {
    return this.ask({ type: 'invite', call, to, media: 'audio', ...more });
  }

  /** What answered a request. */
  answerTo(seq: number): Reply | undefined {
    return this.heard.find((message): message is Reply => 're' in message && message.re === seq);
  }

  /** The newest view of a call. */
  view(call: string): CallView | undefined {
    return this.heard
      .flatMap((message) =>
        message.type === 'call' && message.call.id === call ? message.call : [],
      )
      .at(-1);
  }

  /** The newest presence that this device was told of a user. */
  presence(user: UserId): Presence | undefined {
    return this.presences.findLast((each) => each.user === user);
  }

  get presences(): readonly Presence[] {
    return this.heard.flatMap((message) => (message.type === 'presence' ? message.users : []));
  }

  /** The newest state of a conversation that this device was told. */
  conversation(peer: UserId): Conversation | undefined {
    return this.conversations.findLast((each) => each.peer === peer);
  }

  get conversations(): readonly Conversation[] {
    return this.heard.flatMap((message) => (message.type === 'conversations' ? message.items : []));
  }

  get items(): readonly InboxItem[] {
    return this.heard.flatMap((message) => (message.type === 'inbox' ? message.items : []));
  }

  get welcome(): Extract<ServerMessage, { type: 'welcome' }> | undefined {
    return this.heard.find((message) => message.type === 'welcome');
  }

  #hear(frame: string): void {
    const message = decodeFromServer(frame);
    if (!message) throw new Error(`the server said what no SDK understands: ${frame}`);
    if (message.type === 'welcome') {
      this.seq = Math.max(this.seq, message.lastSeq);
      this.resumeKey = message.resumeKey;
    }
    this.heard.push(message);
  }
}
