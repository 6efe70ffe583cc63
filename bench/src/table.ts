import { columns } from './columns.ts';
import type { Figure } from './figures.ts';

const HEADINGS = ['', 'floor', 'server', 'ratio', 'aim', ''];

/** The figures as a table for a terminal. */
export function tableOf(figures: readonly Figure[]): string {
  const rows = [HEADINGS, ...figures.map(rowOf)];
  return columns(rows, [1, 2, 3]);
}

function rowOf({ name, floor, server, aim }: Figure): readonly string[] {
  return [
    name,
    floor === undefined ? '–' : written(floor),
    written(server),
    floor === undefined ? '' : `${written(server / floor)} ×`,
    aim?.text ?? '',
    aim === undefined ? '' : aim.met ? 'met' : 'MISSED',
  ];
}

/** Three digits that mean something; the last digits of a measurement do not. */
function written(value: number): string {
  if (Math.abs(value) >= 100) return value.toFixed(0);
  return value.toFixed(Math.abs(value) >= 10 ? 1 : 2);
}
