import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CallRecord, WebhookEvent } from '@ringline/protocol';
import type { SeededRandomness } from '@ringline/testkit';
import { Webhook } from 'standardwebhooks';

/** What the receiver does with what comes. */
export type Mood = 'well' | 'failing' | 'stalling' | 'dead';

/** Of a receiver that fails: so many requests come to nothing. */
const FAILS = 0.5;

/** A customer's server: it verifies what comes, forgets what it has had, and is not always well. */
export class Receiver {
  mood: Mood = 'well';
  /** Records by the id of their call, as Standard Webhooks and as copy-outs brought them. */
  readonly records = new Map<string, CallRecord>();
  readonly copied = new Set<string>();
  /** How often an event came that it had taken before, and records that came under two ids. */
  repeated = 0;
  doubled = 0;
  /** Requests that were not what they should be. */
  readonly flaws: string[] = [];
  readonly #seen = new Set<string>();
  readonly #order = new Map<string, number>();
  readonly #server: Server;
  readonly #randomness: SeededRandomness;
  readonly #secret: string;
  readonly #stalled = new Set<ServerResponse>();

  private constructor(server: Server, secret: string, randomness: SeededRandomness) {
    this.#server = server;
    this.#secret = secret;
    this.#randomness = randomness;
    server.on('request', (request, response) => void this.#answer(request, response));
  }

  static async start(secret: string, randomness: SeededRandomness): Promise<Receiver> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Receiver(server, secret, randomness);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Answers what it has kept waiting, and lets go of it. */
  recover(): void {
    this.mood = 'well';
    for (const response of this.#stalled) response.destroy();
    this.#stalled.clear();
  }

  stop(): void {
    this.recover();
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.mood === 'dead') return void request.socket.destroy();
    const body = await bodyOf(request);
    if (this.mood === 'stalling') return void this.#stalled.add(response);
    // It may fail before it has kept anything, and after: then the same comes again.
    const fails = this.mood === 'failing' && this.#randomness.chance(FAILS);
    if (fails && this.#randomness.chance(0.5)) return void response.writeHead(503).end();
    try {
      if (request.url === '/copy') this.#takeCopy(body);
      else this.#takeEvent(request, body);
    } catch (error) {
      this.flaws.push(`${request.url}: ${String(error)}`);
    }
    response.writeHead(fails ? 503 : 200).end();
  }

  #takeEvent({ headers }: IncomingMessage, body: string): void {
    const signed = Object.fromEntries(
      ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => [
        name,
        String(headers[name]),
      ]),
    );
    const event = new Webhook(this.#secret).verify(body, signed) as WebhookEvent;
    const id = signed['webhook-id'] ?? '';
    if (this.#seen.has(id)) return void this.repeated++;
    this.#seen.add(id);
    if (event.type === 'message.sent') return;
    const { call, sequence } = event.data;
    const due = (this.#order.get(call) ?? 0) + 1;
    if (sequence !== due) this.flaws.push(`${call}: event ${sequence} in place of ${due}`);
    this.#order.set(call, sequence);
    if (event.type !== 'record.created') return;
    if (this.records.has(call)) this.doubled++;
    this.records.set(call, event.data.record);
  }

  #takeCopy(body: string): void {
    // Each start of the server asks so whether the address is right.
    if (body === '{}') return;
    const { msgidServer, msgidClient } = JSON.parse(body) as Record<string, string>;
    if (this.#seen.has(`copy ${msgidServer}`)) return void this.repeated++;
    this.#seen.add(`copy ${msgidServer}`);
    const call = (msgidClient ?? '').replace('record:', '');
    if (this.copied.has(call)) this.doubled++;
    this.copied.add(call);
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
