/** Lines that stand together: shown, or folded away until a reader asks for them. */
export interface Stretch<Line> {
  readonly folded: boolean;
  readonly lines: readonly Line[];
}

/** Longer outputs fold, and show their first and last lines. */
const UNFOLDED = 14;
const HEAD = 3;
const TAIL = 4;
/** Lines shown on either side of one that matters. */
const AROUND = 1;
/** Fewer lines than this are shown: a button in their place would save nothing. */
const WORTH_FOLDING = 4;

/** Folds what is long, but never a line that `matters`. */
export function foldLines<Line>(
  lines: readonly Line[],
  matters: (line: Line) => boolean,
): Stretch<Line>[] {
  if (lines.length === 0) return [];
  if (lines.length <= UNFOLDED) return [{ folded: false, lines }];
  const isShown = lines.map(
    (_, i) =>
      i < HEAD ||
      i >= lines.length - TAIL ||
      lines.slice(Math.max(0, i - AROUND), i + AROUND + 1).some(matters),
  );
  const stretches: { folded: boolean; lines: Line[] }[] = [];
  for (let from = 0; from < lines.length;) {
    let to = from;
    while (to < lines.length && isShown[to] === isShown[from]) to++;
    const folded = !isShown[from] && to - from >= WORTH_FOLDING;
    const last = stretches.at(-1);
    if (last?.folded === folded) last.lines.push(...lines.slice(from, to));
    else stretches.push({ folded, lines: lines.slice(from, to) });
    from = to;
  }
  return stretches;
}
