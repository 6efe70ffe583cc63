import type {
  Alive,
  Heartbeat,
  Hello,
  Reply,
  RtmGot,
  RtmServerMessage,
  ServerMessage,
  Welcome,
} from '@ringline/protocol';
import type { Call } from './call.ts';
import type { RinglineClient } from './ringline-client.ts';
import type { Renewal } from './signalling/renewal.ts';
import type { Requests } from './signalling/requests.ts';

/** What a door for applications of another vendor says and hears over a client's connection, beside calls and messages. */
export interface Extension {
  /** What it adds to a hello. */
  hello(): Pick<Hello, 'rtm'>;
  /** What it adds to a heartbeat. */
  beat(): Pick<Heartbeat, 'rtm'>;
  welcomed(welcome: Welcome): void;
  /** What was not answered has been sent again, or a new token was taken: now anything else may be said. */
  resumed(): void;
  received(message: ToldToExtension): void;
  /** The answer to a heartbeat: which of its invitations the server does not keep. */
  alive(answer: Alive): void;
  /** Somebody calls: true takes the call, and the app is not told of it by `incoming`. */
  takes(call: Call): boolean;
}

/** How an extension speaks. */
export interface ExtensionLine {
  /** Numbered, answered once, and sent again after a reconnect. */
  readonly requests: Requests;
  /** Said if there is a connection, and not answered. */
  say(message: RtmGot): void;
  /** Nobody answers any more: gives the socket up, and comes back with another. */
  resync(): void;
  /** Gives the connection a new token, and later ones once the server took it; resolves with the milliseconds that it lasts, rejects as requests do. */
  readonly renewal: Pick<Renewal, 'take'>;
}

/** What a server says to an extension alone. */
export type ToldToExtension = Exclude<RtmServerMessage, Reply>;

/** Whether it concerns an extension alone. */
export function isForExtension(message: ServerMessage): message is ToldToExtension {
  return message.type.startsWith('rtm-');
}

/** Where a client may have an extension. */
export interface ExtensionPoint {
  readonly line: ExtensionLine;
  extension?: Extension;
}

/** Of every client; not on the client itself, because apps have no business with it. */
const POINTS = new WeakMap<RinglineClient, ExtensionPoint>();

/** Makes a client one that can be extended. */
export function pointOf(client: RinglineClient, line: ExtensionLine): ExtensionPoint {
  const point: ExtensionPoint = { line };
  POINTS.set(client, point);
  return point;
}

/** Gives a client its extension, before it connects; one client has one. */
export function extend(client: RinglineClient, extension: Extension): ExtensionLine {
  const point = POINTS.get(client);
  if (point === undefined) throw new TypeError('This is no RinglineClient.');
  point.extension = extension;
  return point.line;
}
