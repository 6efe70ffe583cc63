import type { BlowName } from './blows.ts';
import { BLOWS } from './blows.ts';
import type { Break } from './estate.ts';
import { BREAKS } from './estate.ts';

/** What the variables of `npm run prove:cluster` ask for. */
export interface Options {
  readonly calls: number;
  readonly troupes: number;
  readonly rounds: number;
  readonly seed: string;
  readonly blows: readonly BlowName[];
  readonly breaks: Break | undefined;
}

/** How many calls are made at least. More than these take a day. */
export const CALLS = { min: 1, max: 1_000_000, unset: 3_000 } as const;
/** Five people each, seven devices. Unset: three hundred people and eight that invite. One process plays more than the most badly. */
export const TROUPES = { min: 1, max: 200, unset: 59 } as const;
/** How often each blow is dealt. More than these take a day. */
export const ROUNDS = { min: 1, max: 200, unset: 3 } as const;

/** Reads them; throws what names the variable and what it may be: a proof of something else than was asked for proves nothing. */
export function optionsOf(variables: Readonly<Record<string, string | undefined>>): Options {
  const only = oneOf('BLOW', BLOWS, variables['BLOW']);
  return {
    calls: wholeNumber('CALLS', CALLS, variables['CALLS']),
    troupes: wholeNumber('TROUPES', TROUPES, variables['TROUPES']),
    rounds: wholeNumber('ROUNDS', ROUNDS, variables['ROUNDS']),
    seed: variables['SEED'] ?? 'cluster',
    blows: only === undefined ? BLOWS : [only],
    breaks: oneOf('BREAK', BREAKS, variables['BREAK']),
  };
}

function oneOf<Name extends string>(
  variable: string,
  names: readonly Name[],
  text: string | undefined,
): Name | undefined {
  if (text === undefined) return undefined;
  const name = names.find((each) => each === text);
  if (name !== undefined) return name;
  throw new Error(`${variable} is “${text}”; it may be one of:\n${names.join('\n')}`);
}

function wholeNumber(
  variable: string,
  { min, max, unset }: { readonly min: number; readonly max: number; readonly unset: number },
  text: string | undefined,
): number {
  if (text === undefined) return unset;
  const number = /^\d+$/.test(text) ? Number(text) : NaN;
  if (number >= min && number <= max) return number;
  throw new Error(`${variable} is “${text}”; it is a whole number from ${min} to ${max}.`);
}
