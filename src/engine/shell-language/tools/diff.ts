import type { Command } from '../../machine/command.ts';
import { FAULT_TEXT, stat } from '../../machine/files.ts';
import { formatDate, WORLD_EPOCH_UNIX_MS } from './dates.ts';
import { readOptions, splitLines, Tool } from './tool.ts';

/** `diff`, normal and unified, of two files (GNU diffutils 3.8). */
interface Change {
  readonly oldFrom: number;
  readonly oldTo: number;
  readonly newFrom: number;
  readonly newTo: number;
}

const CELL_LIMIT = 20_000_000;

/** Runs of lines that are not in both; undefined when the files are too long to compare. */
export function changes(a: readonly string[], b: readonly string[]): Change[] | undefined {
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
  let tail = 0;
  while (
    tail < a.length - head &&
    tail < b.length - head &&
    a[a.length - 1 - tail] === b[b.length - 1 - tail]
  )
    tail += 1;
  const [one, two] = [a.slice(head, a.length - tail), b.slice(head, b.length - tail)];
  const width = two.length + 1;
  if ((one.length + 1) * width > CELL_LIMIT) return undefined;
  const length = new Uint32Array((one.length + 1) * width);
  for (let i = one.length - 1; i >= 0; i--) {
    for (let j = two.length - 1; j >= 0; j--) {
      length[i * width + j] =
        one[i] === two[j]
          ? length[(i + 1) * width + j + 1]! + 1
          : Math.max(length[(i + 1) * width + j]!, length[i * width + j + 1]!);
    }
  }
  const list: Change[] = [];
  let [i, j] = [0, 0];
  while (i < one.length || j < two.length) {
    if (i < one.length && j < two.length && one[i] === two[j]) {
      i += 1;
      j += 1;
      continue;
    }
    const [fromI, fromJ] = [i, j];
    while (
      (i < one.length || j < two.length) &&
      !(i < one.length && j < two.length && one[i] === two[j])
    ) {
      if (
        j >= two.length ||
        (i < one.length && length[(i + 1) * width + j]! >= length[i * width + j + 1]!)
      )
        i += 1;
      else j += 1;
    }
    list.push({ oldFrom: fromI + head, oldTo: i + head, newFrom: fromJ + head, newTo: j + head });
  }
  return list;
}

function normal(a: readonly string[], b: readonly string[], list: readonly Change[]): string {
  const range = (from: number, to: number) => (to - from <= 1 ? String(to) : `${from + 1},${to}`);
  return list
    .map(({ oldFrom, oldTo, newFrom, newTo }) => {
      const kind = oldFrom === oldTo ? 'a' : newFrom === newTo ? 'd' : 'c';
      const old = a
        .slice(oldFrom, oldTo)
        .map((line) => `< ${line}\n`)
        .join('');
      const fresh = b
        .slice(newFrom, newTo)
        .map((line) => `> ${line}\n`)
        .join('');
      return `${range(oldFrom, oldTo)}${kind}${range(newFrom, newTo)}\n${old}${kind === 'c' ? '---\n' : ''}${fresh}`;
    })
    .join('');
}

function unified(
  a: readonly string[],
  b: readonly string[],
  list: readonly Change[],
  context: number,
): string {
  const hunks: Change[][] = [];
  for (const change of list) {
    const last = hunks.at(-1)?.at(-1);
    if (last && change.oldFrom - last.oldTo <= context * 2) hunks.at(-1)!.push(change);
    else hunks.push([change]);
  }
  const range = (from: number, count: number) =>
    count === 1 ? String(from + 1) : `${count === 0 ? from : from + 1},${count}`;
  return hunks
    .map((hunk) => {
      const [first, last] = [hunk[0]!, hunk.at(-1)!];
      const start = Math.max(0, first.oldFrom - context);
      const end = Math.min(a.length, last.oldTo + context);
      const newStart = first.newFrom - (first.oldFrom - start);
      const newEnd = last.newTo + (end - last.oldTo);
      let text = `@@ -${range(start, end - start)} +${range(newStart, newEnd - newStart)} @@\n`;
      let at = start;
      for (const { oldFrom, oldTo, newFrom, newTo } of hunk) {
        for (; at < oldFrom; at++) text += ` ${a[at]!}\n`;
        for (; at < oldTo; at++) text += `-${a[at]!}\n`;
        for (let n = newFrom; n < newTo; n++) text += `+${b[n]!}\n`;
      }
      for (; at < end; at++) text += ` ${a[at]!}\n`;
      return text;
    })
    .join('');
}

export const diff: Command = function* (line, self) {
  const tool = new Tool(line, self);
  const options = readOptions(tool.args, 'uqU:rwbBiNs', {
    long: { unified: 'u', brief: 'q', recursive: 'r' },
  });
  if (options.problem !== undefined) return yield* tool.misuse(options.problem, 2);
  const [first, second] = options.operands;
  if (first === undefined) return yield* tool.misuse("missing operand after 'diff'", 2);
  if (second === undefined) return yield* tool.misuse(`missing operand after '${first}'`, 2);
  const texts: string[] = [];
  for (const name of [first, second]) {
    const found = yield* tool.text(name);
    if ('fault' in found) return yield* tool.fail(`${name}: ${FAULT_TEXT[found.fault]}`, 2);
    texts.push(found.text);
  }
  const [a, b] = texts.map((text) => splitLines(text).lines) as [string[], string[]];
  if (texts[0] === texts[1]) return 0;
  if (options.has('q')) {
    yield* tool.out(`Files ${first} and ${second} differ\n`);
    return 1;
  }
  const list = changes(a, b);
  if (!list) return yield* tool.fail('memory exhausted', 2);
  if (!options.has('u') && options.value('U') === undefined) {
    yield* tool.out(normal(a, b, list));
    return 1;
  }
  let head = '';
  for (const [mark, name] of [
    ['---', first],
    ['+++', second],
  ] as const) {
    const ms = (yield* stat(tool.place, tool.path(name)))?.modifiedMs ?? 0;
    head += `${mark} ${name}\t${formatDate(WORLD_EPOCH_UNIX_MS + ms, '%Y-%m-%d %H:%M:%S.%N +0000')}\n`;
  }
  yield* tool.out(head + unified(a, b, list, Number(options.value('U') ?? 3)));
  return 1;
};
