/** Where what was printed is not what the page shows. */
export interface Difference {
  /** Indices of printed lines that the page does not have there. */
  readonly added: ReadonlySet<number>;
  /** How many lines of the page were not printed. */
  readonly missing: number;
}

/** Longer outputs are compared line by line, without looking for what moved. */
const ALIGNED_LIMIT = 600;

export const linesOf = (printed: string): string[] => (printed === '' ? [] : printed.split('\n'));

/** Compares lines by their longest common subsequence. */
export function differenceOf(page: readonly string[], printed: readonly string[]): Difference {
  if (Math.max(page.length, printed.length) > ALIGNED_LIMIT) return byPlace(page, printed);
  const added = new Set(printed.keys());
  const common = commonLengths(page, printed);
  let [i, j, kept] = [0, 0, 0];
  while (i < page.length && j < printed.length) {
    if (page[i] === printed[j]) {
      added.delete(j);
      kept += 1;
      i += 1;
      j += 1;
    } else if (common[i + 1]![j]! >= common[i]![j + 1]!) i += 1;
    else j += 1;
  }
  return { added, missing: page.length - kept };
}

/** How many lines the rests of both from i and j on have in common. */
function commonLengths(a: readonly string[], b: readonly string[]): number[][] {
  const table = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const row = table[i]!;
      const below = table[i + 1]!;
      row[j] = a[i] === b[j] ? below[j + 1]! + 1 : Math.max(below[j]!, row[j + 1]!);
    }
  }
  return table;
}

function byPlace(page: readonly string[], printed: readonly string[]): Difference {
  const added = new Set([...printed.keys()].filter((i) => page[i] !== printed[i]));
  return { added, missing: page.filter((line, i) => printed[i] !== line).length };
}
