import { z } from 'zod';
import * as calls from './calls.ts';
import { DEVICE_SCHEMAS } from './from-device.ts';
import { SERVER_SCHEMAS } from './from-server.ts';
import * as ice from './ice.ts';
import * as inbox from './inbox.ts';
import * as presences from './presence.ts';
import * as quality from './quality.ts';
import * as signals from './signal.ts';

/** One field of a message, in words. */
export interface FieldDescription {
  readonly name: string;
  readonly type: string;
  readonly isOptional: boolean;
}

/** What a name stands for: an object with fields, or one of several named things. */
export type Description =
  | { readonly kind: 'fields'; readonly fields: readonly FieldDescription[] }
  | { readonly kind: 'one-of'; readonly type: string };

/** The parts that messages share, by the names of their types. */
const PARTS: ReadonlyMap<string, z.ZodType> = new Map<string, z.ZodType>([
  ['CallView', calls.callView],
  ['WaitingCallView', calls.waitingCallView],
  ['EstablishedCallView', calls.establishedCallView],
  ['EndedCallView', calls.endedCallView],
  ['ResumingView', calls.resumingView],
  ['VideoRequestView', calls.videoRequestView],
  ['VideoEndView', calls.videoEndView],
  ['Peer', calls.peer],
  ['LegView', calls.legView],
  ['CallVersion', calls.callVersion],
  ['IceConfig', ice.iceConfig],
  ['IceServer', ice.iceServer],
  ['MessageBody', inbox.messageBody],
  ['InboxItem', inbox.inboxItem],
  ['CallRecord', inbox.callRecord],
  ['MemberDuration', inbox.memberDuration],
  ['QualitySummary', quality.qualitySummary],
  ['Presence', presences.presence],
  ['Signal', signals.signal],
  ['Description', signals.description],
  ['Candidate', signals.candidate],
]);

const NAMES = new Map([...PARTS].map(([name, schema]) => [schema, name]));

/** Every message that devices send, by type. */
export function describeDeviceMessages(): Map<string, Description> {
  return described(Object.entries(DEVICE_SCHEMAS));
}

/** Every message that servers send, by type. */
export function describeServerMessages(): Map<string, Description> {
  return described(Object.entries(SERVER_SCHEMAS));
}

/** Every part that messages share, by name; types name parts as `#Name`. */
export function describeParts(): Map<string, Description> {
  return described([...PARTS]);
}

function described(schemas: readonly [string, z.ZodType][]): Map<string, Description> {
  return new Map(schemas.map(([name, schema]) => [name, describe(schema)]));
}

function describe(schema: z.ZodType): Description {
  if (!(schema instanceof z.ZodObject)) return { kind: 'one-of', type: structureOf(schema) };
  return { kind: 'fields', fields: fieldsOf(schema) };
}

function fieldsOf(schema: z.ZodObject): FieldDescription[] {
  return Object.entries<z.core.$ZodType>(schema.shape).map(([name, field]) => {
    const isOptional = field instanceof z.ZodExactOptional;
    return { name, type: typeOf(isOptional ? field.unwrap() : field), isOptional };
  });
}

function typeOf(schema: z.core.$ZodType): string {
  const name = schema instanceof z.ZodType ? NAMES.get(schema) : undefined;
  return name === undefined ? structureOf(schema) : `#${name}`;
}

function structureOf(schema: z.core.$ZodType): string {
  if (schema instanceof z.ZodPipe) return `${wordsOf(schema)} × ${typeOf(itemOf(schema))}`;
  if (schema instanceof z.ZodNullable) return `${typeOf(schema.unwrap())}, or null`;
  if (schema instanceof z.ZodEnum) return schema.description ?? listed(schema.options);
  if (schema instanceof z.ZodLiteral) return listed([...schema.values]);
  if (schema instanceof z.ZodDiscriminatedUnion) return schema.options.map(typeOf).join(' or ');
  if (schema instanceof z.ZodBoolean) return '`true` or `false`';
  if (schema instanceof z.ZodObject) return `{ ${inlined(schema)} }`;
  return wordsOf(schema);
}

function itemOf(schema: z.ZodPipe): z.core.$ZodType {
  return schema.out instanceof z.ZodArray ? schema.out.element : schema.out;
}

function inlined(schema: z.ZodObject): string {
  return fieldsOf(schema)
    .map(({ name, type, isOptional }) => `${name}${isOptional ? '?' : ''}: ${type}`)
    .join('; ');
}

function listed(values: readonly unknown[]): string {
  return values.map((value) => `\`${JSON.stringify(value)}\``).join(', ');
}

function wordsOf(schema: z.core.$ZodType): string {
  return (schema instanceof z.ZodType ? schema.description : undefined) ?? 'text';
}
