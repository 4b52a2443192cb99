/** A stretch of a line that looks the same. */
export interface Span {
  readonly text: string;
  /** Classes of terminal.css; empty for what is plain. */
  readonly look: string;
}

/** A line as it stands; a change makes another. */
export interface ScreenLine {
  readonly kind: 'command' | 'stdout' | 'stderr';
  /** Before a command: `~ $` or `>`. */
  readonly prompt?: string;
  readonly spans: readonly Span[];
  /** In UTF-16 units. */
  readonly width: number;
}

export const emptyLine = (kind: ScreenLine['kind']): ScreenLine => ({ kind, spans: [], width: 0 });

/** Writes into a line from a column on, over what stands there. */
export function written(line: ScreenLine, column: number, { text, look }: Span): ScreenLine {
  if (text === '') return line;
  const gap = column - line.width;
  const before = gap < 0 ? sliced(line.spans, 0, column) : [...line.spans];
  if (gap > 0) append(before, { text: ' '.repeat(gap), look: '' });
  append(before, { text, look });
  const endColumn = column + text.length;
  if (endColumn < line.width) {
    for (const span of sliced(line.spans, endColumn, line.width)) append(before, span);
  }
  return { ...line, spans: before, width: Math.max(line.width, endColumn) };
}

/** The line up to a column. */
export function cut(line: ScreenLine, column: number): ScreenLine {
  if (column >= line.width) return line;
  return { ...line, spans: sliced(line.spans, 0, column), width: column };
}

export const textOf = ({ spans }: ScreenLine): string => spans.map(({ text }) => text).join('');

function append(spans: Span[], span: Span): void {
  const last = spans.at(-1);
  if (last?.look === span.look) {
    spans[spans.length - 1] = { text: last.text + span.text, look: span.look };
  } else spans.push(span);
}

function sliced(spans: readonly Span[], from: number, to: number): Span[] {
  const kept: Span[] = [];
  let at = 0;
  for (const { text, look } of spans) {
    const part = text.slice(Math.max(0, from - at), Math.max(0, to - at));
    if (part !== '') kept.push({ text: part, look });
    at += text.length;
  }
  return kept;
}
