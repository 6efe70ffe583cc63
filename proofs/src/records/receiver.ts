import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { EventType, WebhookEvent } from '@ringline/protocol';
import type { SeededRandomness } from '@ringline/testkit';
import { Webhook } from 'standardwebhooks';

/** What the receiver does with what comes. */
export type Mood = 'well' | 'failing' | 'stalling' | 'dead';

/** Of a receiver that fails: so many requests come to nothing. */
const FAILS = 0.5;
/**
 * So often at most it lets down one and the same delivery, whatever its mood. The courier tries for
 * the third time half a minute after the first, for the fourth after a minute more: so all has come
 * soon after the last call, by the courier's own schedule.
 */
const MAX_LET_DOWN = 2;

/** A customer's server: it verifies what comes, forgets what it has had, and is not always well. */
export class Receiver {
  mood: Mood = 'well';
  /** Ids of the calls of records and of messages, each under an id that it had not seen, as Standard Webhooks and as copy-outs brought them. */
  readonly records: string[] = [];
  readonly messages: string[] = [];
  readonly copied: string[] = [];
  /** Ids of bare invitations that were sent, and of those that ended, likewise. */
  readonly invitations: string[] = [];
  readonly invitationsOver: string[] = [];
  /** How many events of each type came, each once. */
  readonly types = new Map<EventType, number>();
  /** How often an event came that it had taken before. */
  repeated = 0;
  /** Requests that were not what they should be. */
  readonly flaws: string[] = [];
  readonly #seen = new Set<string>();
  readonly #letDown = new Map<string, number>();
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

  /** How many events and copy-outs came, each once. */
  get taken(): number {
    return this.#seen.size;
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
    const body = await bodyOf(request);
    const mood = this.#moodFor(request.headers['webhook-id']?.toString() ?? body);
    if (mood === 'dead') return void request.socket.destroy();
    if (mood === 'stalling') return void this.#stalled.add(response);
    // It may fail before it has kept anything, and after: then the same comes again.
    const fails = mood === 'failing';
    if (fails && this.#randomness.chance(0.5)) return void response.writeHead(503).end();
    try {
      if (request.url === '/copy') this.#takeCopy(body);
      else this.#takeEvent(request, body);
    } catch (error) {
      this.flaws.push(`${request.url}: ${String(error)}`);
    }
    response.writeHead(fails ? 503 : 200).end();
  }

  /** How it takes this delivery: it does not let the same one down for ever. */
  #moodFor(delivery: string): Mood {
    const times = this.#letDown.get(delivery) ?? 0;
    if (this.mood === 'well' || times === MAX_LET_DOWN) return 'well';
    if (this.mood === 'failing' && !this.#randomness.chance(FAILS)) return 'well';
    this.#letDown.set(delivery, times + 1);
    return this.mood;
  }

  #takeEvent({ headers }: IncomingMessage, body: string): void {
    const signed = Object.fromEntries(
      ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => [
        name,
        String(headers[name]),
      ]),
    );
    const event = new Webhook(this.#secret).verify(body, signed) as WebhookEvent;
    if (this.#hasSeen(signed['webhook-id'] ?? '')) return;
    this.types.set(event.type, (this.types.get(event.type) ?? 0) + 1);
    if (event.type === 'message.sent') return void this.messages.push(event.data.id);
    const { data } = event;
    const subject = 'invitation' in data ? data.invitation : data.call;
    this.#inOrder(subject, data.sequence);
    if (event.type === 'record.created') this.records.push(subject);
    if (event.type === 'invitation.sent') this.invitations.push(subject);
    if (event.type === 'invitation.ended') this.invitationsOver.push(subject);
  }

  #inOrder(subject: string, sequence: number): void {
    const due = (this.#order.get(subject) ?? 0) + 1;
    if (sequence !== due) this.flaws.push(`${subject}: event ${sequence} in place of ${due}`);
    this.#order.set(subject, sequence);
  }

  #takeCopy(body: string): void {
    // Each start of the server asks so whether the address is right.
    if (body === '{}') return;
    const { msgidServer, msgidClient } = JSON.parse(body) as Record<string, string>;
    if (this.#hasSeen(`copy ${msgidServer}`)) return;
    this.copied.push((msgidClient ?? '').replace('record:', ''));
  }

  #hasSeen(id: string): boolean {
    if (!this.#seen.has(id)) return !this.#seen.add(id);
    this.repeated++;
    return true;
  }
}

/** The webhooks file that names it, in both forms. */
export function endpointsOf({ url }: Receiver, secret: string): readonly object[] {
  return [
    { id: 'backend', url: `${url}/events`, format: 'standard', secrets: [secret] },
    {
      id: 'copy-out',
      url: `${url}/copy`,
      format: 'netease',
      appKey: 'key',
      appSecret: 'secret',
      only200: true,
      forms: ['record', 'message'],
    },
  ];
}

/** Whether a server has nothing more to send to anybody. */
export async function hasToldAll(url: string, apiKey: string): Promise<boolean> {
  const answer = await fetch(`${url}/v1/webhooks/deliveries?state=waiting&limit=1`, {
    headers: { authorization: `Bearer ${apiKey}` },
  });
  const { items } = (await answer.json()) as { items?: unknown[] };
  return items?.length === 0;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
