import type { Command } from '../../machine/command.ts';
import { eachLines, readCount, readOptions, Tool } from './tool.ts';

/**
 * fold (GNU coreutils 9 `src/fold.c`): lines of at most so many columns, with `-s` ended behind a
 * blank where there is one. Simplified: `-b` counts characters too.
 */
const WIDTH = 80;
const TAB = 8;

export const fold: Command = function* (line, self) {
  const tool = new Tool(line, self);
  const long = { bytes: 'b', spaces: 's', width: 'w' };
  const options = readOptions(tool.args, 'bsw:', { long });
  if (options.problem !== undefined) return yield* tool.misuse(options.problem);
  const text = options.value('w');
  const width = text === undefined ? WIDTH : readCount(text);
  if (width === undefined || width < 1)
    return yield* tool.fail(`invalid number of columns: ‘${text}’`);
  return yield* eachLines(tool, options.operands, function* ({ lines, open }) {
    const folded = lines.flatMap((one) => foldLine(one, width, options.has('s')));
    yield* tool.out(folded.join('\n') + (open || folded.length === 0 ? '' : '\n'));
    return true;
  });
};

const columnAfter = (column: number, char: string): number =>
  char === '\t' ? column + TAB - (column % TAB) : column + 1;

function foldLine(text: string, width: number, atBlanks: boolean): string[] {
  const lines: string[] = [];
  let held: string[] = [];
  let column = 0;
  for (const char of text) {
    if (held.length > 0 && columnAfter(column, char) > width) {
      const blank = atBlanks ? Math.max(held.lastIndexOf(' '), held.lastIndexOf('\t')) : -1;
      const end = blank < 0 ? held.length : blank + 1;
      lines.push(held.slice(0, end).join(''));
      held = held.slice(end);
      column = held.reduce(columnAfter, 0);
    }
    held.push(char);
    column = columnAfter(column, char);
  }
  return [...lines, held.join('')];
}
