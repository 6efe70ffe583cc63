import * as fc from 'fast-check';
import { flawOfId } from '../src/index.ts';

/** One arbitrary for each type of message. */
export type Arbitraries<Message extends { readonly type: string }> = {
  readonly [Type in Message['type']]: fc.Arbitrary<Extract<Message, { readonly type: Type }>>;
};

/** Any well-formed text of up to so many code points, U+0000 and emoji included. */
export const text = (maxLength = 40) => fc.string({ unit: 'binary', maxLength });
export const id = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 16 })
  .filter((one) => flawOfId(one) === undefined);
export const callId = fc.stringMatching(/^[A-Za-z0-9_-]{16,64}$/);
export const from0 = fc.maxSafeNat();
export const from1 = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
export const type = <Type extends string>(name: Type) => fc.constant(name);

/** An object whose fields outside `required` may be missing. */
export function record<Fields extends object, Key extends keyof Fields>(
  fields: { [Name in keyof Fields]: fc.Arbitrary<Fields[Name]> },
  ...optional: Key[]
): fc.Arbitrary<Omit<Fields, Key> & { readonly [Name in Key]?: Fields[Name] }> {
  const required = Object.keys(fields).filter((name) => !optional.includes(name as Key));
  return fc.record(fields, { requiredKeys: required as never[], noNullPrototype: true }) as never;
}
