import type { Topic } from './topics.ts';

/** What a connection brings. */
export interface WireEvents {
  /** Another node said this; those of one node and topic come in the order in which it said them. */
  heard(topic: Topic, text: string): void;
  /** The connection is lost; called once at most, and nothing is heard after it. */
  lost(why: unknown): void;
}

/** The way to the other nodes: a service that a bus connects to, again and again. */
export interface Wire {
  /** What it is, in words for the operator: `NATS`. */
  readonly name: string;
  /** One connection, made within WIRE_TIMEOUT_MS; rejects when there is none. It hears GAP_TOPIC from the start. */
  connect(events: WireEvents): Promise<WireConnection>;
}

/** One connection; what it is given after it was lost goes nowhere. It never throws, waits, or hears itself. */
export interface WireConnection {
  /** Sends to every other node that listens; false when it is dropped, since too much waits or it is too large. */
  send(topic: Topic, text: string): boolean;
  listen(topic: Topic): void;
  unlisten(topic: Topic): void;
  /** Resolves once the service listens for this connection to all that it was given until now; later, or never, once it is lost. */
  listening(): Promise<void>;
  close(): Promise<void>;
}

/** So long a service may take to answer: one that is there does within a second also when busy, and a bus that is given up reads again what it lost. */
export const WIRE_TIMEOUT_MS = 5_000;

/** So often a quiet connection is tried, so that one that hangs is found before the heartbeats of devices have done its work. */
export const WIRE_PROBE_MS = 5_000;

/** What may wait in a node for a service that is slow: some ten thousand deliveries of calls, more than a node says in a second; what is later than that is read from the store sooner. */
export const MAX_WAITING_BYTES = 16 * 1024 * 1024;
