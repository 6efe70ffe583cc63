import type { Figure } from './figures.ts';

const HEADINGS = ['', 'floor', 'server', 'ratio', 'aim', ''];

/** The figures as a table for a terminal. */
export function tableOf(figures: readonly Figure[]): string {
  const rows = [HEADINGS, ...figures.map(rowOf)];
  const widths = HEADINGS.map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  const lineOf = (row: readonly string[]) =>
    row
      .map((cell, column) => pad(cell, widths[column] ?? 0, column))
      .join('  ')
      .trimEnd();
  return rows.map(lineOf).join('\n');
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

function pad(cell: string, width: number, column: number): string {
  const isNumber = column >= 1 && column <= 3;
  return isNumber ? cell.padStart(width) : cell.padEnd(width);
}
