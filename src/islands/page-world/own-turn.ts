import type { ScreenLine } from '../terminal/screen-line.ts';

/** Of what a reader typed and saw at a block's prompt, no more lines stay than these, the last ones. */
const LINES_LIMIT = 200;

/** What the reader did between two commands of a block, as its transcripts look. */
export function ownTurn(
  lines: readonly ScreenLine[],
  more: (count: number) => string,
): HTMLElement {
  const turn = document.createElement('div');
  turn.className = 'turn own-turn';
  const pre = document.createElement('pre');
  const code = document.createElement('code');
  const left = Math.max(0, lines.length - LINES_LIMIT);
  if (left > 0) code.append(`… ${more(left)}\n`);
  for (const { kind, prompt, spans } of lines.slice(left)) {
    const line = document.createElement('span');
    line.className = kind === 'command' ? 'line typed' : 'line';
    if (kind === 'command') line.append(promptMark(prompt));
    line.append(spans.map(({ text }) => text).join(''));
    code.append(line, '\n');
  }
  pre.append(code);
  turn.append(pre);
  return turn;
}

function promptMark(prompt: string | undefined): HTMLElement {
  const mark = document.createElement('span');
  mark.className = 'prompt';
  mark.textContent = prompt === '>' ? '> ' : '$ ';
  return mark;
}
