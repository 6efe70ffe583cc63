import type { Json } from '../messages/inbox.ts';

/**
 * All that can be found in a type, as paths with what stands at their end: `.peer.name?:string`,
 * `.legs[].state=alerting`. Comparing texts goes as deep as the types do; the compiler, comparing
 * nested types that one rule makes, stops at the third level and calls them the same.
 */
type Paths<Type, Path extends string = ''> = [Json] extends [Type]
  ? `${Path}:json`
  : Type extends readonly (infer Item)[]
    ? Paths<Item, `${Path}[]`>
    : Type extends object
      ? PathsOfFields<Type, Path>
      : Leaf<Type, Path>;

type PathsOfFields<Type, Path extends string> = {
  [Key in keyof Type & string]-?: Paths<Type[Key], `${Path}.${Key}${Mark<Type, Key>}`>;
}[keyof Type & string];

type Mark<Type, Key extends keyof Type> =
  Partial<Pick<Type, Key>> extends Pick<Type, Key> ? '?' : '';

type Leaf<Type, Path extends string> = string extends Type
  ? `${Path}:string`
  : number extends Type
    ? `${Path}:number`
    : Type extends string | number | boolean | null
      ? `${Path}=${Type}`
      : never;

type Extends<One, Other> = [One] extends [Other] ? true : false;
type Both<One, Other> = One extends true ? Other : false;

type Mutual<One, Other> = Both<Extends<One, Other>, Extends<Other, One>>;

/** `true` when two types hold the same fields of the same types, whether readonly or not. */
export type Same<One, Other> = Mutual<Paths<One>, Paths<Other>>;
