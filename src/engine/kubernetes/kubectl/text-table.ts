/**
 * Columns as kubectl lines them up (cli-runtime printers.GetNewTabWriter, v1.36): three blanks
 * between columns, a column at least six wide, the last one never padded. Widths grow only: rows
 * printed later, by a watch, keep the columns of the first.
 */
const PADDING = 3;
const MIN_WIDTH = 6;

export interface Layout {
  readonly widths: readonly number[];
}

export const NO_LAYOUT: Layout = { widths: [] };

export function layOut(
  rows: readonly (readonly string[])[],
  layout: Layout = NO_LAYOUT,
  padding = PADDING,
  minWidth = MIN_WIDTH,
): { text: string; layout: Layout } {
  const widths = [...layout.widths];
  for (const row of rows) {
    row.slice(0, -1).forEach((cell, i) => {
      widths[i] = Math.max(widths[i] ?? minWidth, cell.length + padding);
    });
  }
  const lines = rows.map((row) =>
    row.map((cell, i) => (i < row.length - 1 ? cell.padEnd(widths[i] ?? 0) : cell)).join(''),
  );
  return { text: lines.map((line) => `${line}\n`).join(''), layout: { widths } };
}
