import type { DeviceMessage, Heartbeat, Hello, ServerMessage, Welcome } from '@ringline/protocol';
import { BACK_SOON_CLOSE, HEARTBEAT_MS, decodeFromServer, encode } from '@ringline/protocol';
import type { Clock, OpenSocket, Socket, Timer } from '../ports.ts';
import { ALIVE_TIMEOUT_MS, WELCOME_TIMEOUT_MS } from '../timing.ts';
import type { ServerTime } from './server-time.ts';

/** What a link asks and tells. */
export interface LinkEvents {
  hello(): Hello;
  heldCalls(): Hello['calls'];
  beat(): Pick<Heartbeat, 'rtm'>;
  welcomed(welcome: Welcome): void;
  received(message: Exclude<ServerMessage, Welcome>): void;
  /** Once, whoever closed it; 1006 when nobody answers. */
  closed(code: number): void;
}

/** What a link is made of. */
export interface LinkParts {
  readonly clock: Clock;
  readonly openSocket: OpenSocket;
  readonly url: string;
  /** What earlier connections have learnt of it: all servers of one address go by the time of one store. */
  readonly serverTime: ServerTime;
}

/** RFC 6455 §7.4.1: the page has nothing more to say. */
export const GOODBYE = 1000;
/** RFC 6455 §7.1.5: no closing frame came. */
const ABNORMAL = 1006;

/** One socket from its opening to its close: hello, welcome, then messages and heartbeats. */
export class Link {
  readonly #clock: Clock;
  readonly #events: LinkEvents;
  readonly #socket: Socket;
  readonly #serverTime: ServerTime;
  #isWelcome = false;
  #isClosed = false;
  /** Of what was asked and is not answered: the first that comes counts. */
  readonly #deadlines: Timer[] = [];
  #beat: Timer | undefined;
  /** When each hello or heartbeat was sent that is not answered, in the order in which they will be. */
  readonly #askedAt: number[] = [];

  constructor({ clock, openSocket, url, serverTime }: LinkParts, events: LinkEvents) {
    this.#clock = clock;
    this.#events = events;
    this.#serverTime = serverTime;
    this.#socket = openSocket(url, {
      opened: () => this.#isClosed || this.#ask(events.hello()),
      text: (frame) => this.#receive(frame),
      closed: (code) => this.#finish(code),
    });
    // Not before: where no socket can be made, nothing is waited for.
    this.#expectWithin(WELCOME_TIMEOUT_MS);
  }

  send(message: DeviceMessage): void {
    this.#socket.send(encode(message));
  }

  /** Asks the server for its life and for newer views, now; without an answer within `ms` the socket is dead. */
  probe(ms: number = ALIVE_TIMEOUT_MS): void {
    if (!this.#isWelcome || this.#isClosed) return;
    this.#ask({ type: 'heartbeat', calls: this.#events.heldCalls(), ...this.#events.beat() });
    this.#expectWithin(ms);
    this.#beatLater();
  }

  /** Closes without a word to the owner; by the code, GOODBYE or BACK_SOON_CLOSE, the server learns whether this page comes back. */
  close(code: number): void {
    this.#stop();
    this.#socket.close(code, '');
  }

  /** Closes because something went wrong here: the owner is told as if the network had. */
  fail(): void {
    if (this.#isClosed) return;
    this.close(BACK_SOON_CLOSE);
    this.#events.closed(ABNORMAL);
  }

  #beatLater(): void {
    this.#beat?.cancel();
    this.#beat = this.#clock.after(HEARTBEAT_MS, () => this.probe());
  }

  #expectWithin(ms: number): void {
    this.#deadlines.push(this.#clock.after(ms, () => this.fail()));
  }

  #expectNothing(): void {
    for (const deadline of this.#deadlines.splice(0)) deadline.cancel();
  }

  #receive(frame: string): void {
    const message = this.#isClosed ? undefined : decodeFromServer(frame);
    // A message of a newer server that this version does not know is none of ours.
    if (message === undefined) return;
    if (message.type === 'welcome') this.#enter(message);
    else this.#pass(message);
  }

  #enter(welcome: Welcome): void {
    this.#isWelcome = true;
    this.#serverTime.answered(this.#askedAt.shift(), welcome.at);
    this.#expectNothing();
    this.#beatLater();
    this.#events.welcomed(welcome);
  }

  #pass(message: Exclude<ServerMessage, Welcome>): void {
    const isAlive = message.type === 'alive';
    // A heartbeat that the server cannot answer, for its store is away, shows nevertheless that the socket lives.
    if (isAlive || (message.type === 'refused' && message.re === 0)) {
      this.#expectNothing();
      // What is refused may be refused ahead of the answers to those before.
      if (isAlive) this.#serverTime.answered(this.#askedAt.shift(), message.at);
      else this.#askedAt.pop();
    }
    if (message.type !== 'call') return this.#events.received(message);
    const call = this.#serverTime.fresh(message.call, message.at);
    this.#events.received({ ...message, call });
  }

  #ask(message: DeviceMessage): void {
    this.#askedAt.push(this.#clock.now());
    this.send(message);
  }

  #finish(code: number): void {
    if (this.#isClosed) return;
    this.#stop();
    this.#events.closed(code);
  }

  #stop(): void {
    this.#isClosed = true;
    this.#expectNothing();
    this.#beat?.cancel();
  }
}
