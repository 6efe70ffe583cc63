import { DELIVERY_STATES, invitationOfKey, keyOfInvitation, subjectOf } from '../store/outbox.ts';
import { EVENT_TYPES } from '@ringline/protocol';
import type { EventType } from '@ringline/protocol';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { EndpointInput } from '../webhooks/endpoint-schema.ts';
import { EndpointConflict, EndpointRefused } from '../webhooks/operator.ts';
import type { Operator } from '../webhooks/operator.ts';
import { defined } from '../defined.ts';
import type { OutboxPlace, Endpoint, NeteaseEndpoint, StoredDelivery } from '../store/outbox.ts';
import { HttpError } from './errors.ts';
import type { RequireOperator } from './operator.ts';
import {
  SPAN_FLAW,
  digits,
  isSpan,
  limit,
  malformed,
  page,
  takesNoQuery,
  validated,
} from './validate.ts';

const name = z.string().min(1).max(64);

/** `<epoch ms>-<number>`, as `next` has it. */
const place = z
  .string()
  .regex(/^\d{1,16}-\d{1,16}$/, 'must be the `next` of a page')
  .transform((text): OutboxPlace => {
    const [at, n] = text.split('-');
    return { at: Number(at), n: Number(n) };
  });

const DeliveriesQuery = z
  .strictObject({
    cursor: place.optional(),
    limit,
    endpoint: name.optional(),
    state: z.enum(DELIVERY_STATES).optional(),
    type: z.enum(EVENT_TYPES).optional(),
    call: name.optional(),
    invitation: name.optional(),
    event: name.optional(),
    from: digits.optional(),
    to: digits.optional(),
  })
  .refine(({ call, invitation }) => call === undefined || invitation === undefined, {
    path: ['invitation'],
    message: 'must not stand beside `call`: an event is of one of the two',
  })
  .refine(isSpan, SPAN_FLAW);

const instant = z.int().min(0);

const ResendBody = z
  .strictObject({
    event: name.optional(),
    state: z.enum(DELIVERY_STATES).optional(),
    from: instant.optional(),
    to: instant.optional(),
  })
  .refine((body) => Object.keys(body).length > 0, 'must say what: event, state, from or to')
  .refine(isSpan, SPAN_FLAW);

const TestBody = z.strictObject({ type: z.enum(EVENT_TYPES).optional() });

const ENDPOINTS = '/v1/webhooks/endpoints';

/** What an operator does with webhooks: endpoints, what became of deliveries, sending again. */
export function serveWebhooks(
  app: FastifyInstance,
  operator: Operator,
  requireOperator: RequireOperator,
): void {
  // In one place for all of them: no address below can be left open.
  void app.register(async (routes) => {
    routes.addHook('preHandler', requireOperator);
    serveDeliveries(routes, operator);
    void routes.register(async (others) => {
      others.addHook('preHandler', takesNoQuery);
      serveEndpoints(others, operator);
      serveEvents(others, operator);
    });
  });
}

function serveEndpoints(app: FastifyInstance, operator: Operator): void {
  const found = (request: FastifyRequest) => endpointIn(request, operator);

  app.get(ENDPOINTS, async () => ({
    items: operator.endpoints().map((each) => shown(each, operator)),
  }));

  app.post(ENDPOINTS, async (request, reply) => {
    const input = validated(EndpointInput, request.body, 'body');
    const made = await named(operator.make(input));
    // The only time that a secret is told.
    return reply.code(201).send({ ...shown(made, operator), ...secretsOf(made) });
  });

  app.get(`${ENDPOINTS}/:id`, async (request) => shown(found(request), operator));

  app.put(`${ENDPOINTS}/:id`, async (request) => {
    const before = changeable(found(request), operator);
    const input = validated(EndpointInput, request.body, 'body');
    return shown(await named(operator.change(before, input)), operator);
  });

  app.delete(`${ENDPOINTS}/:id`, async (request, reply) => {
    await operator.remove(changeable(found(request), operator));
    return reply.code(204).send();
  });

  app.post(`${ENDPOINTS}/:id/test`, async (request) => {
    const { type } = validated(TestBody, request.body ?? {}, 'body');
    const { isDelivered, status, note } = await named(operator.test(found(request), type));
    return { delivered: isDelivered, status, note };
  });

  app.post(`${ENDPOINTS}/:id/resend`, async (request) => {
    const { id } = found(request);
    const body = validated(ResendBody, request.body, 'body');
    await refuseUnknownEvent(id, body.event, operator);
    return { count: await operator.resend({ endpoint: id, ...defined(body) }) };
  });
}

function serveDeliveries(app: FastifyInstance, operator: Operator): void {
  app.get('/v1/webhooks/deliveries', async (request) => {
    const query = validated(DeliveriesQuery, request.query, 'query');
    const { cursor: before, call, invitation, limit: max, ...rest } = query;
    const key = invitation === undefined ? call : keyOfInvitation(invitation);
    const rows = await operator.deliveries({
      ...defined({ ...rest, before, key }),
      limit: max + 1,
    });
    const { items, next } = page(rows, max, ({ event, n }) => `${event.at}-${n}`);
    return { items: items.map(shownDelivery), next };
  });
}

function serveEvents(app: FastifyInstance, operator: Operator): void {
  app.get('/v1/webhooks/events/:id', async (request) => {
    const { id } = request.params as { id: string };
    const event = await operator.event(id);
    if (!event) throw new HttpError('not-found', `There is no event ${id}.`);
    const { type, at, data } = event;
    return { id, type, timestamp: new Date(at).toISOString(), data };
  });
}

/** Names the field, or the other request, because of which something is not done. */
async function named<T>(done: Promise<T>): Promise<T> {
  try {
    return await done;
  } catch (error) {
    if (error instanceof EndpointConflict) {
      throw new HttpError(error.why === 'gone' ? 'not-found' : 'conflict', error.message);
    }
    if (!(error instanceof EndpointRefused)) throw error;
    throw malformed(`body.${error.field}`, error.message);
  }
}

function endpointIn(request: FastifyRequest, operator: Operator): Endpoint {
  const { id } = request.params as { id: string };
  const found = operator.endpoints().find((endpoint) => endpoint.id === id);
  if (!found) throw new HttpError('not-found', `There is no endpoint ${id}.`);
  return found;
}

/** What was never for an endpoint cannot be sent to it once more: a slip, and no success. */
async function refuseUnknownEvent(
  endpoint: string,
  event: string | undefined,
  operator: Operator,
): Promise<void> {
  if (event === undefined) return;
  const [delivery] = await operator.deliveries({ endpoint, event, limit: 1 });
  if (delivery) return;
  const flaw = 'was not for this endpoint, or is forgotten; see GET /v1/webhooks/deliveries';
  throw new HttpError('not-found', `body.event: ${flaw}`, 'body.event');
}

function changeable(endpoint: Endpoint, operator: Operator): Endpoint {
  if (!operator.isConfigured(endpoint.id)) return endpoint;
  throw new HttpError('forbidden', 'This endpoint stands in WEBHOOKS_FILE; change it there.');
}

/** Whoever reads it learns no secret. */
function shown(endpoint: Endpoint, operator: Operator): object {
  const { id, url, format, events, isEnabled: enabled, createdAt } = endpoint;
  const common = { id, url, format, ...(events && { events }), enabled };
  const origin = operator.isConfigured(id) ? { configured: true } : { createdAt };
  return endpoint.format === 'standard'
    ? { ...common, ...origin }
    : { ...common, ...shownKeys(endpoint), ...origin };
}

function shownKeys({ appKey, only200, forms }: NeteaseEndpoint): object {
  return { appKey, only200, ...(forms && { forms }) };
}

function secretsOf(endpoint: Endpoint): object {
  return endpoint.format === 'standard' ? { secrets: endpoint.secrets } : {};
}

function shownDelivery({ event, last, ...delivery }: StoredDelivery): object {
  const { endpoint, form, state, attempts, dueAt } = delivery;
  const { id, type, key, at } = event;
  return {
    event: id,
    type,
    ...subjectIn(type, key),
    at,
    endpoint,
    form,
    state,
    attempts,
    dueAt,
    last,
  };
}

/** The call or the invitation of which an event tells. */
function subjectIn(type: EventType, key: string): object {
  switch (subjectOf(type)) {
    case 'call':
      return { call: key };
    case 'invitation':
      return { invitation: invitationOfKey(key) };
    case 'message':
      return {};
  }
}
