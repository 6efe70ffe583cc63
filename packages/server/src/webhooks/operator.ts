import type { EventType } from '@ringline/protocol';
import type { Clock } from '../clock.ts';
import type { Outbound } from '../outbound/outbound.ts';
import { newWebhookSecret } from '../outbound/standard-webhooks.ts';
import type { Randomness } from '../randomness.ts';
import { randomName } from '../randomness.ts';
import type {
  DeliveryQuery,
  Endpoint,
  OutboxStore,
  PostForm,
  ResendQuery,
} from '../store/outbox.ts';
import { MAX_ENDPOINTS, endpointOf } from './endpoint-schema.ts';
import type { EndpointInput } from './endpoint-schema.ts';
import { exampleOf } from './examples.ts';
import { formsTaken } from './netease.ts';
import { inPortions } from './portions.ts';
import { NETEASE_TIMEOUT_MS, post, postCheck } from './post.ts';
import type { Outcome } from './post.ts';
import type { Webhooks } from './webhooks.ts';

/** An endpoint that cannot be saved: which of its fields is wrong, and how. */
export class EndpointRefused extends Error {
  readonly field: 'url' | 'appSecret' | 'format' | 'type';

  constructor(field: EndpointRefused['field'], message: string) {
    super(message);
    this.name = 'EndpointRefused';
    this.field = field;
  }
}

/** Why an endpoint was not saved, and what to do. */
const CONFLICTS = {
  changed: 'This endpoint was changed meanwhile: read it, and decide again.',
  gone: 'This endpoint was removed meanwhile; make another one.',
  'too-many': `There are ${MAX_ENDPOINTS} endpoints besides those of WEBHOOKS_FILE, and no more may be made: remove one first.`,
} as const;

/** An endpoint that cannot be saved because of what is there. */
export class EndpointConflict extends Error {
  readonly why: keyof typeof CONFLICTS;

  constructor(why: EndpointConflict['why']) {
    super(CONFLICTS[why]);
    this.name = 'EndpointConflict';
    this.why = why;
  }
}

/** What it needs. */
export interface OperatorParts {
  readonly clock: Clock;
  readonly outbound: Outbound;
  readonly randomness: Randomness;
  readonly store: OutboxStore;
  readonly webhooks: Webhooks;
}

/** What an operator does with webhooks. */
export class Operator {
  readonly #parts: OperatorParts;

  constructor(parts: OperatorParts) {
    this.#parts = parts;
  }

  endpoints(): readonly Endpoint[] {
    return this.#parts.webhooks.endpoints.all;
  }

  isConfigured(id: string): boolean {
    return this.#parts.webhooks.endpoints.isConfigured(id);
  }

  /** Saves a new endpoint; throws EndpointRefused and EndpointConflict. */
  async make(input: EndpointInput): Promise<Endpoint> {
    const { clock, randomness, webhooks } = this.#parts;
    const known = { secrets: [newWebhookSecret(randomness)], appSecret: '' };
    const made = endpointOf(input, randomName(randomness), clock.now(), known);
    await this.#check(made);
    if (!(await webhooks.endpoints.add(made))) throw new EndpointConflict('too-many');
    return made;
  }

  /**
   * Saves an endpoint that was changed; what was left out of its secrets stays. Throws
   * EndpointRefused, and EndpointConflict when it was changed or removed meanwhile.
   */
  async change({ id }: Endpoint, input: EndpointInput): Promise<Endpoint> {
    const { endpoints } = this.#parts.webhooks;
    // Another node may have changed it since they were read.
    await endpoints.refresh();
    const before = endpoints.find(id);
    if (!before) throw new EndpointConflict('gone');
    const changed = this.#changed(before, input);
    await this.#check(changed);
    if (!(await endpoints.change(changed))) {
      throw new EndpointConflict(endpoints.find(id) ? 'changed' : 'gone');
    }
    // What waited while it was disabled.
    this.#parts.webhooks.nudge();
    return changed;
  }

  #changed(before: Endpoint, input: EndpointInput): Endpoint {
    // What waits for it is in the form that it had.
    if (input.format !== before.format) {
      throw new EndpointRefused('format', `stays ${before.format}; make another endpoint`);
    }
    const own = before.format === 'standard' ? before.secrets : [];
    const known = {
      secrets: own.length > 0 ? own : [newWebhookSecret(this.#parts.randomness)],
      appSecret: before.format === 'netease' ? before.appSecret : '',
    };
    const changed = endpointOf(input, before.id, before.createdAt, known);
    return { ...changed, version: before.version + 1 };
  }

  /** As the vendor does it when an address is saved. */
  async #check(endpoint: Endpoint): Promise<void> {
    if (endpoint.format !== 'netease') return;
    if (endpoint.appSecret === '') throw new EndpointRefused('appSecret', 'is missing');
    // One that is switched off may be away: that may be why.
    if (!endpoint.isEnabled) return;
    const { clock, outbound } = this.#parts;
    const { isDelivered, status, note } = await postCheck(outbound, endpoint, clock.now());
    if (isDelivered) return;
    const what = status === null ? note : `it answered ${status}`;
    const seconds = NETEASE_TIMEOUT_MS / 1000;
    const must = `must answer a POST of {} with 200 within ${seconds} s`;
    throw new EndpointRefused('url', `${must}, but ${what}`);
  }

  remove({ id }: Endpoint): Promise<void> {
    return this.#parts.webhooks.endpoints.remove(id);
  }

  /** Posts an example now and once, whatever the endpoint is told otherwise; throws EndpointRefused when there is none of this type. */
  async test(endpoint: Endpoint, given?: EventType): Promise<Outcome> {
    const type = given ?? (endpoint.format === 'netease' ? 'record.created' : 'call.ended');
    const { clock, outbound, randomness } = this.#parts;
    const now = clock.now();
    const event = { ...exampleOf(type, now), id: `test-${randomName(randomness)}` };
    const form = exampleForm(endpoint, type);
    return post(outbound, endpoint, event, form, now);
  }

  /** Has deliveries made once more, the oldest first; those of the first portion leave before the last is looked at. */
  resend(query: ResendQuery): Promise<number> {
    const { clock, store, webhooks } = this.#parts;
    return inPortions(async (portion) => {
      const done = await store.resend({ ...query, ...portion }, clock.now());
      if (done.count > 0) webhooks.nudge();
      return done;
    });
  }

  deliveries(query: DeliveryQuery) {
    return this.#parts.store.deliveries(query);
  }

  event(id: string) {
    return this.#parts.store.event(id);
  }
}

/** As what an example of this type is posted: of several the record, which says most. */
function exampleForm(endpoint: Endpoint, type: EventType): PostForm {
  if (endpoint.format === 'standard') return 'event';
  const taken = formsTaken(endpoint, type);
  const form = taken.find((each) => each === 'record') ?? taken[0];
  if (form === undefined) throw new EndpointRefused('type', `no body of ${type} is told there`);
  return form;
}
