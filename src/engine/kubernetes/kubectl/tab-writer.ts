/**
 * Text with tabs lined up as Go's text/tabwriter does it, the way `kubectl describe` uses it: cells
 * that end with a tab make a column with those of the lines right above and below; a column is as
 * wide as its widest cell and two blanks; what follows a line's last tab is in no column.
 */
const PADDING = 2;

export function alignTabs(lines: readonly string[]): string {
  const rows = lines.map((line) => line.split('\t'));
  const padded = rows.map((): string => '');
  alignColumn(rows, padded, 0, rows.length, 0);
  return rows.map((row, i) => `${padded[i] ?? ''}${row.at(-1) ?? ''}\n`).join('');
}

/** Pads one column of the rows in [from, to), and the columns to its right. */
function alignColumn(
  rows: readonly (readonly string[])[],
  padded: string[],
  from: number,
  to: number,
  column: number,
): void {
  const reaches = (row: number): boolean => (rows[row]?.length ?? 0) > column + 1;
  for (let row = from; row < to; row++) {
    if (!reaches(row)) continue;
    let end = row;
    let width = 0;
    for (; end < to && reaches(end); end++) {
      width = Math.max(width, (rows[end]?.[column]?.length ?? 0) + PADDING);
    }
    for (let i = row; i < end; i++) {
      padded[i] = (padded[i] ?? '') + (rows[i]?.[column] ?? '').padEnd(width);
    }
    alignColumn(rows, padded, row, end, column + 1);
    row = end;
  }
}
