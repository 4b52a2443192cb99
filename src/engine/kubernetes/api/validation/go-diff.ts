import { internalForm } from './internal-form.ts';

/** How many equal lines are kept around a change. */
const CONTEXT = 3;

/** Lines from one side and from the other: equal, or in the place of each other. */
type Step = { same: boolean; from: number; to: number; fromOther: number; toOther: number };

/**
 * The unified diff of two objects as the API server prints it in the error of
 * a change it forbids (k8s.io/apimachinery/pkg/util/diff, v0.36, which is
 * difflib over indented JSON).
 * Simplified: the shortest edit is taken, where difflib looks for the longest
 * equal run first; both print the same for a few changed fields.
 */
export function goDiff(before: unknown, after: unknown, type = 'PodSpec'): string {
  const [a, b] = [linesOf(before, type), linesOf(after, type)];
  return hunksOf(steps(a, b))
    .map((hunk) => printed(hunk, a, b))
    .join('');
}

const linesOf = (value: unknown, type: string) =>
  JSON.stringify(internalForm(value, type), null, 1).split('\n');

function steps(a: readonly string[], b: readonly string[]): Step[] {
  const found: Step[] = [];
  const put = (same: boolean, i: number, j: number, [di, dj]: readonly [number, number]) => {
    const last = found.at(-1);
    if (last?.same === same) {
      last.to += di;
      last.toOther += dj;
    } else found.push({ same, from: i, to: i + di, fromOther: j, toOther: j + dj });
  };
  const common = commonLengths(a, b);
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) put(true, i++, j++, [1, 1]);
    else if (j >= b.length || (i < a.length && common(i + 1, j) >= common(i, j + 1))) {
      put(false, i++, j, [1, 0]);
    } else put(false, i, j++, [0, 1]);
  }
  return found;
}

/** How many lines are common to both from here on, after the common head. */
function commonLengths(a: readonly string[], b: readonly string[]) {
  const width = b.length + 1;
  const lengths = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const here = i * width + j;
      lengths[here] =
        a[i] === b[j]
          ? (lengths[here + width + 1] ?? 0) + 1
          : Math.max(lengths[here + width] ?? 0, lengths[here + 1] ?? 0);
    }
  }
  return (i: number, j: number) => lengths[i * width + j] ?? 0;
}

/** `GetGroupedOpCodes`: changes with up to three equal lines on each side. */
function hunksOf(all: readonly Step[]): Step[][] {
  const hunks: Step[][] = [[]];
  all.forEach((step, index) => {
    if (!step.same) return void hunks.at(-1)?.push(step);
    const [first, last] = [index === 0, index === all.length - 1];
    const long = step.to - step.from > 2 * CONTEXT;
    const tail = (count: number) => ({
      ...step,
      from: Math.max(step.from, step.to - count),
      fromOther: Math.max(step.fromOther, step.toOther - count),
    });
    const head = (count: number) => ({
      ...step,
      to: Math.min(step.to, step.from + count),
      toOther: Math.min(step.toOther, step.fromOther + count),
    });
    if (first) hunks.at(-1)?.push(tail(CONTEXT));
    else if (last) hunks.at(-1)?.push(head(CONTEXT));
    else if (!long) hunks.at(-1)?.push(step);
    else {
      hunks.at(-1)?.push(head(CONTEXT));
      hunks.push([tail(CONTEXT)]);
    }
  });
  return hunks.filter((hunk) => hunk.some(({ same }) => !same));
}

function printed(hunk: readonly Step[], a: readonly string[], b: readonly string[]): string {
  const [first, last] = [hunk[0], hunk.at(-1)];
  if (!first || !last) return '';
  const ranges = `-${range(first.from, last.to)} +${range(first.fromOther, last.toOther)}`;
  const lines = hunk.flatMap((step) => {
    const old = a.slice(step.from, step.to);
    if (step.same) return old.map((line) => ` ${line}`);
    const now = b.slice(step.fromOther, step.toOther);
    return [...old.map((line) => `-${line}`), ...now.map((line) => `+${line}`)];
  });
  return [`@@ ${ranges} @@`, ...lines, ''].join('\n');
}

function range(from: number, to: number): string {
  const length = to - from;
  if (length === 1) return `${from + 1}`;
  return `${length === 0 ? from : from + 1},${length}`;
}
