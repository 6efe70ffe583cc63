import { columns } from '../columns.ts';
import type { Spread } from './routing.ts';

/** Names and values, the values to the right. */
export function table(rows: readonly (readonly string[])[]): string {
  return columns(rows, [1]);
}

/** The mean, with the least and the most. */
export function spread({ least, mean, most }: Spread, by: number): string {
  return `${short(mean / by)} (${short(least / by)}–${short(most / by)})`;
}

/** The number as it was given. */
export function plain(value: number): string {
  return value.toLocaleString('en');
}

/** Three digits of what is small, thousands apart of what is large. */
export function short(value: number): string {
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en');
  return Number.isInteger(value) ? String(value) : value.toPrecision(3);
}
