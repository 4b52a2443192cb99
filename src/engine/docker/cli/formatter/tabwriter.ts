import { displayWidth } from '../../units.ts';

/**
 * Tab-terminated cells of neighbouring lines stand under each other (Go's `text/tabwriter` as
 * docker/cli v29.7 carries it): a column is as wide as its widest cell and `padding`, at least
 * `least`. What stands behind the last tab of a line is no column and stays as it is.
 */
export function tabulate(text: string, least = 10, padding = 3): string {
  const lines = text.split('\n').map((line) => line.split('\t'));
  const widths: number[][] = lines.map(() => []);
  spread(lines, widths, { from: 0, to: lines.length, column: 0 }, least, padding);
  return lines.map((cells, at) => drawn(cells, widths[at] ?? [])).join('\n');
}

function spread(
  lines: readonly (readonly string[])[],
  widths: number[][],
  { from, to, column }: { from: number; to: number; column: number },
  least: number,
  padding: number,
): void {
  for (let at = from; at < to; at++) {
    if (column >= (lines[at]?.length ?? 0) - 1) continue;
    let end = at;
    let width = least;
    while (end < to && column < (lines[end]?.length ?? 0) - 1) {
      width = Math.max(width, displayWidth(lines[end]?.[column] ?? '') + padding);
      end += 1;
    }
    for (let one = at; one < end; one++) widths[one]?.push(width);
    spread(lines, widths, { from: at, to: end, column: column + 1 }, least, padding);
    at = end - 1;
  }
}

const drawn = (cells: readonly string[], widths: readonly number[]): string =>
  cells
    .map((cell, at) => cell + ' '.repeat(Math.max(0, (widths[at] ?? 0) - displayWidth(cell))))
    .join('');
