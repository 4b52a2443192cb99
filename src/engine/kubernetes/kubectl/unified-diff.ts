/** Differences of two texts as `diff -u` shows them, without the two lines that name the files. */
const CONTEXT = 3;
/** Beyond this many pairs of lines everything between the first and the last change is one change. */
const PAIRS_LIMIT = 4_000_000;

interface Line {
  readonly sign: ' ' | '-' | '+';
  readonly text: string;
}

/** '' when there is no difference. */
export function unifiedDiff(before: string, after: string): string {
  const lines = compare(linesOf(before), linesOf(after));
  return hunksOf(lines)
    .map(([from, to]) => hunkText(lines, from, to))
    .join('');
}

const linesOf = (text: string): string[] => {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
};

const signed = (sign: Line['sign'], texts: readonly string[]): Line[] =>
  texts.map((text) => ({ sign, text }));

function compare(a: readonly string[], b: readonly string[]): Line[] {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  const most = Math.min(a.length, b.length) - start;
  while (end < most && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1;
  const middleA = a.slice(start, a.length - end);
  const middleB = b.slice(start, b.length - end);
  const middle =
    middleA.length * middleB.length > PAIRS_LIMIT
      ? [...signed('-', middleA), ...signed('+', middleB)]
      : compareMiddle(middleA, middleB);
  return [...signed(' ', a.slice(0, start)), ...middle, ...signed(' ', a.slice(a.length - end))];
}

/** Keeps as many lines as can be kept. */
function compareMiddle(a: readonly string[], b: readonly string[]): Line[] {
  const width = b.length + 1;
  const kept = new Uint32Array((a.length + 1) * width);
  const at = (i: number, j: number): number => kept[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      kept[i * width + j] =
        a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const lines: Line[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push({ sign: ' ', text: a[i] ?? '' });
      i += 1;
      j += 1;
    } else if (j >= b.length || (i < a.length && at(i + 1, j) >= at(i, j + 1))) {
      lines.push({ sign: '-', text: a[i] ?? '' });
      i += 1;
    } else {
      lines.push({ sign: '+', text: b[j] ?? '' });
      j += 1;
    }
  }
  return lines;
}

/** From where to where the hunks reach: changes with the lines around them. */
function hunksOf(lines: readonly Line[]): [from: number, to: number][] {
  const hunks: [number, number][] = [];
  for (const [index, { sign }] of lines.entries()) {
    if (sign === ' ') continue;
    const from = Math.max(0, index - CONTEXT);
    const to = Math.min(lines.length, index + CONTEXT + 1);
    const last = hunks.at(-1);
    if (last && from <= last[1]) last[1] = to;
    else hunks.push([from, to]);
  }
  return hunks;
}

function hunkText(lines: readonly Line[], from: number, to: number): string {
  const own = lines.slice(from, to);
  const range = (other: Line['sign']): string => {
    const count = own.filter(({ sign }) => sign !== other).length;
    const earlier = lines.slice(0, from).filter(({ sign }) => sign !== other).length;
    const first = count === 0 ? earlier : earlier + 1;
    return count === 1 ? `${first}` : `${first},${count}`;
  };
  const text = own.map(({ sign, text: line }) => `${sign}${line}\n`).join('');
  return `@@ -${range('+')} +${range('-')} @@\n${text}`;
}
