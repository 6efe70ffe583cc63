/** Rows of cells under each other for a terminal; the columns whose numbers are given stand to the right. */
export function columns(
  rows: readonly (readonly string[])[],
  toTheRight: readonly number[],
): string {
  const count = Math.max(...rows.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  const lineOf = (row: readonly string[]) =>
    row
      .map((cell, column) =>
        toTheRight.includes(column)
          ? cell.padStart(widths[column] ?? 0)
          : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd();
  return rows.map(lineOf).join('\n');
}
