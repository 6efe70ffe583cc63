import type { Topic } from './topics.ts';

/** The longest payload of NOTIFY: PostgreSQL refuses 8000 bytes (NOTIFY_PAYLOAD_MAX_LENGTH counts the final zero). */
export const MAX_NOTIFICATION_BYTES = 7_999;
/** The longest thing said that is put together again: four times the longest frame of a device, so more than any delivery. */
export const MAX_SAID_BYTES = 1024 * 1024;
/** Speakers whose unfinished pieces are kept: as many nodes as one database serves, and those that were killed. */
export const MAX_SPEAKERS = 1_000;

/** One thing said: a topic, and one line of text. */
export interface Said {
  readonly topic: Topic;
  readonly text: string;
}

const HIGHEST_COUNT = Number.MAX_SAFE_INTEGER.toString(36);

/** As much as one node says in one transaction, in payloads that PostgreSQL takes. */
export class NotificationWriter {
  /** The longest line that one payload holds, in characters. */
  readonly room: number;
  readonly #node: string;
  #count = 0;

  /** The name of the node has no spaces and is ASCII. */
  constructor(node: string) {
    this.#node = node;
    this.room = MAX_NOTIFICATION_BYTES - `${node} ${HIGHEST_COUNT} .`.length;
  }

  /** Short things share a payload, long ones are cut. No two payloads are alike: PostgreSQL drops what is. */
  write(said: readonly string[]): readonly string[] {
    const payloads: string[] = [];
    let body = '';
    const finish = () => {
      if (body !== '') payloads.push(this.#header('.') + body);
      body = '';
    };
    for (const line of said) {
      if (body.length + 1 + line.length > this.room) finish();
      if (line.length > this.room) payloads.push(...this.#pieces(line));
      else body = body === '' ? line : `${body}\n${line}`;
    }
    finish();
    return payloads;
  }

  #pieces(line: string): readonly string[] {
    const pieces: string[] = [];
    for (let at = 0; at < line.length;) {
      const end = at + this.room;
      pieces.push(this.#header(end < line.length ? '+' : '.') + line.slice(at, end));
      at = end;
    }
    return pieces;
  }

  /** Who says it, the how manieth payload it is, and whether more of the same line follows. */
  #header(more: '+' | '.'): string {
    this.#count += 1;
    return `${this.#node} ${this.#count.toString(36)} ${more}`;
  }
}

/** One thing said, as a line of ASCII: one character is one byte, whatever the encoding of the database. */
export function lineOf({ topic, text }: Said): string {
  return `${topic} ${text.replaceAll(/[^\x20-\x7e]/g, escape)}`;
}

/** Texts are JSON, in which every code unit may be written so (RFC 8259 §7); control characters never stand in it as they are. */
function escape(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** Puts together what other nodes have said. */
export class NotificationReader {
  readonly #node: string;
  readonly #unfinished = new Map<string, string>();

  /** What this node said itself is left out. */
  constructor(node: string) {
    this.#node = node;
  }

  /** What is complete with this payload; what is none of ours is nothing. */
  read(payload: string): readonly Said[] {
    const [, node = '', more, body = ''] = /^(\S+) \S+ ([+.])(.*)$/s.exec(payload) ?? [];
    if (more === undefined || node === this.#node) return [];
    const whole = (this.#unfinished.get(node) ?? '') + body;
    this.#unfinished.delete(node);
    if (more === '+') {
      this.#keep(node, whole);
      return [];
    }
    return whole.split('\n').map(saidIn);
  }

  #keep(node: string, begun: string): void {
    if (begun.length > MAX_SAID_BYTES) return;
    const [oldest] = this.#unfinished.keys();
    if (this.#unfinished.size >= MAX_SPEAKERS && oldest !== undefined) {
      this.#unfinished.delete(oldest);
    }
    this.#unfinished.set(node, begun);
  }
}

function saidIn(line: string): Said {
  const space = line.indexOf(' ');
  return space < 0
    ? { topic: line, text: '' }
    : { topic: line.slice(0, space), text: line.slice(space + 1) };
}
