import { EVENT_TYPES } from '@ringline/protocol';
import { z } from 'zod';
import { flawOf } from '../flaws.ts';
import { flawOfWebhookSecret } from '../outbound/standard-webhooks.ts';
import { flawOfUrl } from '../outbound/url.ts';
import { COPY_OUT_FORMS } from '../store/outbox.ts';
import type { Endpoint } from '../store/outbox.ts';

/** Characters of a key or secret: NetEase's have 32, and a header field takes more. */
export const MAX_KEY = 256;
/**
 * Endpoints of the configuration, and as many made over REST: more than one customer has systems to
 * tell. Each step walks them all, and each has REQUESTS_PER_ENDPOINT sockets.
 */
export const MAX_ENDPOINTS = 32;
/** Secrets of one endpoint: the one in use, the next, and one to spare. */
export const MAX_SECRETS = 3;

const url = textWithout(flawOfUrl);
const secret = textWithout(flawOfWebhookSecret);

const events = eachOnce(EVENT_TYPES);

/** A value for a header field. */
const key = z
  .string()
  .min(1)
  .max(MAX_KEY)
  .regex(/^[\x21-\x7e]+$/, 'must be visible ASCII');

const common = { url, events: events.optional(), enabled: z.boolean().default(true) };

/** What an operator says of an endpoint, over REST or in the configuration. */
export const EndpointInput = z.discriminatedUnion('format', [
  z.strictObject({
    ...common,
    format: z.literal('standard'),
    secrets: z.array(secret).min(1).max(MAX_SECRETS).optional(),
  }),
  z.strictObject({
    ...common,
    format: z.literal('netease'),
    appKey: key,
    appSecret: key.optional(),
    only200: z.boolean().default(false),
    forms: eachOnce(COPY_OUT_FORMS).optional(),
  }),
]);
export type EndpointInput = z.infer<typeof EndpointInput>;

/** An endpoint of the configuration has a name of its own, by which its deliveries are known. */
const ID = /^[A-Za-z0-9_-]{1,64}$/;
const id = z.string().regex(ID, 'must be 1 to 64 characters of A–Z a–z 0–9 _ -');

const ConfiguredEndpoint = z.discriminatedUnion('format', [
  EndpointInput.options[0].extend({ id, secrets: z.array(secret).min(1).max(MAX_SECRETS) }),
  EndpointInput.options[1].extend({ id, appSecret: key }),
]);

const ConfiguredEndpoints = z
  .array(ConfiguredEndpoint)
  .max(MAX_ENDPOINTS)
  .refine((all) => new Set(all.map((each) => each.id)).size === all.length, 'names an id twice');

/** The endpoints of a configuration file (JSON), or what is wrong with it, continuing its name. */
export function readEndpoints(
  text: string,
): { readonly value: readonly Endpoint[] } | { readonly flaw: string } {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { flaw: 'is no JSON' };
  }
  const read = ConfiguredEndpoints.safeParse(json);
  if (read.success) return { value: read.data.map((input) => endpointOf(input, input.id, 0)) };
  const { path, flaw } = flawOf(read.error, json, 'endpoint');
  return { flaw: `is wrong${path && ` at ${path}`}: ${flaw}` };
}

/** What was left out that only its owner can know. */
interface Secrets {
  readonly secrets: readonly string[];
  readonly appSecret: string;
}

/** The endpoint that an operator described. */
export function endpointOf(
  input: EndpointInput,
  endpoint: string,
  createdAt: number,
  known: Secrets = { secrets: [], appSecret: '' },
): Endpoint {
  const { url: address, events: types = null, enabled: isEnabled } = input;
  const common = { id: endpoint, url: address, events: types, isEnabled, createdAt, version: 1 };
  return input.format === 'standard'
    ? { ...common, format: 'standard', secrets: input.secrets ?? known.secrets }
    : {
        ...common,
        format: 'netease',
        appKey: input.appKey,
        appSecret: input.appSecret ?? known.appSecret,
        only200: input.only200,
        forms: input.forms ?? null,
      };
}

/** Some of these words. */
function eachOnce<const Word extends string>(words: readonly Word[]) {
  return z
    .array(z.enum(words))
    .min(1)
    .refine((named) => new Set(named).size === named.length, 'names one twice');
}

/** A text in which this finds no flaw. */
function textWithout(flawOf: (text: string) => string | undefined) {
  return z.string().superRefine((text, context) => {
    const flaw = flawOf(text);
    if (flaw !== undefined) context.addIssue({ code: 'custom', message: flaw });
  });
}
